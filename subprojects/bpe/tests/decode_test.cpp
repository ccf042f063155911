#include <gtest/gtest.h>

#include "support.hpp"

namespace bpe::test {
namespace {

const std::vector<token_id> broken = {'a', 0xE4, 0xBD, 'b', 0xFF, 0xF0, 0x9F};

TEST(decode, gives_bytes_as_they_are) {
  EXPECT_EQ(*decode(small_vocabulary(), broken),
            "a\xE4\xBD"
            "b\xFF\xF0\x9F");
}

TEST(decode, replaces_each_invalid_part_once) {
  EXPECT_EQ(*decode(small_vocabulary(), broken, utf8::lossy), "a\uFFFDb\uFFFD\uFFFD");
}

TEST(decode, refuses_invalid_bytes_when_strict) {
  const auto out = decode(small_vocabulary(), broken, utf8::strict);
  ASSERT_FALSE(out.ok());
  EXPECT_EQ(out.failure().code, errc::invalid_utf8);
  EXPECT_NE(out.failure().message.find("byte 1"), std::string::npos);
  const std::vector<token_id> whole = {0xE4, 0xBD, 0xA0};
  EXPECT_EQ(*decode(small_vocabulary(), whole, utf8::strict), "你");
}

TEST(decode, knows_which_ids_there_are) {
  const std::vector<token_id> ids = {4999};
  const auto out = decode(small_vocabulary(), ids);
  ASSERT_FALSE(out.ok());
  EXPECT_EQ(out.failure().code, errc::unknown_id);
  const std::vector<token_id> huge = {0xFFFFFFFF};
  EXPECT_FALSE(decode(small_vocabulary(), huge).ok());
  const std::vector<token_id> special_ids = {5000};
  EXPECT_EQ(*decode(small_vocabulary(), special_ids), "<|end|>");
}

TEST(decode, undoes_marks_of_spaces_and_byte_tokens) {
  const auto vocab = vocabulary::from_tokenizer_json(metaspace_json(), "spaces");
  encoder with(*vocab);
  for (const std::string_view text : {" ab c", "世界 é", "x\xFF\U0001F600", "  a  b"}) {
    EXPECT_EQ(*decode(*vocab, encoded(with, text)), text);
  }
}

}  // namespace
}  // namespace bpe::test
