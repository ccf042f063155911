#include "ledger/figures.hpp"

#include <algorithm>

namespace ark::detail {
namespace {

/// No overflow: an amount in a row is below 9.3e27, and 1e10 rows of it fit 128 bits.
void add_amount(amount& to, amount more) noexcept { to = amount::from_raw(to.raw() + more.raw()); }

void add_interval(report_line& line, amount least, amount most) noexcept {
  add_amount(line.low, least);
  add_amount(line.high, most);
}

void count_open(report_line& line, const standing& s) noexcept {
  ++line.open;
  // It may cost nothing, or all that was quoted.
  if (s.quote_status != cost_status::unknown) add_interval(line, {}, s.quote_high);
}

void count_ended(report_line& line, const standing& s) noexcept {
  if (s.ended == attempt_state::settled) ++line.settled;
  if (s.ended == attempt_state::void_) ++line.voided;
  if (s.ended == attempt_state::ambiguous) ++line.ambiguous;
  line.input += s.input;
  line.cache_read += s.cache_read;
  line.cache_write += s.cache_write;
  line.output += s.output;
  line.reasoning += s.reasoning;
  switch (s.status) {
    case cost_status::unknown:
      if (s.ended != attempt_state::void_) ++line.unknown_cost;
      return;
    case cost_status::interval:
      return add_interval(line, s.low, s.high);
    case cost_status::exact:
    case cost_status::void_:
      add_amount(line.cost, s.value);
      return add_interval(line, s.value, s.value);
  }
}

void book(standing& to, attempt_state state, const cost& c, const usage& u) noexcept {
  to.ended = state;
  to.status = c.status;
  to.currency = c.currency;
  to.value = c.value;
  to.low = c.low;
  to.high = c.high;
  if (!u.reported) return;
  to.input = u.input + u.input_audio + u.input_image + u.input_video + u.tool_prompt;
  to.cache_read = u.cache_read;
  to.cache_write = u.cache_write + u.cache_write_5m + u.cache_write_1h;
  to.output = u.output + u.output_audio + u.output_image;
  to.reasoning = u.reasoning;
}

}  // namespace

standing standing_of(const cost& quote) noexcept {
  standing open;
  open.quote_status = quote.status;
  open.quote_currency = quote.currency;
  open.quote_high = quote.high;
  return open;
}

standing ended(standing open, const attempt_outcome& outcome) noexcept {
  book(open, outcome.state, outcome.cost, outcome.usage);
  return open;
}

standing standing_of(const ledger_entry& entry) noexcept {
  standing now = standing_of(entry.quote);
  if (entry.ended) book(now, entry.state, entry.cost, entry.usage);
  return now;
}

std::string_view currency_of(const standing& attempt) noexcept {
  if (!attempt.currency.empty()) return attempt.currency;
  if (!attempt.ended && attempt.quote_status == cost_status::unknown) return {};
  if (!attempt.ended || *attempt.ended == attempt_state::void_) return attempt.quote_currency;
  return {};
}

void count(report_line& into, const standing& attempt) noexcept {
  ++into.attempts;
  if (attempt.ended)
    count_ended(into, attempt);
  else
    count_open(into, attempt);
}

void add(report_line& into, const report_line& more) noexcept {
  for (const auto member : counter_members) into.*member += more.*member;
  for (const auto member : sum_members) add_amount(into.*member, more.*member);
}

void subtract(report_line& from, const report_line& less) noexcept {
  for (const auto member : counter_members) from.*member -= less.*member;
  for (const auto member : sum_members)
    from.*member = amount::from_raw((from.*member).raw() - (less.*member).raw());
}

bool same_figures(const report_line& a, const report_line& b) noexcept {
  return std::all_of(counter_members.begin(), counter_members.end(),
                     [&](auto m) { return a.*m == b.*m; }) &&
         std::all_of(sum_members.begin(), sum_members.end(), [&](auto m) { return a.*m == b.*m; });
}

}  // namespace ark::detail
