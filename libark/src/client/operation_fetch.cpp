// What an operation needs before an attempt: temporary keys and certificates.
#include "client/operation.hpp"

namespace ark {

bool operation::fetch_missing() {
  if (call_.sealed && !call_.certificate) certificate_ = secret(call_.sealed->certificate);
  return (call_.temporary_key && fetch_missing(*call_.temporary_key, temporary_key_)) ||
         (call_.certificate && fetch_missing(*call_.certificate, certificate_));
}

bool operation::fetch_missing(const fetch& what, secret& found) {
  if (auto kept = core_->fetched.find(what.name, core_->os->wall_now())) {
    found = std::move(*kept);
    return false;
  }
  phase_ = phase::fetching;
  limit_phase("total", std::chrono::milliseconds(0));
  const auto begin = [&] {
    // With limits of its own: it serves other calls too, and each of them has a deadline.
    const auto exchange = std::make_shared<operation>(core_, *what.how, operation_options{});
    exchange->start([raw = exchange.get(), name = what.name, c = core_] {
      std::optional<fetched> made;
      if (!raw->failure()) made = std::move(raw->made<fetched_reply>().made);
      c->fetched.end(name, raw, std::move(made), raw->failure());
    });
    return exchange;
  };
  core_->fetched.wait(
      what.name, this,
      [self = shared_from_this()](const std::optional<error>& failure) {
        if (self->phase_ != phase::fetching) return;
        if (failure) return self->fetch_failed(*failure);
        self->plan_attempt();
      },
      begin);
  return true;
}

void operation::fetch_failed(const error& e) {
  error failed = e;
  failed.attempt = attempt_;
  failed.message =
      "nothing was sent, as what the call needs first could not be fetched: " + e.message;
  finish(std::move(failed));
}

void operation::leave_fetches() {
  for (const auto* what : {&call_.temporary_key, &call_.certificate})
    if (what->has_value())
      if (const auto idle = core_->fetched.leave((*what)->name, this)) idle->do_cancel();
}

bool operation::renew_key(const error& e) {
  if (!call_.temporary_key || e.code != errc::auth || e.http_status == 0) return false;
  // The calls to come get a new one in any case.
  core_->fetched.drop(call_.temporary_key->name, temporary_key_);
  if (key_renewed_ || tries_ >= options_.retry.max_attempts || content_seen()) return false;
  key_renewed_ = true;
  notes_.push_back("the vendor refused the temporary key; the call was made again with a new one");
  return true;
}

}  // namespace ark
