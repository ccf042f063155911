#include "ledger/process.hpp"

#include <unistd.h>

#include <array>
#include <charconv>

#include "os/os.hpp"

namespace ark::detail {

std::int64_t start_in_stat(std::string_view stat) noexcept {
  // The second field is the program's name in parentheses and may hold spaces and parentheses.
  const auto name_end = stat.rfind(") ");
  if (name_end == std::string_view::npos) return 0;
  stat.remove_prefix(name_end + 2);
  for (int field = 3; field < 22; ++field) {
    const auto space = stat.find(' ');
    if (space == std::string_view::npos) return 0;
    stat.remove_prefix(space + 1);
  }
  std::int64_t start = 0;
  std::from_chars(stat.data(), stat.data() + stat.size(), start);
  return start;
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
  return self;
}

}  // namespace ark::detail
