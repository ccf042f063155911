#include "cli/cost_context.hpp"

#include <gtest/gtest.h>

#include "adapters/rows.hpp"

namespace ark::cli::worked::context_test {
namespace {

bj::object object(const char* json) { return bj::parse(json).as_object(); }

std::int64_t seconds(std::string_view text) {
  return std::chrono::duration_cast<std::chrono::seconds>(read_time(text).time_since_epoch())
      .count();
}

TEST(a_cases_time, may_have_an_offset) {
  EXPECT_EQ(seconds("2026-11-18T05:00:00Z"), 1794978000);
  EXPECT_EQ(seconds("2026-11-18T13:00:00+08:00"), 1794978000);
  EXPECT_EQ(seconds("2026-11-18T00:30:00.5-0430"), 1794978000);
  EXPECT_EQ(seconds("2026-11-18 05:00"), 1794978000);
  EXPECT_EQ(seconds("2026-11-18"), 1794960000);
  for (const char* wrong : {"", "yesterday", "2026-13-01", "2026-11-18Txx:00:00Z"})
    EXPECT_EQ(seconds(wrong), 0) << wrong;
}

TEST(a_cases_context, is_flat_or_nested) {
  const auto flat = read_context(object(R"({"context":{"response.service_tier":"flex"}})"));
  const auto nested = read_context(object(R"({"context":{"response":{"service_tier":"flex"}}})"));
  EXPECT_EQ(flat.served_tier, "flex");
  EXPECT_EQ(nested.served_tier, "flex");
}

TEST(a_cases_context, prefers_the_tier_that_was_served) {
  const auto both = read_context(object(
      R"({"context":{"request.service_tier":"priority","response.service_tier":"default"}})"));
  EXPECT_EQ(price_context_of(both, {}, {}).service_tier, "default");
  const auto asked = read_context(object(R"({"context":{"request.service_tier":"priority"}})"));
  EXPECT_EQ(price_context_of(asked, {}, {}).service_tier, "priority");
  EXPECT_EQ(price_context_of(asked, {.service_tier = "standard"}, {}).service_tier, "standard");
}

TEST(a_cases_context, names_places) {
  const auto places = [](const char* c, const char* usage) {
    const bj::object o = object(c);
    return places_of(o, read_context(o), object(usage));
  };
  using words = std::vector<std::string>;
  EXPECT_EQ(places(R"({"context":{"data_residency":"eu"}})", "{}"), words{"eu"});
  EXPECT_EQ(places("{}", R"({"inference_geo":"us"})"), words{"us"});
  EXPECT_EQ(places(R"({"model":"us.anthropic.x"})", "{}"), words{"us"});
  EXPECT_EQ(places(R"({"model":"gpt-4.1"})", "{}"), words{});
  EXPECT_EQ(places(R"({"model":"arn:aws:bedrock:us-east-1:1:inference-profile/global.x"})", "{}"),
            words{"global"});
}

TEST(a_cases_fees, that_the_card_leaves_out_are_the_catalogues) {
  const auto book =
      catalog::load_book({adapters::vendor_rows(), adapters::model_rows()}, {}, {}).value();
  ASSERT_NE(vendor_row(*book, "aws-bedrock"), nullptr);
  EXPECT_EQ(vendor_row(*book, "nobody"), nullptr);
  price_card card = read_card(object(R"({"input":"1"})"), {.currency = "USD"}).value();
  used u;
  u.tokens.units["web_search"] = 1;
  complete_fees(object(R"({"vendor":"anthropic","model":"claude-of-tomorrow"})"), *book, u, card);
  ASSERT_TRUE(card.prices("web_search"));
  EXPECT_EQ(card.model.prices.back().value.to_string(), "10");
  EXPECT_EQ(u.notes.size(), 1U);
}

}  // namespace
}  // namespace ark::cli::worked::context_test
