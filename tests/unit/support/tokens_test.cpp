#include "sim/tokens.hpp"

#include <gtest/gtest.h>

namespace ark::testing {

TEST(tokens, four_bytes_are_one_rounded_up) {
  EXPECT_EQ(count_tokens(""), 0);
  EXPECT_EQ(count_tokens("abcd"), 1);
  EXPECT_EQ(count_tokens("abcde"), 2);
}

TEST(tokens, pieces_never_split_a_character) {
  const std::string text = "aé漢字𝄞 end";
  std::string joined;
  for (const auto piece : token_pieces(text)) {
    ASSERT_FALSE(piece.empty());
    EXPECT_NE(static_cast<unsigned char>(piece[0]) & 0xC0, 0x80);
    joined += piece;
  }
  EXPECT_EQ(joined, text);
}

TEST(tokens, first_tokens_takes_whole_pieces) {
  EXPECT_EQ(first_tokens("abcdefghij", 2), "abcdefgh");
  EXPECT_EQ(first_tokens("abc", 5), "abc");
  EXPECT_EQ(first_tokens("abc", 0), "");
}

TEST(tokens, image_sizes_are_read_from_headers) {
  const std::string png("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\2\x80\0\0\1\xe0", 24);
  const std::string gif("GIF89a\x40\x01\xc8\x00", 10);
  const std::string jpeg("\xFF\xD8\xFF\xE0\0\4ab\xFF\xC0\0\x11\x08\0\x64\0\xC8\3\0\0", 20);
  EXPECT_EQ(image_dimensions(png)->width, 640u);
  EXPECT_EQ(image_dimensions(png)->height, 480u);
  EXPECT_EQ(image_dimensions(gif)->width, 320u);
  EXPECT_EQ(image_dimensions(jpeg)->width, 200u);
  EXPECT_EQ(image_dimensions(jpeg)->height, 100u);
  EXPECT_FALSE(image_dimensions("\xFF\xD8\xFF"));
  EXPECT_FALSE(image_dimensions("not an image"));
}

TEST(tokens, images_cost_by_size) {
  EXPECT_EQ(openai_image_tokens(image_size{512, 512}, false), 255);
  EXPECT_EQ(openai_image_tokens(image_size{513, 512}, false), 425);
  EXPECT_EQ(openai_image_tokens(image_size{4000, 4000}, true), 85);
  EXPECT_EQ(anthropic_image_tokens(image_size{750, 100}), 100);
  EXPECT_EQ(anthropic_image_tokens(image_size{9000, 9000}), 1600);
}

TEST(tokens, base64_is_decoded_or_refused) {
  EXPECT_EQ(decode_base64("Zm9vYmFy"), "foobar");
  EXPECT_EQ(decode_base64("Zm9vYg=="), "foob");
  EXPECT_EQ(decode_base64("Zm9vYmE="), "fooba");
  EXPECT_EQ(decode_base64("/+8="), std::string("\xff\xef"));
  EXPECT_FALSE(decode_base64("Zm9v!"));
}

}  // namespace ark::testing
