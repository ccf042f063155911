#include "make_model.hpp"

#include <gtest/gtest.h>

namespace ark::catalog {
namespace {

TEST(Describe, ConditionsReadAsWords) {
  EXPECT_EQ(to_string(condition{}), "");
  condition c = prompt(32000, 128000);
  c.output_le = 200;
  EXPECT_EQ(to_string(c), "prompt over 32,000 to 128,000 tokens, answer up to 200 tokens");
  condition d = tier("flex");
  d.input_gt = 272000;
  d.thinking = false;
  EXPECT_EQ(to_string(d), "prompt over 272,000 tokens, service tier flex, not thinking");
  condition e;
  e.utc_from_minute = 16 * 60 + 30;
  e.utc_to_minute = 30;
  e.start_day = 20454;
  e.attributes = {{"inference_geo", "us"}};
  EXPECT_EQ(to_string(e), "16:30-00:30 UTC, from 2026-01-01, inference geo us");
}

TEST(Describe, PeakHoursAreSpelledOut) {
  condition peak;
  peak.period = "peak";
  model m = make_model({per_mtok("input", "3", peak)});
  m.schedule = {.peak = {{60, 240}}, .off_peak_weekdays = 1, .weekday_utc_offset_minutes = 480};
  const model_info info = describe(m);
  ASSERT_EQ(info.prices.size(), 1U);
  EXPECT_EQ(info.prices[0].condition, "peak hours (01:00-04:00 UTC, not Sun (days at UTC+08:00))");
  EXPECT_EQ(info.prices[0].value.to_string(), "3");
  EXPECT_EQ(info.prices[0].unit, "Mtok");
}

TEST(PriceHash, IsOfThePricesAlone) {
  const model a = make_model({per_mtok("input", "2"), per_mtok("output", "8")});
  model b = make_model({per_mtok("output", "8"), per_mtok("input", "2")}, "another");
  b.info.source = "elsewhere";
  b.notes = {"a note"};
  EXPECT_EQ(price_hash(a), price_hash(b));
  EXPECT_EQ(a.hash.size(), 64U);
  EXPECT_EQ(a.hash.find_first_not_of("0123456789abcdef"), std::string::npos);
}

TEST(PriceHash, ChangesWithAmountCurrencyConditionAndHours) {
  const model a = make_model({per_mtok("input", "2")});
  EXPECT_NE(price_hash(a), price_hash(make_model({per_mtok("input", "2.000001")})));
  EXPECT_NE(price_hash(a), price_hash(make_model({per_mtok("input", "2")}, "m", "CNY")));
  EXPECT_NE(price_hash(a), price_hash(make_model({per_mtok("input", "2", tier("flex"))})));
  model hours = a;
  hours.schedule.peak = {{60, 240}};
  EXPECT_NE(price_hash(a), price_hash(hours));
}

TEST(PriceHash, IsSha256) {
  // printf 'USD\ninput|2|Mtok|\n' | sha256sum
  EXPECT_EQ(price_hash(make_model({per_mtok("input", "2")})),
            "e14d12ed70384a5b9dec11e6cb60a7744c951b33a371c18800219cbef12cdf33");
}

}  // namespace
}  // namespace ark::catalog
