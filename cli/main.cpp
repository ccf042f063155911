#include <unistd.h>

#include <csignal>
#include <cstring>

#include "cli/run.hpp"

int main(int argc, char** argv) {
  // Asked for by scripts and prompts all the time: before anything is built.
  if (argc == 2 && (std::strcmp(argv[1], "--version") == 0 || std::strcmp(argv[1], "-V") == 0)) {
    constexpr char text[] = "ark " ARK_VERSION "\n";
    return ::write(STDOUT_FILENO, text, sizeof text - 1) == sizeof text - 1 ? 0 : 3;
  }
  // A reader that went away is told by write(), not by a signal.
  std::signal(SIGPIPE, SIG_IGN);
  ark::cli::input in{STDIN_FILENO};
  ark::cli::output out{STDOUT_FILENO};
  ark::cli::output err{STDERR_FILENO};
  ark::cli::context ctx{ark::os::real(), in, out, err};
  return ark::cli::run({argv + 1, argv + argc}, ctx);
}
