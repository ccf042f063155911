#include "cli/cost_card.hpp"

#include <gtest/gtest.h>

namespace ark::cli::worked::card_test {
namespace {

result<price_card> card(const char* json, std::string unit = "USD/Mtok",
                        std::vector<std::string> places = {}) {
  return read_card(bj::parse(json).as_object(),
                   {.currency = "USD", .unit = std::move(unit), .places = std::move(places)});
}

std::string rows(const result<price_card>& read) {
  if (!read) return read.error().message;
  std::string out;
  for (const auto& p : read->model.prices)
    out += p.dimension + " " + p.value.to_string() + "/" + p.unit + " [" +
           catalog::to_string(p.when) + "]\n";
  return out;
}

TEST(a_card, is_rows_of_the_catalogue) {
  EXPECT_EQ(rows(card(R"({"input":"2","output":8,"unit":"USD/Mtok"})")),
            "input 2/Mtok []\noutput 8/Mtok []\n");
  EXPECT_EQ(rows(card(R"({"over_200k":{"input":"4"},"ge_1m":{"input":"5"}})")),
            "input 4/Mtok [prompt over 200,000 tokens]\n"
            "input 5/Mtok [prompt over 999,999 tokens]\n");
  EXPECT_EQ(rows(card(R"({"tiers":[{"input_le":32000,"output_le_200":"2","output":"8"},)"
                      R"({"input":"3","output_thinking":"4"}]})")),
            "output 2/Mtok [prompt up to 32,000 tokens, answer up to 200 tokens]\n"
            "output 8/Mtok [prompt up to 32,000 tokens]\n"
            "input 3/Mtok [prompt over 32,000 tokens]\n"
            "output 4/Mtok [prompt over 32,000 tokens, thinking]\n");
}

TEST(a_card, says_units_in_words) {
  EXPECT_EQ(rows(card(R"({"input":"0.015"})", "CNY/1k tokens")), "input 15/Mtok []\n");
  EXPECT_EQ(rows(card(R"({"web_search":"10"})", "USD/Mtok; USD/1k calls")),
            "web_search 10/thousand_calls []\n");
  EXPECT_EQ(rows(card(R"({"web_search":"0.035"})", "USD/Mtok; USD/query")),
            "web_search 0.035/call []\n");
  EXPECT_EQ(rows(card(R"({"request":"0.005"})", "")), "request 0.005/call []\n");
  EXPECT_EQ(rows(card(R"({"request":{"low":"5"}})", "USD/Mtok; USD/1k requests")),
            "request 5/thousand_calls [search context size low]\n");
  EXPECT_EQ(rows(card(R"({"audio":"0.1"})", "USD/hour")), "audio 0.1/hour []\n");
  EXPECT_EQ(rows(card(R"({"input_chars":"15"})", "USD/Mchar")), "input_chars 15/Mchar []\n");
  EXPECT_EQ(rows(card(R"({"cache_storage":"1"})", "USD/Mtok/hour")),
            "cache_storage 1/Mtok_hour []\n");
}

TEST(a_card, keeps_ratios_where_two_conditions_meet) {
  const auto read = card(
      R"({"input":"2.5","cache_read":"0.25","over_272k":{"input":"5"},"batch":{"input":"1.25"}})");
  const std::string all = rows(read);
  EXPECT_NE(all.find("input 2.5/Mtok [prompt over 272,000 tokens, service tier batch]"),
            std::string::npos)
      << all;
  EXPECT_NE(all.find("cache_read 0.125/Mtok [service tier batch]"), std::string::npos) << all;
}

TEST(a_card, has_factors_for_places_that_are_not_the_standard_one) {
  const char* one = R"({"multiplier":"1.1"})";
  EXPECT_EQ(rows(card(one)), "multiplier 1.1/x []\n");
  EXPECT_EQ(rows(card(one, "", {"us", "standard"})), "multiplier 1.1/x []\n");
  EXPECT_EQ(rows(card(one, "", {"global"})), "");
  EXPECT_EQ(rows(card(R"({"multiplier":{"us":"1.1","fast":"6"}})", "", {"fast"})),
            "multiplier 6/x []\n");
}

TEST(a_card, says_what_it_cannot_be) {
  EXPECT_EQ(rows(card(R"({"no such key":"2"})")), R"(the price card's "no such key" is not known)");
  for (const char* wrong :
       {R"({"input":"two"})", R"({"input":-1})", R"({"multiplier":"x"})", R"({"tiers":[1]})",
        R"({"schedule":"now and then"})", R"({"over_200k":3})", R"({"batch_multiplier":0})"})
    EXPECT_FALSE(card(wrong)) << wrong;
}

}  // namespace
}  // namespace ark::cli::worked::card_test
