#include "dialect/token_count.hpp"

#include <gtest/gtest.h>

namespace ark::dialect {
namespace {

result<token_count_reply> count(std::string_view body, std::string_view where) {
  const wire::http_head head{200, {}};
  return read_token_count({head, body}, where, "r1");
}

TEST(token_count, a_number_or_the_length_of_a_list) {
  const auto got = count(R"({"a":{"n":12}})", "a.n");
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->input_tokens, 12);
  EXPECT_EQ(got->request_id, "r1");
  EXPECT_FALSE(got->usage.reported) << "counting is no usage";
  EXPECT_EQ(count(R"({"n":0})", "n")->input_tokens, 0);
  EXPECT_EQ(count(R"({"n":3.0})", "n")->input_tokens, 3);
  EXPECT_EQ(count(R"({"tokens":[9707,11,0]})", "tokens")->input_tokens, 3);
  EXPECT_EQ(count(R"({"tokens":[]})", "tokens")->input_tokens, 0);
}

TEST(token_count, anything_else_is_no_count) {
  for (const char* bad : {"", "[]", "{}", R"({"n":null})", R"({"n":"12"})", R"({"n":-1})",
                          R"({"n":{}})", R"({"n":1.5})", R"({"N":1})"}) {
    const auto got = count(bad, "n");
    ASSERT_FALSE(got) << bad;
    EXPECT_EQ(got.error().code, errc::protocol);
    EXPECT_EQ(got.error().http_status, 200);
    EXPECT_EQ(got.error().request_id, "r1");
  }
}

}  // namespace
}  // namespace ark::dialect
