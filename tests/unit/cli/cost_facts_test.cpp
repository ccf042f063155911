#include <gtest/gtest.h>

#include "cli/cost_usage.hpp"

namespace ark::cli::worked::facts_test {
namespace {

used facts(const char* json, const char* card, std::string unit = "", std::string model = "") {
  static price_card prices;
  prices = read_card(bj::parse(card).as_object(), {.currency = "USD", .unit = unit}).value();
  used out;
  add_facts(bj::parse(json).as_object(),
            {.vendor = "x", .model = std::move(model), .card = &prices, .unit = unit}, out);
  return out;
}

TEST(a_fact, is_storage_by_tokens_and_hours) {
  const char* card = R"({"cache_storage":"1"})";
  EXPECT_EQ(facts(R"({"_context_cache":{"tokens":2000,"hours":24}})", card)
                .tokens.units.at("cache_storage"),
            48000);
  const auto part = facts(R"({"_cachedContent":{"totalTokenCount":1,"hours":"0.5"}})", card);
  EXPECT_EQ(part.fractions.at("cache_storage").to_string(), "0.5");
  EXPECT_TRUE(part.tokens.reported);
}

TEST(a_fact, is_searches_by_query_or_by_prompt) {
  const char* two = R"({"_groundingMetadata":{"webSearchQueries":["a","b"]}})";
  EXPECT_EQ(facts(two, "{}", "USD/1k queries").tokens.units.at("web_search"), 2);
  EXPECT_EQ(facts(two, "{}", "USD/1k prompts").tokens.units.at("web_search"), 1);
  EXPECT_EQ(facts(two, "{}", "", "gemini-2.5-pro").tokens.units.at("web_search"), 1);
  EXPECT_EQ(facts(two, "{}", "", "gemini-3.1-pro").search, "web_search_query");
}

TEST(a_fact, is_a_call_of_a_tool) {
  const auto u = facts(R"({"_output_items":["web_search_call","message","web_search_call",
                           {"type":"web_search_call","action":{"type":"open_page"}}]})",
                       "{}");
  EXPECT_EQ(u.tokens.units.at("web_search"), 2);
  EXPECT_EQ(u.tokens.units.size(), 1U);
}

TEST(a_fact, is_a_job) {
  EXPECT_EQ(facts(R"({"_job":{"seconds":"8"}})", "{}").tokens.units.at("video_generation"), 8);
  EXPECT_EQ(facts(R"({"_file_tokens":1000,"n_epochs":3})", "{}").tokens.units.at("training"), 3000);
  EXPECT_NE(facts(R"({"_file_tokens":1000,"n_epochs":"auto"})", "{}").reason, "");
  EXPECT_EQ(facts(R"({"_request":{"input":"\u4f60\u597d"}})", R"({"input_chars":"1"})")
                .tokens.units.at("input_chars"),
            2);
}

}  // namespace
}  // namespace ark::cli::worked::facts_test
