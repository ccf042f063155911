#include "client/flight.hpp"

#include "client/reply_store.hpp"
#include "client/reused_call.hpp"

#include <algorithm>

namespace ark {

flight::flight(std::shared_ptr<core> c, reuse_plan plan, prepared_call p, operation_options o)
    : core_(std::move(c)), plan_(std::move(plan)) {
  // Each who waits has a deadline of his own. The attempt's is for those who join later, and for
  // waits that are too long for anybody.
  constexpr std::chrono::milliseconds usual = std::chrono::minutes(10);
  auto& total = o.timeouts.total;
  if (!plan_.flight_key.empty() && total.count() > 0) total = std::max(2 * total, usual);
  op_ = std::make_shared<operation>(core_, std::move(p), std::move(o));
}

void flight::start() {
  op_->on_news([weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->pull();
  });
  op_->start([self = shared_from_this()] { self->end(); });
}

void flight::join(std::shared_ptr<reused_call> who) {
  if (payer_ == 0) payer_ = who->id();
  if (!told_.empty()) who->deliver(told_);
  members_.push_back(std::move(who));
}

bool flight::leave(const reused_call& who) {
  if (members_.size() > 1) {
    std::erase_if(members_, [&who](const auto& each) { return each.get() == &who; });
    return true;
  }
  forget();
  op_->cancel();
  return false;
}

void flight::pull() {
  const bool wanted = std::any_of(members_.begin(), members_.end(),
                                  [](const auto& each) { return each->has_room(); });
  if (wanted && op_->has_news()) take();
}

void flight::take() {
  std::vector<event> fresh;
  op_->take_events(fresh);
  // Each who waits is told of its end when it is on record as his.
  std::erase_if(fresh, [](const event& e) { return e.kind == event_kind::done; });
  if (fresh.empty()) return;
  if (!plan_.flight_key.empty()) told_.insert(told_.end(), fresh.begin(), fresh.end());
  // A copy: who is told may leave.
  const auto members = members_;
  for (const auto& each : members) each->deliver(fresh);
}

void flight::end() {
  take();
  forget();
  ark::reply& made = op_->made<ark::reply>();
  if (!op_->failure()) keep(made);
  const auto members = std::exchange(members_, {});
  for (const auto& each : members) each->landed(op_->failure(), made, each->id() == payer_);
}

void flight::forget() {
  const auto it = core_->flights.find(plan_.flight_key);
  if (it != core_->flights.end() && it->second.get() == this) core_->flights.erase(it);
}

void flight::keep(ark::reply& made) {
  // What a fallback said is no answer of the model that the key names.
  if (!plan_.writes_cache() || !is_worth_keeping(made) || op_->fell_back()) return;
  if (const auto kept = core_->replies->keep(plan_.key, made, core_->os->wall_now()); !kept)
    made.notes.push_back("the answer was not kept: " + kept.error().message);
}

}  // namespace ark
