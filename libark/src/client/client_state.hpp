#pragma once
#include "client/core.hpp"
#include "client/operation.hpp"

#include <atomic>
#include <functional>
#include <memory>

namespace ark::detail {

/// What a `client` handle shares: the parts, and the end of the calls that nobody waits for.
class client_state {
 public:
  explicit client_state(std::shared_ptr<core> parts) : parts_(std::move(parts)) {}
  client_state(const client_state&) = delete;
  client_state& operator=(const client_state&) = delete;
  ~client_state();

  core& parts() const noexcept { return *parts_; }
  const std::shared_ptr<core>& shared() const noexcept { return parts_; }
  /// Calls begun with *_async that have not been told yet; outlives this object.
  const std::shared_ptr<std::atomic<int>>& waiting() const noexcept { return waiting_; }

  std::shared_ptr<operation> make_operation(prepared_call p, operation_options o) const {
    return std::make_shared<operation>(parts_, std::move(p), std::move(o));
  }
  /// Waits for `op`; false if this thread is the client's executor, which cannot wait for itself.
  bool run_to_end(const std::shared_ptr<running_call>& op) const;
  /// Makes the call and waits for what it gives.
  template <class Reply>
  result<Reply> wait_for(result<prepared_call> prepared, operation_options o) const {
    if (!prepared) return prepared.error();
    return wait_for<Reply>(make_operation(std::move(*prepared), std::move(o)));
  }
  template <class Reply>
  result<Reply> wait_for(const std::shared_ptr<running_call>& op) const {
    if (!run_to_end(op)) return waits_for_itself();
    if (op->failure()) return *op->failure();
    return std::move(op->template made<Reply>());
  }
  static error waits_for_itself();

 private:
  bool cancel_waiting();
  void end_calls();
  void close_telemetry();

  std::shared_ptr<core> parts_;
  std::shared_ptr<std::atomic<int>> waiting_ = parts_->waiting;
};

}  // namespace ark::detail
