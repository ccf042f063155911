#include "cli/progress.hpp"

namespace ark::cli {

progress::progress(context& ctx, std::function<std::string()> text) : err_(ctx.err) {
  if (!ctx.err.is_terminal() || ctx.flags.quiet || ctx.json()) return;
  ticker_ = std::thread([this, text = std::move(text)] { show(text); });
}

void progress::show(const std::function<std::string()>& text) {
  const auto put = [this](const std::string& line) {
    err_.write_passing("\r\x1b[K" + line).flush();
  };
  try {
    std::unique_lock lock{mutex_};
    bool shown = false;
    for (int seconds = 1; !ended_.wait_for(lock, std::chrono::seconds{1}, [this] { return end_; });
         ++seconds) {
      put(printable(text()) + " ... " + std::to_string(seconds) + " s");
      shown = true;
    }
    if (shown) put({});
  } catch (...) {  // NOLINT(bugprone-empty-catch)
    // The terminal has gone; the work it was about goes on.
  }
}

void progress::stop() {
  if (!ticker_.joinable()) return;
  {
    const std::lock_guard lock{mutex_};
    end_ = true;
  }
  ended_.notify_all();
  ticker_.join();
}

}  // namespace ark::cli
