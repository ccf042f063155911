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
  i.route = "named";
  i.prompt_id = "greeting";
  i.prompt_version = "v7";
  i.inputs_hash = "c0de";
  i.lease = std::chrono::microseconds(61'000'000);
  i.tags = {{"a", "1"}, {"b", std::string("\0x", 2)}, {"", ""}};
  return i;
}

attempt_outcome full_outcome() {
  attempt_outcome o;
  o.attempt_id = 7;
  o.state = attempt_state::ambiguous;
  o.ended = at(9);
  std::int64_t n = 1;
  for (auto* bucket :
       {&o.usage.input, &o.usage.cache_read, &o.usage.cache_write, &o.usage.cache_write_5m,
        &o.usage.cache_write_1h, &o.usage.input_audio, &o.usage.input_image, &o.usage.input_video,
        &o.usage.tool_prompt, &o.usage.output, &o.usage.reasoning, &o.usage.output_audio,
        &o.usage.output_image})
    *bucket = n++ == 5 ? -5 : n * 1'000'000'000'000;
  o.usage.units = {{"web_search", 2}, {"pages", 0}};
  o.usage.vendor_total = 0;
  o.usage.vendor_cost = money{amount::from_raw(12), "EUR"};
  o.usage.service_tier = "flex";
  o.usage.reported = true;
  o.cost = {.status = cost_status::void_, .currency = "USD", .price_hash = "p"};
  o.first_content = std::chrono::microseconds(3);
  o.lines = {{.dimension = "input",
              .quantity = 1000,
              .unit_price = amount::from_raw(7),
              .per = 1'000'000,
              .value = amount::from_raw(-3)},
             {.dimension = "web_search"}};
  o.computed = money{amount::from_raw(77), "JPY"};
  o.error = "it broke off";
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
std::string bytes_of(const Record& record) {
  std::string bytes;
  detail::append_record(bytes, record);
  return bytes;
}

template <class Record>
Record there_and_back(const Record& record) {
  return std::get<Record>(detail::read_record(bytes_of(record)).value());
}

TEST(record_wire, nothing_of_a_record_is_lost) {
  EXPECT_EQ(fields(there_and_back(full_intent())), fields(full_intent()));
  EXPECT_EQ(fields(there_and_back(full_outcome())), fields(full_outcome()));
  EXPECT_EQ(fields(there_and_back(attempt_intent{})), fields(attempt_intent{}));
  EXPECT_EQ(fields(there_and_back(attempt_outcome{})), fields(attempt_outcome{}));
}

TEST(record_wire, bytes_that_are_cut_or_too_many_are_no_record) {
  for (const std::string& bytes : {bytes_of(full_intent()), bytes_of(full_outcome())}) {
    for (std::size_t cut = 0; cut < bytes.size(); ++cut)
      EXPECT_EQ(detail::read_record(bytes.substr(0, cut)).error().code, errc::ledger) << cut;
    EXPECT_FALSE(detail::read_record(bytes + 'x'));
    EXPECT_FALSE(detail::read_record('x' + bytes.substr(1)));
  }
}

TEST(record_wire, any_byte_may_be_anything) {
  const std::string bytes = bytes_of(full_outcome());
  for (std::size_t at = 0; at < bytes.size(); ++at)
    for (const char c : {'\0', '\x7f', '\xff'}) {
      std::string changed = bytes;
      changed[at] = c;
      (void)detail::read_record(changed);  // for the sanitizers: a record or an error
    }
}

}  // namespace
}  // namespace ark::testing
