#include "catalog/select_price.hpp"

#include "make_model.hpp"

#include <gtest/gtest.h>

namespace ark::catalog {
namespace {

/// The price of one Mtok of prompt, or why there is none.
std::string input_price(const model& m, std::int64_t input, std::int64_t output,
                        const price_context& c = {}) {
  const price_facts facts = facts_of(c, input, output);
  const selection s = select_price(m, {"input"}, unit_facts::family::tokens, facts);
  return s.row != nullptr ? s.unit_price.to_string() : std::string(s.reason);
}

TEST(SelectPrice, ATierPricesTheWholeRequestByItsPrompt) {
  const model m = make_model(
      {per_mtok("input", "2.5", prompt(-1, 272000)), per_mtok("input", "5", prompt(272000, -1))});
  EXPECT_EQ(input_price(m, 272000, 0), "2.5");
  EXPECT_EQ(input_price(m, 272001, 0), "5");
}

TEST(SelectPrice, BeyondTheLastTierNothingIsKnown) {
  const model m = make_model(
      {per_mtok("input", "2", prompt(-1, 32000)), per_mtok("input", "4", prompt(32000, 256000))});
  EXPECT_EQ(input_price(m, 256000, 0), "4");
  EXPECT_EQ(input_price(m, 256001, 0), "no price row fits the size, the time or the kind");
}

TEST(SelectPrice, TheAnswersLengthMayPriceThePrompt) {
  condition brief = prompt(-1, 32000);
  brief.output_le = 200;
  const model m =
      make_model({per_mtok("input", "2", brief), per_mtok("input", "3", prompt(-1, 32000))});
  EXPECT_EQ(input_price(m, 30000, 200), "2");
  EXPECT_EQ(input_price(m, 30000, 201), "3");
}

TEST(SelectPrice, TheHigherOfTwoThresholdsCounts) {
  const model m = make_model({per_mtok("input", "1"), per_mtok("input", "2", prompt(100000, -1)),
                              per_mtok("input", "3", prompt(200000, -1))});
  EXPECT_EQ(input_price(m, 100000, 0), "1");
  EXPECT_EQ(input_price(m, 150000, 0), "2");
  EXPECT_EQ(input_price(m, 250000, 0), "3");
}

TEST(SelectPrice, TheServedTierCountsAndItsAbsenceIsUnknown) {
  const model m = make_model({per_mtok("input", "2"), per_mtok("input", "1", tier("flex")),
                              fee("web_search", "10", "thousand_calls")});
  EXPECT_EQ(input_price(m, 1, 1, {.service_tier = "flex"}), "1");
  for (const char* standard : {"", "default", "auto", "standard", "on_demand"})
    EXPECT_EQ(input_price(m, 1, 1, {.service_tier = standard}), "2") << standard;
  EXPECT_EQ(input_price(m, 1, 1, {.service_tier = "priority"}),
            "no price row for this service tier");
  EXPECT_EQ(input_price(m, 1, 1, {.batch = true}), "no price row for this service tier");
  // A fee for a tool is the same in all tiers.
  const price_context batch{.batch = true};
  const price_facts facts = facts_of(batch, 1, 1);
  EXPECT_NE(select_price(m, {"web_search"}, unit_facts::family::count, facts).row, nullptr);
}

TEST(SelectPrice, ATiersOwnRowGoesBeforeItsFactor) {
  const model m = make_model({per_mtok("input", "2"), per_mtok("output", "8"),
                              per_mtok("input", "0.9", tier("batch")),
                              fee("multiplier", "0.5", "x", tier("batch"))});
  EXPECT_EQ(input_price(m, 1, 1, {.batch = true}), "0.9");
  const price_context batch{.batch = true};
  const price_facts facts = facts_of(batch, 1, 1);
  EXPECT_EQ(select_price(m, {"output"}, unit_facts::family::tokens, facts).unit_price.to_string(),
            "4");
}

TEST(SelectPrice, FactorsHoldForTheirPlaceAndMultiply) {
  condition us, fast;
  us.attributes = {{"inference_geo", "us"}};
  fast.attributes = {{"speed", "fast"}};
  const model m = make_model({per_mtok("input", "5"), fee("multiplier", "1.1", "x", us),
                              fee("multiplier", "6", "x", fast)});
  EXPECT_EQ(input_price(m, 1, 1), "5");
  EXPECT_EQ(input_price(m, 1, 1, {.attributes = {{"inference_geo", "global"}}}), "5");
  EXPECT_EQ(input_price(m, 1, 1, {.attributes = {{"inference_geo", "us"}}}), "5.5");
  EXPECT_EQ(input_price(m, 1, 1, {.attributes = {{"inference_geo", "us"}, {"speed", "fast"}}}),
            "33");
}

TEST(SelectPrice, ThinkingHasItsOwnPrice) {
  condition thinking;
  thinking.thinking = true;
  const model m = make_model({per_mtok("input", "2"), per_mtok("input", "8", thinking)});
  EXPECT_EQ(input_price(m, 1, 1), "2");
  EXPECT_EQ(input_price(m, 1, 1, {.thinking = true}), "8");
}

model deepseek_like() {
  condition peak, rest;
  peak.period = "peak";
  rest.period = "off_peak";
  model m = make_model({per_mtok("input", "0.3", peak), per_mtok("input", "0.15", rest)});
  m.schedule = {.peak = {{60, 240}, {360, 600}},
                .off_peak_weekdays = 1U << 0 | 1U << 6,
                .weekday_utc_offset_minutes = 480};
  return m;
}

TEST(SelectPrice, PeakHoursAreHalfOpen) {
  const model m = deepseek_like();
  EXPECT_EQ(input_price(m, 1, 1, {.at = at(18, 0, 59)}), "0.15");
  EXPECT_EQ(input_price(m, 1, 1, {.at = at(18, 1)}), "0.3");
  EXPECT_EQ(input_price(m, 1, 1, {.at = at(18, 3, 59)}), "0.3");
  EXPECT_EQ(input_price(m, 1, 1, {.at = at(18, 4)}), "0.15");
  EXPECT_EQ(input_price(m, 1, 1, {.at = at(18, 6)}), "0.3");
  EXPECT_EQ(input_price(m, 1, 1, {.at = at(18, 10)}), "0.15");
}

TEST(SelectPrice, WeekendsAreCountedInTheVendorsZone) {
  const model m = deepseek_like();
  EXPECT_EQ(input_price(m, 1, 1, {.at = at(21, 2)}), "0.15");  // Saturday
  EXPECT_EQ(input_price(m, 1, 1, {.at = at(22, 7)}), "0.15");  // Sunday
  model west = m;
  west.schedule.weekday_utc_offset_minutes = -300;
  EXPECT_EQ(input_price(west, 1, 1, {.at = at(21, 2)}), "0.3");  // still Friday there
}

TEST(SelectPrice, WithoutATimeAPriceByTheHourIsUnknown) {
  EXPECT_EQ(input_price(deepseek_like(), 1, 1), "no price row fits the size, the time or the kind");
}

TEST(SelectPrice, WindowsMayPassMidnight) {
  condition night;
  night.utc_from_minute = 16 * 60 + 30;
  night.utc_to_minute = 30;
  const model m = make_model({per_mtok("input", "4"), per_mtok("input", "1", night)});
  EXPECT_EQ(input_price(m, 1, 1, {.at = at(18, 16, 29)}), "4");
  EXPECT_EQ(input_price(m, 1, 1, {.at = at(18, 16, 30)}), "1");
  EXPECT_EQ(input_price(m, 1, 1, {.at = at(18, 0, 29)}), "1");
  EXPECT_EQ(input_price(m, 1, 1, {.at = at(18, 0, 30)}), "4");
}

TEST(SelectPrice, APriceMayBeginOnADay) {
  condition later;
  later.start_day =
      std::chrono::sys_days{std::chrono::year{2026} / 11 / 18}.time_since_epoch().count();
  const model m =
      make_model({per_mtok("input", "2", prompt(-1, 1000)), per_mtok("input", "3", later)});
  EXPECT_EQ(input_price(m, 1, 1, {.at = at(17, 23, 59)}), "2");
  EXPECT_EQ(input_price(m, 1, 1, {.at = at(18, 0)}), "3");
}

TEST(SelectPrice, TwoRowsThatContradictAreUnknown) {
  const model m = make_model({per_mtok("input", "2"), per_mtok("input", "3")});
  EXPECT_EQ(input_price(m, 1, 1), "two price rows fit and say different prices");
  EXPECT_EQ(input_price(make_model({per_mtok("input", "2"), per_mtok("input", "2")}), 1, 1), "2");
}

TEST(SelectPrice, UnitsKnowWhatTheyCount) {
  EXPECT_EQ(facts_of_unit("Mtok").per, 1'000'000);
  EXPECT_EQ(facts_of_unit("thousand_calls").per, 1000);
  EXPECT_EQ(facts_of_unit("minute").per, 60);
  EXPECT_TRUE(facts_of_unit("started_hour").round_up);
  EXPECT_EQ(facts_of_unit("page").per, 1);
  EXPECT_EQ(facts_of_unit("page").counts, unit_facts::family::count);
}

}  // namespace
}  // namespace ark::catalog
