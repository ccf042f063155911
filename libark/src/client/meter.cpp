#include "client/meter.hpp"

#include <algorithm>

namespace ark {
namespace {

void count(std::string_view text, stream_meter::tally& into) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80)
      ++into.ascii;
    else if (byte >= 0xc0)
      ++into.others;  // the first byte of a character
  }
  into.fresh += fresh_bytes(text);
}

/// What these tokens cost; nothing where it is not known, or in another currency.
amount priced(const usage& u, const price_basis& basis) {
  if (basis.model == nullptr) return {};
  const cost c = catalog::price_usage(*basis.model, u, basis.context).cost;
  return c.status == cost_status::exact && c.currency == basis.quote.currency ? c.value : amount{};
}

/// What was surely made and is surely billed.
amount least_made(const usage& reported, const stream_meter& since, bool by_vendor,
                  const price_basis& basis) {
  usage made = reported;
  if (!since.is_counted()) made.output = made.reasoning = made.output_audio = made.output_image = 0;
  const std::int64_t answer = by_vendor ? 0 : since.answer().least();
  const std::int64_t reasoning = by_vendor ? 0 : since.reasoning().least();
  made.output += answer;
  made.reasoning += reasoning;
  made.reported = true;
  if (reported.reported) return priced(made, basis);
  if (answer + reasoning == 0) return {};
  const amount output = priced(made, basis);
  const auto both = output.plus(basis.least_prompt);
  return both ? *both : output;
}

}  // namespace

std::int64_t estimate_tokens(std::string_view text) {
  stream_meter::tally t;
  count(text, t);
  return t.likely();
}

std::int64_t fresh_bytes(std::string_view text) {
  std::int64_t fresh = 0;
  for (std::size_t i = 3; i < text.size(); ++i)
    fresh += text[i] != text[i - 1] && text[i] != text[i - 2] && text[i] != text[i - 3];
  return fresh;
}

void stream_meter::take(const event& e) {
  switch (e.kind) {
    case event_kind::usage: {
      const bool has_content = answer_.ascii + answer_.others + reasoning_.ascii +
                                   reasoning_.others + refusal_.ascii + refusal_.others >
                               0;
      is_counted_ = is_counted_ || has_content;
      answer_ = reasoning_ = refusal_ = {};
      return;
    }
    case event_kind::text:
    case event_kind::tool_call_arguments:
      return count(e.text, answer_);
    case event_kind::tool_call_begin:
      return count(e.name, answer_);
    case event_kind::reasoning:
      return count(e.text, reasoning_);
    case event_kind::refusal:
      return count(e.text, refusal_);
    default:
      return;
  }
}

cost likely_cost(const usage& reported, const stream_meter& meter, const price_basis& basis) {
  if (basis.model == nullptr) return {};
  usage made = reported;
  made.output += meter.answer().likely() + meter.refusal().likely();
  made.reasoning += meter.reasoning().likely();
  if (!reported.reported) made.input = basis.likely_input;
  made.reported = true;
  return catalog::price_usage(*basis.model, made, basis.context).cost;
}

void narrow(cost& interval, const usage& reported, const stream_meter& since, bool by_vendor,
            const price_basis& basis) {
  if (interval.status != cost_status::interval || basis.model == nullptr) return;
  interval.low = least_made(reported, since, by_vendor, basis);
  const bool knows_input = basis.input_is_final && reported.reported && reported.units.empty() &&
                           reported.tool_prompt == 0 && reported.input_total() > 0;
  if (knows_input) {
    const cost read =
        catalog::quote(*basis.model, reported.input_total(), basis.most_output, basis.context);
    if (read.status == cost_status::interval && read.currency == interval.currency)
      interval.high = std::min(interval.high, read.high);
  }
  interval.high = std::max(interval.low, interval.high);
}

cost running_cost(const usage& reported, const stream_meter& meter, const price_basis& basis) {
  attempt_outcome now;
  account_broken(now, reported, basis);
  if (now.cost.status != cost_status::interval) return now.cost;
  narrow(now.cost, reported, meter, false, basis);
  const cost likely = likely_cost(reported, meter, basis);
  if (likely.status == cost_status::exact && likely.currency == now.cost.currency)
    now.cost.value = likely.value;
  return now.cost;
}

}  // namespace ark
