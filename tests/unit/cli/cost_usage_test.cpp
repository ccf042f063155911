#include "cli/cost_usage.hpp"

#include <gtest/gtest.h>

namespace ark::cli::worked::usage_test {
namespace {

used read(const char* json, const char* vendor = "x", const char* card = R"({"input":"1"})") {
  static price_card prices;
  prices = read_card(bj::parse(card).as_object(), {.currency = "USD"}).value();
  return read_usage(bj::parse(json).as_object(), {.vendor = vendor, .card = &prices});
}

TEST(a_worked_usage, is_read_by_the_dialect_of_its_form) {
  EXPECT_EQ(read(R"({"prompt_tokens":9,"completion_tokens":2})").tokens.output, 2);
  EXPECT_EQ(read(R"({"input_tokens":9,"cache_read_input_tokens":5})").tokens.cache_read, 5);
  EXPECT_EQ(read(R"({"promptTokenCount":9,"thoughtsTokenCount":4})").tokens.reasoning, 4);
  EXPECT_EQ(read(R"({"inputTokens":9,"outputTokens":2})").tokens.input, 9);
  EXPECT_EQ(read(R"({"billed_units":{"search_units":2}})").tokens.units.at("query"), 2);
  EXPECT_EQ(read(R"({"usage_info":{"pages_processed":3}})").tokens.units.at("ocr_page"), 3);
  EXPECT_FALSE(read("{}").tokens.reported);
}

TEST(a_worked_usage, tells_from_the_total_where_reasoning_stands) {
  const char* beside = R"({"prompt_tokens":32,"completion_tokens":9,"total_tokens":135,
                           "completion_tokens_details":{"reasoning_tokens":94}})";
  EXPECT_EQ(read(beside).tokens.output_total(), 103);
  EXPECT_EQ(read(beside).output, "output(completion+reasoning)");
  const char* within = R"({"prompt_tokens":32,"completion_tokens":103,"total_tokens":135,
                           "completion_tokens_details":{"reasoning_tokens":94}})";
  EXPECT_EQ(read(within, "xai").tokens.output_total(), 103);
}

TEST(a_worked_usage, takes_the_last_word_of_a_stream) {
  const auto u = read(R"({"_sse":[{"usage":{"prompt_tokens":1,"completion_tokens":1}},
                          "data: {\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":7}}",
                          "[DONE]"]})");
  EXPECT_EQ(u.tokens.output, 7);
  EXPECT_FALSE(u.incomplete);
  EXPECT_TRUE(read(R"({"_sse":["{\"type\":\"message_start\",\"message\":{\"usage\":)"
                   R"({\"input_tokens\":1,\"output_tokens\":1}}}"]})")
                  .incomplete);
  EXPECT_FALSE(read(R"({"_sse":["[DONE]"]})").tokens.reported);
}

TEST(a_worked_usage, keeps_what_the_vendor_charges) {
  EXPECT_EQ(
      to_string(*read(R"({"prompt_tokens":1,"cost_in_usd_ticks":232856000})").tokens.vendor_cost),
      "0.0232856 USD");
  EXPECT_EQ(to_string(*read(R"({"prompt_tokens":1,"cost":0.00014})").tokens.vendor_cost),
            "0.00014 USD");
}

TEST(a_worked_usage, of_an_image_endpoint_is_no_text) {
  const auto u =
      read(R"({"input_tokens":9,"input_tokens_details":{"text_tokens":5,"image_tokens":4},
                          "output_tokens":100})",
           "openai", R"({"input":"1","input_image":"2","output":"3","output_image":"4"})");
  EXPECT_EQ(u.tokens.input_image, 4);
  EXPECT_EQ(u.tokens.output_image, 100);
  EXPECT_EQ(u.tokens.output, 0);
  EXPECT_EQ(u.input, "input_text");
}

}  // namespace
}  // namespace ark::cli::worked::usage_test
