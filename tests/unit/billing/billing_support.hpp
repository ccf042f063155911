#pragma once
#include <ark/ledger.hpp>

/// Entries for the tests of exports and reports.
namespace ark::testing {

inline ledger_entry open_entry() {
  ledger_entry e;
  e.sequence = 9;
  e.call_id = "c-1";
  e.begun = std::chrono::system_clock::time_point(std::chrono::microseconds(1'795'255'200'000'042));
  e.vendor = "openai";
  e.model = "gpt-6";
  e.tags = {{"no\"te", "a,b\nc"}};
  e.quote = {.status = cost_status::exact,
             .currency = "USD",
             .value = amount::parse("0.5").value(),
             .low = amount::parse("0.5").value(),
             .high = amount::parse("0.5").value()};
  return e;
}

inline ledger_entry settled_entry() {
  auto e = open_entry();
  e.state = attempt_state::settled;
  e.ended = e.begun + std::chrono::seconds(2);
  e.latency = std::chrono::milliseconds(1234);
  e.usage.input = 7;
  e.usage.reported = true;
  e.cost = e.quote;
  return e;
}

inline ledger_entry ambiguous_entry() {
  auto e = settled_entry();
  e.state = attempt_state::ambiguous;
  e.cost.status = cost_status::interval;
  e.cost.value = {};
  e.cost.low = amount::parse("0.25").value();
  return e;
}

}  // namespace ark::testing
