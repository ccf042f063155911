#pragma once
#include <functional>
#include <thread>

namespace ark::cli {

/// While it lives, Ctrl-C (SIGINT), SIGTERM and SIGHUP (unless it is ignored, as under nohup) call
/// `cancel` once, on a thread of its own, instead of ending the process, so that a running call can
/// be cancelled and settled. A second Ctrl-C leaves at once with 130: what is still open in the
/// ledger is then ambiguous, not lost. One at a time in a process.
class interrupt_scope {
 public:
  explicit interrupt_scope(std::function<void()> cancel);
  interrupt_scope(const interrupt_scope&) = delete;
  interrupt_scope& operator=(const interrupt_scope&) = delete;
  ~interrupt_scope();

  /// A signal has come.
  static bool interrupted() noexcept;

 private:
  int pipe_[2] = {-1, -1};
  std::thread watcher_;
};

}  // namespace ark::cli
