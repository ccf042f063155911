#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "os/os.hpp"

namespace ark::os {
namespace {

error failure(const std::string& program, const std::string& what) {
  error e;
  e.code = errc::config;
  e.message = "the command '" + program + "' " + what;
  return e;
}

/// Starts it with /dev/null for input and `write_end` for output; 0 or an errno.
int start(const std::vector<std::string>& arguments, int write_end, pid_t& child) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, write_end, STDOUT_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  // The child must not inherit a caller's ignored SIGPIPE or blocked signals.
  sigset_t none;
  sigset_t defaults;
  sigemptyset(&none);
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGPIPE);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  std::vector<char*> argv;
  for (const auto& each : arguments) argv.push_back(const_cast<char*>(each.c_str()));
  argv.push_back(nullptr);
  const int number = ::posix_spawnp(&child, argv[0], &actions, &attributes, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  return number;
}

enum class reading { done, too_much, too_long };

reading read_until(int fd, std::string& out, std::size_t max_bytes, int timeout_ms) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds{timeout_ms};
  char buffer[4096];
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        end - std::chrono::steady_clock::now());
    pollfd wanted{fd, POLLIN, 0};
    if (left.count() <= 0 || ::poll(&wanted, 1, static_cast<int>(left.count())) == 0) {
      return reading::too_long;
    }
    const auto got = ::read(fd, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return reading::done;
    if (out.size() + static_cast<std::size_t>(got) > max_bytes) return reading::too_much;
    out.append(buffer, static_cast<std::size_t>(got));
  }
}

}  // namespace

result<std::string> run_program(const std::vector<std::string>& arguments, std::size_t max_bytes,
                                int timeout_ms) {
  if (arguments.empty()) return failure("", "is empty");
  const auto& program = arguments.front();
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    return failure(program, "cannot be run: " + std::generic_category().message(errno));
  }
  pid_t child = -1;
  const int number = start(arguments, ends[1], child);
  ::close(ends[1]);
  std::string out;
  auto how = reading::done;
  if (number == 0) how = read_until(ends[0], out, max_bytes, timeout_ms);
  ::close(ends[0]);
  if (number != 0) {
    return failure(program, "cannot be run: " + std::generic_category().message(number));
  }
  if (how != reading::done) ::kill(child, SIGKILL);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (how == reading::too_much) return failure(program, "printed too much");
  if (how == reading::too_long) {
    return failure(program, "took longer than " + std::to_string(timeout_ms) + " ms");
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return out;
  return failure(program, WIFEXITED(status)
                              ? "failed with exit code " + std::to_string(WEXITSTATUS(status))
                              : std::string{"was ended by a signal"});
}

}  // namespace ark::os
