#include "specials.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "support.hpp"

namespace bpe::test {
namespace {

vocabulary with_flags(std::string_view flags) {
  std::string text = small_json();
  const std::string_view plain = "\"content\":\"<tool>\",";
  text.insert(text.find(plain) + plain.size(), flags);
  return vocabulary::from_tokenizer_json(text, "x").value();
}

TEST(specials, white_space_beside_belongs_to_stripping_tokens) {
  encoder left(with_flags("\"lstrip\":true,"));
  EXPECT_EQ(encoded(left, "x \t<tool> y"), encoded(left, "x<tool> y"));
  encoder right(with_flags("\"rstrip\":true,"));
  EXPECT_EQ(encoded(right, "x<tool> \u3000\ny"), encoded(right, "x<tool>y"));
  encoder plain(with_flags(""));
  EXPECT_NE(encoded(plain, "x <tool>"), encoded(plain, "x<tool>"));
}

TEST(specials, whole_words_are_touched_by_no_letter) {
  encoder with(with_flags("\"single_word\":true,"));
  const auto has = [&](std::string_view text) {
    const auto ids = encoded(with, text);
    return std::count(ids.begin(), ids.end(), 5002u) > 0;
  };
  EXPECT_TRUE(has("<tool>"));
  EXPECT_TRUE(has("a <tool>."));
  EXPECT_FALSE(has("a<tool>"));
  EXPECT_FALSE(has("<tool>é"));
  EXPECT_FALSE(has("中<tool>"));
  EXPECT_FALSE(has("<tool>_"));
}

TEST(specials, normalized_tokens_are_found_after_nfc) {
  std::string text = small_json("\"normalizer\":{\"type\":\"NFC\"},");
  const std::string_view plain = "\"content\":\"<tool>\",\"special\":false,\"normalized\":false";
  text.replace(text.find(plain), plain.size(),
               "\"content\":\"<é>\",\"special\":false,\"normalized\":true");
  encoder with(*vocabulary::from_tokenizer_json(text, "x"));
  EXPECT_EQ(encoded(with, "<e\u0301>"), std::vector<token_id>{5002});
}

}  // namespace
}  // namespace bpe::test
