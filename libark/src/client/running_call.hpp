#pragma once
#include "client/prepare.hpp"

#include <ark/event.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace ark {

/// A call under way, as those see it who wait for it: an `operation` that asks a vendor, or a
/// `reused_call` that has its answer from a cache or from another call's attempt. Any thread.
class running_call {
 public:
  running_call() = default;
  running_call(const running_call&) = delete;
  running_call& operator=(const running_call&) = delete;
  virtual ~running_call() = default;

  /// `finished` is told on the loop, once.
  virtual void start(std::function<void()> finished) = 0;
  virtual void cancel() = 0;
  virtual std::uint64_t id() const noexcept = 0;

  virtual bool is_finished() const noexcept = 0;
  /// After it finished. What the call was for is moved out.
  virtual const std::optional<error>& failure() const noexcept = 0;
  virtual any_reply& made_any() noexcept = 0;
  template <class Reply>
  Reply& made() noexcept {
    return *std::get_if<Reply>(&made_any());
  }

  // Streams: events queue up until they are taken; reading pauses while too many wait.
  virtual bool has_news() const noexcept = 0;
  /// Swaps the waiting events into `into` (which must be empty).
  virtual void take_events(std::vector<event>& into) = 0;
  /// Told on the loop at each change of `has_news`, while set.
  virtual void on_news(std::function<void()> told) = 0;
  /// Copies the reply so far.
  virtual void copy_so_far(ark::reply& into) const = 0;
  /// See `stream::cost_so_far`.
  virtual cost cost_so_far() const = 0;
};

}  // namespace ark
