#include "policy/deadline.hpp"

#include <algorithm>

namespace ark::policy {

std::chrono::milliseconds deadline::cut(std::chrono::milliseconds limit, time_point now) const {
  if (end_ == time_point::max()) return limit;
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(remaining(now));
  // Zero means "no limit" to those who are given the result, so at least one millisecond is left.
  const auto capped = std::max(left, std::chrono::milliseconds{1});
  return limit.count() > 0 ? std::min(limit, capped) : capped;
}

std::chrono::milliseconds first_content_limit(std::chrono::milliseconds given,
                                              const model_class& m) {
  using namespace std::chrono_literals;
  if (given >= 0ms) return given;
  if (m.reasons || m.own_machine) return 10min;
  return m.known && m.streamed ? 2min : 5min;
}

}  // namespace ark::policy
