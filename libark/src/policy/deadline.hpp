#pragma once
#include <chrono>

namespace ark::policy {

using time_point = std::chrono::steady_clock::time_point;
using duration = std::chrono::steady_clock::duration;

/// The one deadline of a call: attempts, waits and reads all draw on it. A value; pure.
class deadline {
 public:
  /// `total` of zero: none.
  deadline(time_point begun, std::chrono::milliseconds total)
      : end_(total.count() > 0 ? begun + total : time_point::max()) {}

  bool passed(time_point now) const noexcept { return now >= end_; }
  /// Never negative; duration::max() without a limit.
  duration remaining(time_point now) const noexcept {
    if (end_ == time_point::max()) return duration::max();
    return now >= end_ ? duration::zero() : end_ - now;
  }
  /// `limit` (zero: none), cut to what remains.
  std::chrono::milliseconds cut(std::chrono::milliseconds limit, time_point now) const;
  time_point end() const noexcept { return end_; }

 private:
  time_point end_;
};

/// What is known of a model that decides how long its first content may take.
struct model_class {
  bool known = false;        ///< the catalogue has it
  bool reasons = false;      ///< thinks before it answers, or was asked to
  bool streamed = false;     ///< content comes as it is made
  bool own_machine = false;  ///< it may have to be loaded first
};
/// `given` unless it is below 0; else by class: see `timeouts::first_content`. Pure.
std::chrono::milliseconds first_content_limit(std::chrono::milliseconds given,
                                              const model_class& m);

}  // namespace ark::policy
