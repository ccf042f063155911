#include "dialect/logprobs.hpp"

#include <gtest/gtest.h>

namespace ark::test {
namespace {

std::vector<token_logprob> read(std::string_view text) {
  json::reader reader;
  const auto root = reader.parse(text);
  dialect::reply_builder out;
  if (root) dialect::read_logprobs(*root, out);
  return out.reply().logprobs;
}

TEST(logprobs, tokens_with_their_bytes_and_rivals) {
  EXPECT_EQ(read(R"([{"token":"\u00e9","logprob":0,"bytes":[195,169],)"
                 R"("top_logprobs":[{"token":"e","logprob":-2.5,"bytes":null}]},{"token":"x"}])"),
            (std::vector<token_logprob>{
                {.chosen = {.token = "\xc3\xa9", .logprob = 0, .bytes = "\xc3\xa9"},
                 .top = {{.token = "e", .logprob = -2.5}}},
                {.chosen = {.token = "x"}}}));
}

TEST(logprobs, anything_else_is_passed_over) {
  EXPECT_TRUE(read("{}").empty());
  EXPECT_TRUE(read("null").empty());
  EXPECT_EQ(read(R"([7,{"token":5,"logprob":"x","top_logprobs":3}])").size(), 2u);
}

TEST(logprobs, more_than_the_limit_is_an_error) {
  dialect::reply_builder out(nullptr, {.text_bytes = 100});
  out.logprob({});
  out.logprob({.chosen = {}, .top = {{}, {}}});
  ASSERT_TRUE(out.failure());
  EXPECT_EQ(out.failure()->code, errc::too_large);
}

}  // namespace
}  // namespace ark::test
