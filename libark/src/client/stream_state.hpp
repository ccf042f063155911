#pragma once
#include "client/core.hpp"
#include "client/running_call.hpp"

#include <ark/stream.hpp>

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace ark::detail {

/// The reader's side of a stream: hands out what the operation has queued, and runs the loop while
/// there is nothing.
class stream_state : public std::enable_shared_from_this<stream_state> {
 public:
  stream_state(std::shared_ptr<core> c, std::shared_ptr<running_call> op);
  ~stream_state();
  stream_state(const stream_state&) = delete;
  stream_state& operator=(const stream_state&) = delete;

  result<std::optional<event>> next();
  void next_async(std::function<void(result<std::optional<event>>)> handler);
  const reply& so_far();
  cost cost_so_far() const { return op_->cost_so_far(); }
  void cancel() { op_->cancel(); }
  const std::optional<error>& failure() const noexcept { return failure_; }

 private:
  bool refill();
  result<std::optional<event>> take();
  void tell();

  std::shared_ptr<core> core_;
  std::shared_ptr<running_call> op_;
  std::vector<event> ready_;
  std::size_t next_ = 0;
  reply so_far_;
  std::optional<error> failure_;

  std::mutex tell_mutex_;  ///< guards what follows: a handler may ask again from another thread
  std::function<void(result<std::optional<event>>)> waiting_;  ///< of `next_async`
  bool telling_ = false;     ///< `tell` runs and will see a new `waiting_`
  bool subscribed_ = false;  ///< the operation's news come to `tell`
};

}  // namespace ark::detail
