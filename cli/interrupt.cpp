#include "cli/interrupt.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>

namespace ark::cli {
namespace {

// A handler can reach nothing but these.
std::atomic<int> signal_pipe{-1};
std::atomic<int> signals_seen{0};

void on_signal(int number) {
  const int saved = errno;
  if (signals_seen.fetch_add(1) > 0) {
    // The kernel and the shell both tell that the terminal is gone: nobody is in a hurry.
    if (number == SIGHUP) return;
    ::_exit(130);
  }
  const char byte = 'i';
  if (::write(signal_pipe.load(), &byte, 1) < 0) ::_exit(130);
  errno = saved;
}

void set_handlers(void (*handler)(int)) {
  struct sigaction action{};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  // nohup has it ignored, and that stays.
  struct sigaction before{};
  if (::sigaction(SIGHUP, nullptr, &before) == 0 && before.sa_handler != SIG_IGN) {
    ::sigaction(SIGHUP, &action, nullptr);
  }
}

}  // namespace

interrupt_scope::interrupt_scope(std::function<void()> cancel) {
  if (::pipe2(pipe_, O_CLOEXEC) != 0) return;
  signals_seen = 0;
  signal_pipe = pipe_[1];
  watcher_ = std::thread([read_end = pipe_[0], cancel = std::move(cancel)] {
    char byte = 0;
    ssize_t got = 0;
    while ((got = ::read(read_end, &byte, 1)) < 0 && errno == EINTR) {
    }
    if (got == 1 && byte == 'i') cancel();
  });
  set_handlers(&on_signal);
}

interrupt_scope::~interrupt_scope() {
  if (!watcher_.joinable()) return;
  set_handlers(SIG_DFL);
  signal_pipe = -1;
  const char byte = 'q';
  // Behind an 'i' this is never read; the pipe is closed either way.
  (void)!::write(pipe_[1], &byte, 1);
  watcher_.join();
  ::close(pipe_[0]);
  ::close(pipe_[1]);
}

bool interrupt_scope::interrupted() noexcept { return signals_seen > 0; }

}  // namespace ark::cli
