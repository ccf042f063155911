#include <gtest/gtest.h>

#include "borders.hpp"
#include "support.hpp"

namespace bpe::test {
namespace {

void expect_within(const vocabulary& vocab, std::uint64_t seed) {
  encoder with(vocab);
  text_maker maker(seed);
  for (int i = 0; i < 300; ++i) {
    const std::string text = maker.text(1 + maker.below(40));
    const std::size_t all = *with.count(text);
    const std::size_t limit = maker.below(static_cast<std::uint32_t>(all) + 3);
    const auto kept = with.truncate(text, limit);
    ASSERT_TRUE(kept.ok());
    ASSERT_LE(kept->count, limit);
    ASSERT_EQ(kept->count, *with.count(text.substr(0, kept->bytes)));
    ASSERT_EQ(kept->cut, all > limit);
    ASSERT_EQ(safe_cut(text, kept->bytes), kept->bytes) << "a safe place";
    if (!kept->cut) {
      ASSERT_EQ(kept->bytes, text.size());
    }
  }
}

TEST(truncate, keeps_to_the_limit) { expect_within(small_vocabulary(), 21); }

TEST(truncate, keeps_to_it_where_text_is_changed_first) {
  expect_within(*vocabulary::from_tokenizer_json(metaspace_json(), "spaces"), 22);
  expect_within(
      *vocabulary::from_tokenizer_json(small_json("\"normalizer\":{\"type\":\"NFC\"},"), "nfc"),
      23);
}

TEST(truncate, keeps_as_much_as_fits) {
  encoder with(small_vocabulary());
  const std::string text = "the cat sat on the mat and the hat";
  const std::size_t all = *with.count(text);
  for (std::size_t limit = 0; limit <= all; ++limit) {
    const auto kept = with.truncate(text, limit);
    EXPECT_EQ(kept->count, limit) << "ASCII words: every border of tokens is a safe place";
  }
}

TEST(truncate, keeps_no_half_of_a_character) {
  encoder with(small_vocabulary());
  // Each of these is several tokens here.
  const auto kept = with.truncate("a\U0001F468\u200D\U0001F469", 5);
  EXPECT_EQ(kept->bytes, 1u);
  EXPECT_TRUE(kept->cut);
}

}  // namespace
}  // namespace bpe::test
