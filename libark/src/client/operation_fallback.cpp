// Another model in place of one that has failed.
#include "client/operation.hpp"

#include "policy/fallback.hpp"

namespace ark {
namespace {

std::string id_of(const prepared_call& p) { return p.row->name + "/" + p.model; }

std::int64_t window_of(const prepared_call& p) {
  return p.basis.model != nullptr ? p.basis.model->info.context_tokens : 0;
}

}  // namespace

std::shared_ptr<const alternative_models> alternatives_of(const call& c, bool streamed) {
  if (c.fallbacks.empty()) return nullptr;
  auto out = std::make_shared<alternative_models>();
  out->models = c.fallbacks;
  out->rules = c.fallback;
  out->prepare = [what = c, streamed](const core& parts, const std::string& model) {
    call asked = what;
    asked.model = model;
    return prepare_chat(parts, asked, streamed);
  };
  return out;
}

/// Why `next` is not taken after `e`; "" if it is.
std::string operation::passed_over(policy::fallback_need need, const prepared_call& next) const {
  const std::string here = call_.endpoint.origin.to_string();
  const std::string there = next.endpoint.origin.to_string();
  const policy::failure_domain failed{call_.row->name, here, call_.model, window_of(call_)};
  const policy::failure_domain other{next.row->name, there, next.model, window_of(next)};
  if (auto why = policy::unfit_because(need, failed, other); !why.empty()) return why;
  const cost& quote = next.basis.quote;
  const bool is_void = total_cost_.status == cost_status::void_;
  if (!is_void && !policy::may_pay_again(options_.retry, options_.max_cost, total_cost_, quote))
    return "an attempt before may be billed, and the call does not allow a second bill";
  const std::string& asked = first_quote_.currency;
  if (options_.max_cost && !asked.empty() && quote.currency != asked && !quote.high.is_zero())
    return "its price is in " + quote.currency + ", and max_cost in " + asked;
  // A stream is stopped at its ceiling; that its prompt alone is not above it was checked.
  if (call_.streamed && options_.max_cost && is_void) return {};
  return policy::too_dear_because(options_.alternatives->rules, options_.max_cost, total_cost_,
                                  first_quote_, quote);
}

bool operation::fall_back(const error& e) {
  if (!options_.alternatives || cancelled_ || !task_id_.empty() || content_seen()) return false;
  if (deadline_.passed(now())) return false;
  const auto need = policy::need_after(e, options_.alternatives->rules);
  if (need == policy::fallback_need::none) return false;
  const auto& models = options_.alternatives->models;
  while (next_alternative_ < models.size()) {
    const std::string& name = models[next_alternative_++];
    auto next = options_.alternatives->prepare(*core_, name);
    const std::string why = next ? passed_over(need, *next) : next.error().message;
    if (why.empty()) {
      switch_to(std::move(*next), e);
      plan_attempt();
      return true;
    }
    notes_.push_back("the fallback " + name + " was passed over: " + why);
    passed_over_ += (passed_over_.empty() ? "" : "; ") + name + ": " + why;
  }
  return false;
}

void operation::switch_to(prepared_call next, const error& e) {
  const std::string why =
      id_of(call_) + " failed (" + std::string(to_string(e.code)) + "), so " + id_of(next);
  notes_.push_back(why + " was asked instead");
  std::move(next.notes.begin(), next.notes.end(), std::back_inserter(notes_));
  next.route.reason = "fallback: " + why + " was asked";
  fell_back_ = true;
  again_.clear();
  tries_ = stale_retries_ = budget_taken_ = 0;
  stale_socket_ = key_renewed_ = admitted_ = false;
  temporary_key_ = certificate_ = secret{};
  sent_ = {};
  head_ = {};
  // Whoever asks what it costs so far reads these.
  const std::lock_guard lock(queue_mutex_);
  call_ = std::move(next);
  driver_.reset();
  meter_ = {};
}

void operation::fall_back_or_finish(error e) {
  if (fall_back(e)) return;
  if (!passed_over_.empty()) e.message += " (no fallback: " + passed_over_ + ")";
  finish(std::move(e));
}

}  // namespace ark
