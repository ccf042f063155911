#pragma once
#include <cstddef>
#include <deque>
#include <string>
#include <vector>

namespace ark::telemetry {

/// Encoded spans that wait, bounded in number and bytes. What does not fit is refused: the older
/// ones stay, so that a trace that was begun is not cut. Pure; one thread at a time.
class span_queue {
 public:
  span_queue(std::size_t max_spans, std::size_t max_bytes)
      : max_spans_(max_spans), max_bytes_(max_bytes) {}

  /// False: it is full, and the span is dropped.
  bool push(std::string span);
  /// The oldest `most` spans, taken out.
  std::vector<std::string> take(std::size_t most);
  std::size_t size() const noexcept { return spans_.size(); }
  bool empty() const noexcept { return spans_.empty(); }

 private:
  std::size_t max_spans_, max_bytes_;
  std::size_t bytes_ = 0;
  std::deque<std::string> spans_;
};

}  // namespace ark::telemetry
