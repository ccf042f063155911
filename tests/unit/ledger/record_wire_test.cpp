#include "ledger/record_wire.hpp"

#include "ledger_fixture.hpp"

namespace ark::testing {
namespace {

/// Every field has a value of its own, so that one that is lost or mixed up shows.
attempt_intent full_intent() {
  attempt_intent i;
  i.attempt_id = 0xfedcba9876543210;
  i.call_id = "call";
  i.attempt = 3;
  i.begun = at() + std::chrono::microseconds(1);
  i.vendor = "v";
  i.model = "m\xff";  // what is no UTF-8 is kept, and repaired where it is stored
  i.operation = "chat";
  i.quote = {.status = cost_status::interval,
             .currency = "CNY",
             .value = amount::from_raw(-1),
             .low = amount::from_raw(-(amount::rep{1} << 100)),
             .high = amount::from_raw((amount::rep{1} << 100) + 5),
             .price_hash = "hash"};
  i.tenant = "t";
  i.user = "u";
  i.task = "k";
  i.run = "r";
  i.tags = {{"a", "1"}, {"b", std::string("\0x", 2)}, {"", ""}};
  return i;
}

attempt_outcome full_outcome() {
  attempt_outcome o;
  o.attempt_id = 7;
  o.state = attempt_state::ambiguous;
  o.ended = at(9);
  std::int64_t n = 1;
  for (auto* bucket : {&o.usage.input, &o.usage.cache_read, &o.usage.cache_write,
                       &o.usage.cache_write_5m, &o.usage.cache_write_1h, &o.usage.input_audio,
                       &o.usage.input_image, &o.usage.input_video, &o.usage.tool_prompt,
                       &o.usage.output, &o.usage.reasoning, &o.usage.output_audio,
                       &o.usage.output_image})
    *bucket = n++ == 5 ? -5 : n * 1'000'000'000'000;
  o.usage.units = {{"web_search", 2}, {"pages", 0}};
  o.usage.vendor_total = 0;
  o.usage.vendor_cost = money{amount::from_raw(12), "EUR"};
  o.usage.service_tier = "flex";
  o.usage.reported = true;
  o.cost = {.status = cost_status::void_, .currency = "USD", .price_hash = "p"};
  o.reply_model = "rm";
  o.finish = "stop";
  o.request_id = "req";
  o.http_status = 529;
  o.latency = std::chrono::microseconds(123'456'789'012);
  return o;
}

auto fields(const attempt_intent& i) {
  return std::tie(i.attempt_id, i.call_id, i.attempt, i.begun, i.vendor, i.model, i.operation,
                  i.quote, i.tenant, i.user, i.task, i.run, i.tags);
}
auto fields(const attempt_outcome& o) {
  return std::tie(o.attempt_id, o.state, o.ended, o.usage, o.cost, o.reply_model, o.finish,
                  o.request_id, o.http_status, o.latency);
}

template <class Record>
Record there_and_back(const Record& record, detail::record_wire& wire) {
  std::string bytes;
  wire.append(bytes, record);
  return std::get<Record>(wire.read(bytes).value());
}

TEST(record_wire, nothing_of_a_record_is_lost) {
  detail::record_wire wire;
  // Twice each and in turn: nothing is left over from the record before.
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(fields(there_and_back(full_intent(), wire)), fields(full_intent()));
    EXPECT_EQ(fields(there_and_back(full_outcome(), wire)), fields(full_outcome()));
    EXPECT_EQ(fields(there_and_back(attempt_intent{}, wire)), fields(attempt_intent{}));
    EXPECT_EQ(fields(there_and_back(attempt_outcome{}, wire)), fields(attempt_outcome{}));
  }
}

TEST(record_wire, what_is_no_record_is_an_error) {
  detail::record_wire wire;
  for (const std::string_view bytes : {std::string_view(), std::string_view("\xff\xff", 2),
                                       // an outcome of state 9; a record of kind 3
                                       std::string_view("\x12\x02\x10\x09", 4),
                                       std::string_view("\x1a\x00", 2)})
    EXPECT_EQ(wire.read(bytes).error().code, errc::ledger) << bytes.size();
}

}  // namespace
}  // namespace ark::testing
