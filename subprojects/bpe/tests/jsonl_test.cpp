#include "bpe/jsonl.hpp"

#include <gtest/gtest.h>

#include "support.hpp"

namespace bpe::test {
namespace {

TEST(jsonl, counts_encodes_and_decodes_rows) {
  encoder with(small_vocabulary());
  EXPECT_EQ(*count_row(with, R"({"id":"a","text":"xyz","more":[1,{}]})"),
            R"({"id":"a","count":3})");
  EXPECT_EQ(*encode_row(with, R"({"text":"x\ny","id":7})"), R"({"id":7,"ids":[120,10,121]})");
  EXPECT_EQ(*encode_row(with, R"({"text":""})"), R"({"id":null,"ids":[]})");
  EXPECT_EQ(*decode_row(with.vocab(), R"({"id":7,"ids":[120,10,34,255]})"),
            "{\"id\":7,\"text\":\"x\\u000a\\\"\uFFFD\"}");
}

TEST(jsonl, half_a_surrogate_pair_is_the_replacement_character) {
  encoder with(small_vocabulary());
  EXPECT_EQ(*encode_row(with, R"({"text":"\ud800"})"), *encode_row(with, "{\"text\":\"\uFFFD\"}"));
}

TEST(jsonl, says_what_is_wrong_with_a_row) {
  encoder with(small_vocabulary());
  for (const auto* row : {"", "[]", "{\"id\":1}", "{\"text\":3}", "{\"text\":\"a\"} x"}) {
    EXPECT_FALSE(count_row(with, row).ok()) << row;
  }
  EXPECT_FALSE(decode_row(with.vocab(), R"({"ids":[-1]})").ok());
  EXPECT_FALSE(decode_row(with.vocab(), R"({"ids":[4999]})").ok());
}

}  // namespace
}  // namespace bpe::test
