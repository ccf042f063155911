#include "cli/cost_label.hpp"

#include <gtest/gtest.h>

namespace ark::cli::worked::label_test {
namespace {

std::string label(const char* dimension, const char* card_json, used u,
                  catalog::price_context at = {}, bool batch_endpoint = false) {
  const price_card card = read_card(bj::parse(card_json).as_object(), {.currency = "USD"}).value();
  return labels(u, card, at, batch_endpoint).of({.dimension = dimension});
}

TEST(a_line, is_called_by_how_the_vendor_counts) {
  used u{.tokens = {.input = 10, .cache_read = 5}, .cached_within = true};
  EXPECT_EQ(label("input", R"({"input":"1"})", u), "input_uncached");
  EXPECT_EQ(label("cache_read", R"({"input":"1"})", u), "cache_read");
  u.cached_within = false;
  EXPECT_EQ(label("input", R"({"input":"1"})", u), "input");
  u.input = "cache_miss";
  EXPECT_EQ(label("input", R"({"input":"1"})", u), "cache_miss");
  EXPECT_EQ(label("reasoning", R"({"output":"1"})", {}), "output");
  EXPECT_EQ(label("reasoning", R"({"reasoning":"1"})", {}), "reasoning");
  EXPECT_EQ(label("audio", R"({"audio":"1"})", {.tokens = {.units = {{"audio", 3}}}}),
            "audio_seconds");
}

TEST(a_line, says_why_its_price_is_not_the_standard_one) {
  const char* tiers = R"({"input":"1","over_200k":{"input":"2"},"over_400k":{"input":"3"}})";
  EXPECT_EQ(label("input", tiers, {.tokens = {.input = 200'000}}), "input");
  EXPECT_EQ(label("input", tiers, {.tokens = {.input = 200'001}}), "input@>200k");
  EXPECT_EQ(label("input", tiers, {.tokens = {.input = 500'000}}), "input@>400k");
  EXPECT_EQ(label("input", R"({"batch":{"input":"1"}})", {}, {.batch = true}, true), "input@batch");
  EXPECT_EQ(
      label("input", R"({"input":"2","batch_multiplier":"0.5"})", {}, {.service_tier = "batch"}),
      "input*0.5");
  EXPECT_EQ(label("output", R"({"tiers":[{"output":"1","output_thinking":"4"}]})", {},
                  {.thinking = true}),
            "output_thinking");
}

}  // namespace
}  // namespace ark::cli::worked::label_test
