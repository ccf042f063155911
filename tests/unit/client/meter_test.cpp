#include "client/meter.hpp"

#include "tests/unit/client/toy.hpp"

#include <gtest/gtest.h>

namespace ark::testing {
namespace {

event text(std::string t) { return {.kind = event_kind::text, .text = std::move(t)}; }

price_basis basis_of(const toy_book& book, std::int64_t quoted_input, std::int64_t most_output) {
  price_basis b;
  b.model = &book.priced;
  b.most_output = most_output;
  b.likely_input = 100;
  b.quote = catalog::quote(book.priced, quoted_input, most_output, b.context);
  b.least_prompt = catalog::least_cost(book.priced, 10, b.context);
  b.input_is_final = true;
  return b;
}

TEST(meter, estimates_four_ascii_bytes_or_one_character_a_token) {
  EXPECT_EQ(estimate_tokens(""), 0);
  EXPECT_EQ(estimate_tokens("hello world!"), 3);
  EXPECT_EQ(estimate_tokens("你好世界"), 4);
  EXPECT_EQ(estimate_tokens("ab你"), 2);
}

TEST(meter, counts_text_reasoning_refusals_and_tool_calls) {
  stream_meter m;
  m.take(text("12345678"));
  m.take({.kind = event_kind::reasoning, .text = "1234"});
  m.take({.kind = event_kind::refusal, .text = "1234"});
  m.take({.kind = event_kind::tool_call_begin, .name = "look"});
  m.take({.kind = event_kind::tool_call_arguments, .text = "{\"a\":12}"});
  m.take({.kind = event_kind::unknown, .name = "not this"});
  EXPECT_EQ(m.answer().likely(), 5);
  EXPECT_EQ(m.reasoning().likely(), 1);
  EXPECT_EQ(m.refusal().likely(), 1);
  m.take({.kind = event_kind::usage});
  EXPECT_EQ(m.answer().likely() + m.reasoning().likely() + m.refusal().likely(), 0);
}

TEST(meter, is_never_sure_of_more_than_a_token_for_each_32_fresh_bytes) {
  stream_meter m;
  EXPECT_EQ(m.answer().least(), 0);
  m.take(text("x"));
  EXPECT_EQ(m.answer().least(), 1);
  m.take(text(std::string(1000, ' ')));
  EXPECT_EQ(m.answer().least(), 1) << "one token may be many blanks";
  std::string fresh;
  for (int i = 0; i < 100; ++i) fresh += "abcdefghij";
  m.take(text(fresh));
  EXPECT_EQ(m.answer().least(), 32);
  EXPECT_GE(m.answer().likely(), m.answer().least());
}

TEST(meter, low_is_what_was_surely_made_unless_the_vendor_broke_it_off) {
  const toy_book book;
  const auto b = basis_of(book, 5000, 1000);
  stream_meter m;
  m.take(text("some answer of more than a few bytes, so that two tokens are sure"));
  attempt_outcome o;
  account_broken(o, {}, b);
  EXPECT_TRUE(o.cost.low.is_zero());
  auto ours = o.cost;
  narrow(ours, {}, m, false, b);
  EXPECT_GT(ours.low, b.least_prompt);
  EXPECT_EQ(ours.high, b.quote.high) << "what it read is not known";
  auto theirs = o.cost;
  narrow(theirs, {}, m, true, b);
  EXPECT_TRUE(theirs.low.is_zero());
}

TEST(meter, high_is_what_the_vendor_read_and_all_that_it_may_still_answer) {
  const toy_book book;
  auto b = basis_of(book, 5000, 1000);
  const usage seen{.input = 1000, .output = 1, .reported = true};
  attempt_outcome o;
  account_broken(o, seen, b);
  auto narrowed = o.cost;
  narrow(narrowed, seen, {}, false, b);
  EXPECT_EQ(narrowed.high.to_string(), "0.003") << "1,000 read, 1,000 at most answered";
  EXPECT_EQ(narrowed.low.to_string(), "0.001") << "an answer counted before there is one";
  b.input_is_final = false;
  auto open = o.cost;
  narrow(open, seen, {}, false, b);
  EXPECT_EQ(open.high, b.quote.high) << "the vendor's tools may read more";
  b.input_is_final = true;
  usage searched = seen;
  searched.units["web_search"] = 1;
  auto with_tools = o.cost;
  narrow(with_tools, searched, {}, false, b);
  EXPECT_EQ(with_tools.high, b.quote.high);
}

// Whatever a vendor made of what it read, heard of or not, the interval has the bill.
TEST(meter, the_interval_contains_every_possible_bill) {
  const toy_book book;
  const auto b = basis_of(book, 4000, 500);
  for (const std::int64_t input : {10, 100, 4000})
    for (std::int64_t made = 1; made <= 500; made += 7)
      for (std::int64_t received = 0; received <= made; received += 13)
        for (const bool counted : {false, true}) {
          stream_meter m;
          // The longest tokens that there are.
          for (std::int64_t i = 0; i < received; ++i) m.take(text("abcdefghijk"));
          const usage seen =
              counted ? usage{.input = input, .output = 1, .reported = true} : usage{};
          if (counted) {
            m = {};
            m.take({.kind = event_kind::usage});
            for (std::int64_t i = 0; i < received; ++i) m.take(text("abcdefghijk"));
          }
          attempt_outcome o;
          account_broken(o, seen, b);
          narrow(o.cost, seen, m, false, b);
          const usage whole{.input = input, .output = made, .reported = true};
          const amount bill = catalog::price_usage(book.priced, whole, b.context).cost.value;
          ASSERT_LE(o.cost.low, bill) << input << ' ' << made << ' ' << received << counted;
          ASSERT_GE(o.cost.high, bill) << input << ' ' << made << ' ' << received << counted;
        }
}

TEST(meter, a_count_after_content_is_sure_and_one_before_it_is_not) {
  const toy_book book;
  const auto b = basis_of(book, 5000, 1000);
  const usage seen{.input = 1000, .output = 8, .reported = true};
  const auto low = [&](const stream_meter& m, bool by_vendor) {
    attempt_outcome o;
    account_broken(o, seen, b);
    narrow(o.cost, seen, m, by_vendor, b);
    return o.cost.low.to_string();
  };
  stream_meter m;
  m.take({.kind = event_kind::usage});
  EXPECT_EQ(low(m, false), "0.001");
  m.take(text("hi"));
  EXPECT_EQ(low(m, false), "0.001002");
  EXPECT_EQ(low(m, true), "0.001");
  m.take({.kind = event_kind::usage});
  EXPECT_EQ(low(m, true), "0.001016");
  m.take(text("ho"));
  EXPECT_EQ(low(m, false), "0.001018");
}

TEST(meter, the_running_cost_has_the_likely_one_and_the_vendors_count_corrects_it) {
  const toy_book book;
  const auto b = basis_of(book, 4000, 500);
  stream_meter m;
  m.take(text(std::string(400, 'a')));
  const cost before = running_cost({}, m, b);
  EXPECT_EQ(before.status, cost_status::interval);
  EXPECT_EQ(before.value.to_string(), "0.0003") << "100 likely read, 100 likely made";
  EXPECT_LE(before.low, before.value);
  EXPECT_GE(before.high, before.value);
  m.take({.kind = event_kind::usage});
  const usage seen{.input = 40, .output = 90, .reported = true};
  EXPECT_EQ(running_cost(seen, m, b).value.to_string(), "0.00022");
  m.take(text("1234"));
  EXPECT_EQ(running_cost(seen, m, b).value.to_string(), "0.000222");
  price_basis unpriced;
  EXPECT_EQ(running_cost(seen, m, unpriced).status, cost_status::unknown);
}

}  // namespace
}  // namespace ark::testing
