// What stands before and behind each attempt: which way it goes, whether its vendor's circuit is
// closed and its limits leave room, and what its end teaches the calls to come.
#include "client/operation.hpp"

namespace ark {
namespace {

using std::chrono::milliseconds;

std::string seconds_text(policy::duration d) {
  const auto ms = std::chrono::ceil<milliseconds>(d).count();
  return ms < 1000 ? std::to_string(ms) + " ms" : std::to_string((ms + 999) / 1000) + " s";
}

/// "key 2 of 3 at https://api.example"; never the key.
std::string name_of(const std::vector<call_way>& ways, std::size_t at) {
  return "key " + std::to_string(at + 1) + " of " + std::to_string(ways.size()) + " at " +
         ways[at].endpoint.origin.to_string();
}

}  // namespace

bool operation::admit() {
  if (admitted_ || call_.free_of_charge) return true;
  if (!choose_way()) {
    const error e = circuit_is_open();
    if (fall_back(e)) return false;
    if (core_->options.circuit.fail_fast) {
      finish(e);
      return false;
    }
  }
  const auto wait = book_rates();
  if (!wait) {
    const error e = no_rate_left();
    if (!fall_back(e)) finish(e);
    return false;
  }
  admitted_ = true;
  if (*wait < milliseconds(1)) return true;
  notes_.push_back("waited " + seconds_text(*wait) + " for a rate limit of " + call_.row->name);
  back_off(*wait);
  return false;
}

void operation::back_off(policy::duration wait) {
  if (wait == policy::duration::zero()) return plan_attempt();
  phase_ = phase::backing_off;
  timer_->start(wait, [self = shared_from_this()] { self->plan_attempt(); });
}

std::string operation::lane_id(std::size_t way) const {
  std::string id = call_.row->name + "/" + call_.model;
  if (!call_.ways.empty()) id += "#" + std::to_string(way);
  return id;
}

bool operation::choose_way() {
  const auto t = now();
  const auto closed = [&](std::size_t at) {
    return core_->traffic.lane_of(lane_id(at)).circuit.allows(t);
  };
  if (call_.ways.empty()) return closed(way_ = 0);
  vendor_traffic& shared = core_->traffic.vendor_of(call_.row->name);
  // Never fewer: a call that began with more keys may still be on its way.
  if (shared.places.size() < call_.ways.size()) shared.places.resize(call_.ways.size());
  std::vector<policy::place_state> seen;
  for (std::size_t i = 0; i < call_.ways.size(); ++i) {
    shared.places[i].weight = call_.ways[i].weight;
    seen.push_back(shared.places[i]);
    if (!closed(i)) seen[i].aside_until = policy::time_point::max();
  }
  const auto chosen = policy::choose_place(seen, shared.next_place++, t);
  use_way(chosen.value_or(policy::first_back(seen)));
  return closed(way_);
}

void operation::use_way(std::size_t at) {
  const call_way& way = call_.ways[at];
  way_ = at;
  call_.request.target.replace(0, call_.endpoint.path_prefix.size(), way.endpoint.path_prefix);
  call_.endpoint = way.endpoint;
  call_.sign = way.sign;
  call_.signing_key = way.key;
  call_.rates = way.rates;
}

error operation::circuit_is_open() {
  const auto at = core_->traffic.lane_of(lane_id(way_)).circuit.retry_at();
  const auto left = std::max(at - now(), policy::duration::zero());
  return {.code = errc::circuit_open,
          .retry = retry_class::safe,
          .message = call_.row->name + "/" + call_.model +
                     " has failed too often and is left alone for " + seconds_text(left) +
                     " more: nothing was sent; name another model among the call's fallbacks",
          .retry_after = std::chrono::ceil<milliseconds>(left),
          .attempt = attempt_};
}

/// Configured limits are set anew: a full table may have forgotten them.
rate_slot* operation::rate_slot_of(std::uint64_t id, const rate_limit* limit) {
  rate_table& table = *core_->traffic.rates;
  if (id == 0) return nullptr;
  if (!limit) return table.find(id, now());
  rate_slot& slot = table.take(id, now());
  configure(slot, *limit);
  return &slot;
}

std::optional<policy::duration> operation::book_rates() {
  const auto t = now();
  const auto most = deadline_.remaining(t);
  policy::duration wait{0};
  rate_slot* of_model = rate_slot_of(call_.rates.model, call_.rates.model_limit);
  rate_slot* of_vendor = rate_slot_of(call_.rates.vendor, call_.rates.vendor_limit);
  for (rate_slot* slot : {of_model, of_vendor}) {
    if (!slot) continue;
    const auto more = book(*slot, call_.need, t, most);
    if (!more) {
      if (slot == of_vendor && of_model) unbook(*of_model, call_.need);
      return std::nullopt;
    }
    wait = std::max(wait, *more);
  }
  return wait;
}

void operation::correct_rates(const rate_need& used) {
  for (const std::uint64_t id : {call_.rates.model, call_.rates.vendor})
    if (rate_slot* slot = id != 0 ? core_->traffic.rates->find(id, now()) : nullptr)
      correct(*slot, call_.need, used);
}

void operation::unbook_rates() {
  for (const std::uint64_t id : {call_.rates.model, call_.rates.vendor})
    if (rate_slot* slot = id != 0 ? core_->traffic.rates->find(id, now()) : nullptr)
      unbook(*slot, call_.need);
}

error operation::no_rate_left() const {
  return {.code = errc::rate_limit,
          .retry = retry_class::safe,
          .message = "the rate limit of " + call_.row->name + "/" + call_.model +
                     " leaves no room within the call's time: nothing was sent; try later, raise "
                     "timeouts.total, or spread the calls over more keys",
          .attempt = attempt_};
}

void operation::learn_rates() {
  if (!core_->options.rate_limits.learn || call_.rates.model == 0) return;
  const auto readings = wire::read_rate_limits(
      head_.headers, std::chrono::floor<milliseconds>(core_->os->wall_now()));
  if (readings.empty()) return;
  learn(core_->traffic.rates->take(call_.rates.model, now()), readings, {}, now());
}

void operation::enter_traffic() {
  passed_limit_ = {};
  content_limit_ = policy::first_content_limit(options_.timeouts.first_content, model_class());
  if (call_.free_of_charge) return;
  in_traffic_ = true;
  core_->traffic.lane_of(lane_id(way_)).circuit.begin(now());
  if (!call_.ways.empty()) ++core_->traffic.vendor_of(call_.row->name).places[way_].in_flight;
}

policy::model_class operation::model_class() const {
  policy::model_class out{
      .streamed = call_.streamed,
      .own_machine = call_.row->private_network || call_.endpoint.allow_private};
  const catalog::model* known = call_.basis.model;
  out.known = known != nullptr && call_.operation == "chat";
  out.reasons = call_.basis.context.thinking;
  if (known)
    for (const std::string& can : known->info.capabilities) out.reasons |= can == "reasoning";
  return out;
}

void operation::leave_traffic(policy::health how) {
  if (!std::exchange(in_traffic_, false)) return;
  core_->traffic.lane_of(lane_id(way_)).circuit.end(core_->options.circuit, how, now());
  if (!call_.ways.empty()) --core_->traffic.vendor_of(call_.row->name).places[way_].in_flight;
}

void operation::attempt_succeeded(const usage& used) {
  const bool counted = in_traffic_;
  leave_traffic(policy::health::good);
  if (!counted) return;
  if (used.reported) correct_rates({used.input_total(), used.output_total()});
  core_->traffic.vendor_of(call_.row->name)
      .budget.give_back(core_->options.retry_budget, std::exchange(budget_taken_, 0));
  if (call_.streamed) return;  // its first content was measured when it came
  core_->traffic.lane_of(lane_id(way_)).whole.add(now() - attempt_begun_);
}

void operation::attempt_refused(const error& e, attempt_state state) {
  const bool counted = in_traffic_;
  leave_traffic(policy::health_of(e, passed_limit_));
  if (!counted) return;
  if (state == attempt_state::void_) correct_rates({});
  if (e.code == errc::rate_limit && e.retry_after && core_->options.rate_limits.learn &&
      call_.rates.model != 0)
    learn(core_->traffic.rates->take(call_.rates.model, now()), {}, e.retry_after, now());
  const auto aside = policy::aside_after(e);
  if (call_.ways.empty() || aside == policy::duration::zero()) return;
  core_->traffic.vendor_of(call_.row->name).places[way_].aside_until = now() + aside;
  notes_.push_back(name_of(call_.ways, way_) + " was put aside for " + seconds_text(aside) + " (" +
                   std::string(to_string(e.code)) + ")");
}

bool operation::take_other_way(const error& e) {
  // What says "not with this key" says nothing of the others; nothing else is decided here.
  if (call_.ways.empty() || content_seen() || policy::aside_after(e) == policy::duration::zero())
    return false;
  if (total_cost_.status != cost_status::void_) return false;
  const int most = std::max(options_.retry.max_attempts, static_cast<int>(call_.ways.size()));
  if (options_.retry.max_attempts <= 1 || tries_ >= most || deadline_.passed(now())) return false;
  const auto& places = core_->traffic.vendor_of(call_.row->name).places;
  return policy::choose_place(places, 0, now()).has_value();
}

bool operation::draw_on_budget(const error& e) {
  const retry_budget_options& o = core_->options.retry_budget;
  if (!core_->traffic.vendor_of(call_.row->name).budget.take(o, e.code)) return false;
  budget_taken_ = policy::retry_budget::price(o, e.code);
  return true;
}

void operation::close_stage(attempt_outcome& outcome) {
  using enum policy::attempt_event;
  if (outcome.state == attempt_state::void_) {
    if (stage_.on(refused) || (stage_.on(kept_back) && stage_.on(refused))) return;
    // What was accepted may be billed, whatever it is said to be.
    account_broken(outcome, usage_so_far(), call_.basis);
  }
  stage_.on(outcome.state == attempt_state::ambiguous ? lost : counted);
}

}  // namespace ark
