#pragma once
#include "client/operation.hpp"
#include "client/reuse.hpp"

#include <memory>
#include <string>
#include <vector>

namespace ark {

class reused_call;

/// One call to a vendor that identical calls share: an operation of its own, which ends early only
/// when nobody waits for it any more. On the loop only.
class flight : public std::enable_shared_from_this<flight> {
 public:
  flight(std::shared_ptr<core> c, reuse_plan plan, prepared_call p, operation_options o);

  void start();
  /// The first to join pays. Told are the events so far, and all that come.
  void join(std::shared_ptr<reused_call> who);
  /// `who` does not wait any more. False: nobody else does; the operation is cancelled, and `who`
  /// is told when it has settled.
  bool leave(const reused_call& who);
  /// Hands events on while somebody has room for them.
  void pull();
  const std::shared_ptr<operation>& call() const noexcept { return op_; }

 private:
  void take();
  void end();
  void forget();
  void keep(ark::reply& made);

  std::shared_ptr<core> core_;
  reuse_plan plan_;
  std::shared_ptr<operation> op_;
  std::vector<std::shared_ptr<reused_call>> members_;
  std::uint64_t payer_ = 0;  ///< the id of who joined first
  std::vector<event> told_;  ///< for those who join later; empty if nobody can
};

}  // namespace ark
