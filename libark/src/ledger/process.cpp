#include "ledger/process.hpp"

#include <signal.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>

#include "os/os.hpp"

namespace ark::detail {

namespace {
constexpr int threads_field = 20, start_field = 22;  // proc(5)

std::int64_t number_in_stat(std::string_view stat, int wanted) noexcept {
  // The second field is the program's name in parentheses and may hold spaces and parentheses.
  const auto name_end = stat.rfind(") ");
  if (name_end == std::string_view::npos) return 0;
  stat.remove_prefix(name_end + 2);
  for (int field = 3; field < wanted; ++field) {
    const auto space = stat.find(' ');
    if (space == std::string_view::npos) return 0;
    stat.remove_prefix(space + 1);
  }
  std::int64_t number = 0;
  std::from_chars(stat.data(), stat.data() + stat.size(), number);
  return number;
}
}  // namespace

std::int64_t start_in_stat(std::string_view stat) noexcept {
  return number_in_stat(stat, start_field);
}

process_identity this_process() {
  process_identity self;
  self.pid = ::getpid();
  // Both files are of Linux; without them liveness falls back to the pid alone.
  if (auto stat = os::read_file("/proc/self/stat", 4096)) self.start = start_in_stat(*stat);
  if (auto boot = os::read_file("/proc/sys/kernel/random/boot_id", 4096)) {
    self.boot_id = *boot;
    while (self.boot_id.ends_with('\n')) self.boot_id.pop_back();
  }
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) == 0) self.host = host.data();
  std::array<char, 64> space{};
  if (::readlink("/proc/self/ns/pid", space.data(), space.size() - 1) > 0)
    self.pid_space = space.data();
  return self;
}

namespace {
/// The state letter in the text of /proc/PID/stat; 0 if it is not there. proc(5), field 3.
char state_in_stat(std::string_view stat) noexcept {
  const auto name_end = stat.rfind(") ");
  return name_end == std::string_view::npos || name_end + 2 >= stat.size() ? '\0'
                                                                           : stat[name_end + 2];
}
}  // namespace

liveness liveness_of(const process_identity& who, const process_identity& here) {
  if (who.pid <= 0 || who.boot_id.empty() || who.boot_id != here.boot_id || who.host != here.host ||
      who.pid_space != here.pid_space)
    return liveness::unknown;
  const auto stat = os::read_file("/proc/" + std::to_string(who.pid) + "/stat", 4096);
  if (!stat)
    return ::kill(static_cast<pid_t>(who.pid), 0) != 0 && errno == ESRCH ? liveness::dead
                                                                         : liveness::unknown;
  const char state = state_in_stat(*stat);
  // A zombie whose other threads run on has only lost its first one.
  if (state == 'X' || (state == 'Z' && number_in_stat(*stat, threads_field) <= 1))
    return liveness::dead;
  if (who.start == 0) return liveness::alive;
  return start_in_stat(*stat) == who.start ? liveness::alive : liveness::dead;
}

}  // namespace ark::detail
