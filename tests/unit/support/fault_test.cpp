#include "sim/fault.hpp"

#include <gtest/gtest.h>

namespace ark::testing {

namespace {
int count_matches(std::string_view rule, int requests, std::uint64_t seed = 1) {
  auto parsed = fault_rule::parse(rule).value();
  int count = 0;
  for (int i = 0; i < requests; ++i) count += parsed.matches({.model = "gpt-x"}, seed) ? 1 : 0;
  return count;
}
}  // namespace

TEST(fault, effects_are_read) {
  const auto rule =
      fault_rule::parse("status=503,retry-after=1,code=busy,delay=2s,cut-after=1K").value();
  EXPECT_EQ(rule.effect().status, 503);
  EXPECT_EQ(rule.effect().retry_after, "1");
  EXPECT_EQ(rule.effect().code, "busy");
  EXPECT_EQ(rule.effect().delay, std::chrono::seconds(2));
  EXPECT_EQ(rule.effect().cut_after, 1024);
  EXPECT_TRUE(fault_rule::parse("reset").value().effect().reset);
  EXPECT_TRUE(fault_rule::parse("html=502").value().effect().html);
  EXPECT_EQ(fault_rule::parse("huge=1G").value().effect().huge, std::int64_t{1} << 30);
}

TEST(fault, mistakes_are_named) {
  for (const auto* bad :
       {"", "statsu=503", "status=200", "status=x", "reset=1", "cut-after", "malformed-frame=0",
        "delay=soon", "status=503@nth=0", "status=503@rate=2", "status=503@color=red", "code",
        "status=503@model="}) {
    const auto rule = fault_rule::parse(bad);
    ASSERT_FALSE(rule) << bad;
    EXPECT_EQ(rule.error().code, errc::invalid_request);
    EXPECT_NE(rule.error().message.find('"'), std::string::npos) << bad;
  }
}

TEST(fault, counting_matchers) {
  EXPECT_EQ(count_matches("reset", 10), 10);
  EXPECT_EQ(count_matches("reset@nth=3", 10), 1);
  EXPECT_EQ(count_matches("reset@every=5", 10), 2);
  EXPECT_EQ(count_matches("reset@first=4", 10), 4);
  EXPECT_EQ(count_matches("reset@model=claude", 10), 0);
}

TEST(fault, rate_follows_the_seed) {
  const int hits = count_matches("reset@rate=0.2", 1000);
  EXPECT_NEAR(hits, 200, 60);
  EXPECT_EQ(hits, count_matches("reset@rate=0.2", 1000));
  auto rule = fault_rule::parse("reset@rate=0.5").value(), same = rule;
  int differ = 0;
  for (int i = 0; i < 100; ++i) differ += rule.matches({}, 1) != same.matches({}, 2) ? 1 : 0;
  EXPECT_GT(differ, 20);
  EXPECT_EQ(count_matches("reset@rate=0", 100), 0);
}

TEST(fault, text_matchers_look_at_their_field) {
  auto rule = fault_rule::parse("reset@model=gpt*@prompt=hello@stream").value();
  EXPECT_TRUE(rule.matches({.model = "gpt-5", .prompt = "oh hello", .stream = true}, 1));
  EXPECT_FALSE(rule.matches({.model = "a-gpt", .prompt = "oh hello", .stream = true}, 1));
  EXPECT_FALSE(rule.matches({.model = "gpt-5", .prompt = "oh", .stream = true}, 1));
  EXPECT_FALSE(rule.matches({.model = "gpt-5", .prompt = "oh hello"}, 1));
}

TEST(fault, help_names_every_effect) {
  for (const auto* word :
       {"status=", "delay=", "stall-after=", "cut-after=", "malformed-frame=", "error-in-stream=",
        "reset", "lost-answer", "@nth=", "@every=", "@rate="})
    EXPECT_NE(fault_help().find(word), std::string_view::npos) << word;
}

}  // namespace ark::testing
