#include "client/media_tokens.hpp"

#include <gtest/gtest.h>

namespace ark {
namespace {

TEST(media_tokens, an_image_costs_as_much_whatever_its_size) {
  EXPECT_EQ(most_media_tokens(image_part{.url = "https://h.test/i.png"}), most_image_tokens);
  EXPECT_EQ(most_media_tokens(image_part{.bytes = "x", .media_type = "image/png"}),
            most_image_tokens);
  EXPECT_EQ(most_media_tokens(
                image_part{.bytes = std::string(5'000'000, 'x'), .media_type = "image/png"}),
            most_image_tokens);
  EXPECT_GE(most_image_tokens, 2'833 + 8 * 5'667) << "gpt-4o-mini, high detail";
}

TEST(media_tokens, other_media_by_their_bytes_or_else_a_context_window) {
  EXPECT_EQ(most_media_tokens(audio_part{.bytes = std::string(300, 'x')}), 400);
  EXPECT_EQ(most_media_tokens(video_part{.url = "data:video/mp4;base64,AAAA"}), 26);
  EXPECT_EQ(most_media_tokens(document_part{.bytes = std::string(300, 'x')}),
            400 + most_image_tokens);
  EXPECT_EQ(
      most_media_tokens(document_part{.bytes = std::string(300, 'x'), .media_type = "text/plain"}),
      400);
  EXPECT_GE(most_media_tokens(video_part{.url = "https://h.test/v"}), 1'000'000);
  EXPECT_GE(most_media_tokens(document_part{.file_id = "f"}), 1'000'000);
  EXPECT_EQ(most_media_tokens(text_part{"t"}), 0);
  EXPECT_EQ(most_media_tokens(tool_result_part{}), 0);
}

TEST(media_tokens, what_of_them_is_in_the_request) {
  EXPECT_EQ(inline_bytes(image_part{.bytes = "1234"}), 8);
  EXPECT_EQ(inline_bytes(image_part{.url = "https://h.test/i.png"}), 0);
  EXPECT_EQ(inline_bytes(document_part{.file_id = "f"}), 0);
  EXPECT_EQ(inline_bytes(text_part{"t"}), 0);
}

}  // namespace
}  // namespace ark
