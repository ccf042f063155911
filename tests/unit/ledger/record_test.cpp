#include "ledger/record.hpp"

#include "ledger_fixture.hpp"

namespace ark::testing {
namespace {

class record_test : public ledger_fixture {};

TEST(amount_split, is_exact_and_keeps_the_sign) {
  for (const char* text : {"0", "0.000000000000001", "-0.000000000000001", "12.345678901234",
                           "-3.5", "9223372036854.775806999999999"}) {
    const amount a = money_of(text);
    const auto parts = detail::split(a);
    ASSERT_TRUE(parts) << text;
    EXPECT_EQ(detail::join(parts->micro, parts->femto), a) << text;
    EXPECT_FALSE(parts->micro > 0 && parts->femto < 0);
    EXPECT_FALSE(parts->micro < 0 && parts->femto > 0);
  }
  EXPECT_FALSE(detail::split(money_of("9223372036855")));
}

TEST(intent_check, refuses_what_cannot_be_recorded) {
  attempt_intent i = intent(1);
  EXPECT_TRUE(detail::check(i));
  i.attempt_id = 0;
  EXPECT_FALSE(detail::check(i));
  i = intent(1);
  i.quote = exact("99999999999999");
  EXPECT_FALSE(detail::check(i));
  i = intent(1);
  i.tags["big"] = std::string(70'000, 'x');
  const auto refused = detail::check(i);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::invalid_request);
  EXPECT_NE(refused.error().message.find("64 KiB"), std::string::npos);
}

// P07
TEST(intent_repair, replaces_bytes_that_are_no_text) {
  attempt_intent i = intent(1);
  i.tags["note"] = "caf\xc3\xa9";
  EXPECT_FALSE(detail::repair(i));
  i.tags["note"] =
      "a\xff"
      "b";
  i.user = std::string("x\0y", 3);
  const auto fixed = detail::repair(i);
  ASSERT_TRUE(fixed);
  EXPECT_EQ(fixed->tags.at("note"),
            "a\xEF\xBF\xBD"
            "b");
  EXPECT_EQ(fixed->user, "x\xEF\xBF\xBDy");
}

TEST(outcome_repair, absurd_usage_is_told_and_not_booked) {
  EXPECT_FALSE(detail::repair(outcome(1)));
  for (const std::int64_t absurd : {std::int64_t{-1}, std::int64_t{1'000'000'000'000'001}}) {
    auto o = outcome(1);
    o.usage.output = absurd;
    const auto fixed = detail::repair(o);
    ASSERT_TRUE(fixed);
    EXPECT_EQ(fixed->outcome.cost.status, cost_status::unknown);
    EXPECT_FALSE(fixed->outcome.usage.reported);
    EXPECT_NE(fixed->note.find("output = " + std::to_string(absurd)), std::string::npos);
  }
}

TEST(outcome_repair, cuts_overlong_vendor_text_between_characters) {
  auto o = outcome(1);
  o.request_id = std::string(1023, 'a') + "\xc3\xa9tail";
  const auto fixed = detail::repair(o);
  ASSERT_TRUE(fixed);
  EXPECT_EQ(fixed->outcome.request_id, std::string(1023, 'a'));
  EXPECT_TRUE(fixed->note.empty());
  EXPECT_EQ(fixed->outcome.cost, o.cost);
}

// L17
TEST_F(record_test, absurd_usage_is_an_unknown_cost_in_the_ledger) {
  open();
  auto o = outcome(1);
  o.usage.output = -1;
  ASSERT_TRUE(commit(*to, {intent(1), o}));
  const auto e = book.list({}).value().at(0);
  EXPECT_EQ(e.state, attempt_state::settled);
  EXPECT_EQ(e.cost.status, cost_status::unknown);
  EXPECT_NE(e.note.find("output = -1"), std::string::npos);
  EXPECT_EQ(book.report({}, {}).value().at(0).unknown_cost, 1);
}

}  // namespace
}  // namespace ark::testing
