#include "tokens/rows.hpp"

#include "tests/unit/tokens/tokens_support.hpp"

namespace ark::test::tokens {
namespace {

using ark::tokens::count_row;
using ark::tokens::decode_row;
using ark::tokens::encode_row;
using ark::tokens::error_row;

struct rows : installed {};

TEST_F(rows, are_counted_encoded_and_decoded) {
  auto with = toy();
  const auto text = special_tokens::as_text;
  EXPECT_EQ(*count_row(with, R"({"id":"a","text":"hello world"})", text),
            R"({"id":"a","count":2})");
  EXPECT_EQ(*encode_row(with, R"({"text":"hello world","id":7})", text),
            R"({"id":7,"ids":[259,264]})");
  EXPECT_EQ(*decode_row(with, R"({"id":null,"ids":[259,264]})"),
            R"({"id":null,"text":"hello world"})");
  EXPECT_EQ(*encode_row(with, R"({"id":1,"text":"<|end|>"})", special_tokens::allow),
            R"({"id":1,"ids":[300]})");
}

TEST_F(rows, that_are_wrong_are_the_callers_mistake) {
  auto with = toy();
  for (const char* row : {"{", "[]", R"({"id":1})", R"({"id":1,"text":5})", "", "\xff"}) {
    const auto failed = count_row(with, row, special_tokens::as_text);
    ASSERT_FALSE(failed) << row;
    EXPECT_EQ(failed.error().code, errc::invalid_request) << row;
  }
  EXPECT_EQ(decode_row(with, R"({"ids":[290]})").error().code, errc::invalid_request);
  EXPECT_EQ(count_row(with, R"({"text":"<|end|>"})", special_tokens::refuse).error().code,
            errc::invalid_request);
}

TEST_F(rows, with_errors_keep_their_id) {
  const error wrong{.code = errc::invalid_request, .message = "why"};
  EXPECT_EQ(error_row(R"({"id":"a","text":3})", 7, wrong),
            R"({"id":"a","line":7,"error":{"code":"invalid_request","message":"why"}})");
  EXPECT_EQ(error_row("{", 8, wrong),
            R"({"id":null,"line":8,"error":{"code":"invalid_request","message":"why"}})");
}

TEST_F(rows, of_estimates_say_so) {
  auto with = tokenizer::estimating("nobody knows");
  const auto row =
      count_row(with, R"({"id":[1,"x"],"text":"some words"})", special_tokens::as_text);
  ASSERT_TRUE(row);
  EXPECT_TRUE(row->starts_with(R"({"id":[1,"x"],"count":)")) << *row;
  EXPECT_TRUE(row->ends_with(R"("provenance":"estimate"})")) << *row;
  EXPECT_NE(row->find(R"("low":)"), std::string::npos);
  EXPECT_EQ(count_row(with, "{}", special_tokens::as_text).error().code, errc::invalid_request);
  EXPECT_EQ(count_row(with, "{", special_tokens::as_text).error().code, errc::invalid_request);
  EXPECT_EQ(encode_row(with, R"({"text":"x"})", special_tokens::as_text).error().code,
            errc::not_found);
  EXPECT_EQ(decode_row(with, R"({"ids":[1]})").error().code, errc::not_found);
}

}  // namespace
}  // namespace ark::test::tokens
