#pragma once
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "cli/context.hpp"

namespace ark::cli {

/// A line on the terminal that tells what is waited for, from the second second on, and goes away
/// by itself. Does nothing off a terminal, with -q and with --json. Nobody else may write to
/// standard error while it lives; `stop()` ends it.
class progress {
 public:
  /// `text` is asked each second: "waiting for openai/gpt-5", "12 of 30 cases". Called on a thread
  /// of its own.
  progress(context& ctx, std::function<std::string()> text);
  progress(const progress&) = delete;
  progress& operator=(const progress&) = delete;
  ~progress() { stop(); }
  /// Removes the line; later calls do nothing.
  void stop();

 private:
  void show(const std::function<std::string()>& text);
  output& err_;
  std::mutex mutex_;
  std::condition_variable ended_;
  bool end_ = false;
  std::thread ticker_;
};

}  // namespace ark::cli
