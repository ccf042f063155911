#include "telemetry/span_queue.hpp"

#include <algorithm>

namespace ark::telemetry {

bool span_queue::push(std::string span) {
  if (spans_.size() >= max_spans_ || span.size() > max_bytes_ - bytes_) return false;
  bytes_ += span.size();
  spans_.push_back(std::move(span));
  return true;
}

std::vector<std::string> span_queue::take(std::size_t most) {
  std::vector<std::string> out;
  out.reserve(std::min(most, spans_.size()));
  while (out.size() < most && !spans_.empty()) {
    bytes_ -= spans_.front().size();
    out.push_back(std::move(spans_.front()));
    spans_.pop_front();
  }
  return out;
}

}  // namespace ark::telemetry
