#include <fmt/format.h>

#include "cli/doctor.hpp"

/// What a reply says of itself.
namespace ark::cli {
namespace {

using state = finding::state;

finding usage_finding(const usage& u, std::int64_t max_tokens) {
  if (!u.reported) return {state::warning, "usage", "none is reported: what calls cost is unknown"};
  const auto in = u.input_total();
  const auto out = u.output_total();
  const auto counts = fmt::format("{} tokens in, {} out", in, out);
  if (in < 0 || out < 0) return {state::bad, "usage", counts + ": no such counts can be"};
  if (in == 0) return {state::warning, "usage", counts + ": the prompt is not counted"};
  if (u.vendor_total && *u.vendor_total != in + out)
    return {state::warning, "usage",
            fmt::format("{}, but the vendor's total is {}", counts, *u.vendor_total)};
  if (max_tokens > 0 && out > max_tokens)
    return {state::warning, "usage",
            fmt::format("{}, although max_tokens was {}", counts, max_tokens)};
  return {state::good, "usage",
          counts + (u.vendor_total ? ", as the vendor's total" : "; the vendor gives no total")};
}

finding model_finding(const catalog::book& b, const reply& r, const std::string& asked) {
  if (r.model.empty()) return {state::warning, "model", "the reply does not name the model"};
  if (r.model == asked) return {state::good, "model", r.model + ", as asked for"};
  const auto* billed = catalog::billed_model(b, r.route.vendor, asked, r.model);
  if (billed != nullptr)
    return {state::good, "model", r.model + ", priced as " + billed->info.model};
  return {state::warning, "model",
          r.model + " answered, " + asked + " was asked for, and no price is known for it"};
}

finding cost_finding(const cost& c) {
  switch (c.status) {
    case cost_status::exact:
      return {state::good, "cost", to_string(money{c.value, c.currency})};
    case cost_status::void_:
      return {state::good, "cost", "nothing"};
    case cost_status::interval:
      return {state::warning, "cost",
              c.low.to_string() + " to " + to_string(money{c.high, c.currency})};
    case cost_status::unknown:
      break;
  }
  return {state::warning, "cost", "unknown; a model directory can give the price"};
}

}  // namespace

void check_reply(const catalog::book& b, std::string_view how, const reply& r,
                 const std::string& asked, std::int64_t max_tokens, findings& out) {
  const auto add = [&](finding f) {
    f.what = std::string{how} + " " + f.what;
    out.push_back(std::move(f));
  };
  add(usage_finding(r.usage, max_tokens));
  add(model_finding(b, r, asked));
  if (r.request_id.empty())
    add({state::warning, "request id", "none: the vendor's support cannot find the call"});
  else
    add({state::good, "request id", r.request_id});
  add(cost_finding(r.cost));
  for (const auto& each : r.notes) add({state::good, "note", each});
}

}  // namespace ark::cli
