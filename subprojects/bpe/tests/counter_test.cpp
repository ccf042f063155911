#include "bpe/counter.hpp"

#include <gtest/gtest.h>

#include "borders.hpp"
#include "installed.hpp"
#include "split.hpp"
#include "support.hpp"

namespace bpe::test {
namespace {

void expect_equal_counts(const vocabulary& vocab, special specials, std::uint64_t seed) {
  encoder with(vocab);
  text_maker maker(seed);
  for (int i = 0; i < 300; ++i) {
    const std::string text = maker.text(60);
    counter counting(with, specials);
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t size = 1 + maker.below(30);
      ASSERT_TRUE(counting.append(std::string_view(text).substr(at, size)).ok());
      at = std::min(text.size(), at + size);
      if (maker.below(4) == 0) {
        ASSERT_EQ(*counting.count(), *with.count(text.substr(0, at), specials))
            << text.substr(0, at);
      }
    }
    ASSERT_EQ(*counting.count(), *with.count(text, specials)) << text;
  }
}

TEST(counter, equals_the_count_of_the_whole_text) {
  for (const special specials : {special::as_text, special::allow, special::literal}) {
    expect_equal_counts(small_vocabulary(), specials, 11);
  }
}

TEST(counter, equals_it_for_every_split) {
  for (const split_kind kind : {split_kind::gpt2, split_kind::qwen2, split_kind::o200k,
                                split_kind::tekken, split_kind::kimi, split_kind::qwen3_5}) {
    expect_equal_counts(small_vocabulary(split_pattern(kind)), special::as_text, 12);
  }
}

TEST(counter, equals_it_where_text_is_changed_first) {
  const auto nfc =
      vocabulary::from_tokenizer_json(small_json("\"normalizer\":{\"type\":\"NFC\"},"), "nfc");
  ASSERT_TRUE(nfc.ok()) << nfc.failure().message;
  expect_equal_counts(*nfc, special::allow, 13);
  const auto spaces = vocabulary::from_tokenizer_json(metaspace_json(), "spaces");
  ASSERT_TRUE(spaces.ok()) << spaces.failure().message;
  expect_equal_counts(*spaces, special::allow, 14);
}

/// Appends `first` and `second`; compares with the count of both together.
void expect_equal_count(const vocabulary& vocab, const std::string& first,
                        const std::string& second) {
  encoder with(vocab);
  counter counting(with);
  ASSERT_TRUE(counting.append(first).ok());
  ASSERT_TRUE(counting.append(second).ok());
  EXPECT_EQ(*counting.count(), *with.count(first + second));
}

// U+2E80 is a sign, and of script Han.
TEST(counter, equals_it_where_han_signs_follow_han_letters) {
  const std::string both = "中\u2E80";
  const vocabulary vocab =
      vocabulary_of({"\xE4\xB8", "\xE4\xB8\xAD", "\xE2\xBA", "\xE2\xBA\x80", both}, "kimi");
  std::string first;
  for (int i = 0; i < 70; ++i) first += "中";
  expect_equal_count(vocab, first + both.substr(3) + "\xE2", "\xBA\x80");
}

/// small_json with `<tool>` replaced by a token that is looked for in the normalized text.
vocabulary with_normalized_token(std::string_view content, std::string_view normalizer) {
  std::string text = small_json(normalizer);
  constexpr std::string_view plain =
      "\"content\":\"<tool>\",\"special\":false,\"normalized\":false";
  text.replace(
      text.find(plain), plain.size(),
      "\"content\":\"" + std::string(content) + "\",\"special\":false,\"normalized\":true");
  return vocabulary::from_tokenizer_json(text, "normalized").value();
}

// U+212A, the sign of the kelvin, is K after NFC.
TEST(counter, equals_it_where_added_tokens_are_looked_for_in_normalized_text) {
  const std::string letters(80, 'a');
  expect_equal_count(with_normalized_token("<K>", "\"normalizer\":{\"type\":\"NFC\"},"),
                     letters + "<\u212A>", "b");
  constexpr std::string_view marks =
      "\"normalizer\":{\"type\":\"Replace\",\"pattern\":{\"String\":\" \"},\"content\":\"▁\"},";
  expect_equal_count(with_normalized_token("a▁▁b", marks), letters + "  ", "b");
}

TEST(counter, equals_it_for_installed_vocabularies) {
  int found = 0;
  for (const char* name :
       {"o200k_base", "cl100k_base", "qwen3", "deepseek_v4", "llama3_2", "gemma3"}) {
    const auto vocab = installed(name);
    if (!vocab) continue;
    ++found;
    expect_equal_counts(*vocab, special::allow, 15);
  }
  if (found == 0) GTEST_SKIP() << "no vocabularies (BPE_RANKS)";
}

TEST(counter, keeps_little_of_a_long_text) {
  encoder with(small_vocabulary());
  counter counting(with);
  for (int i = 0; i < 10000; ++i) {
    ASSERT_TRUE(counting.append("the cat sat, ").ok());
    ASSERT_LE(counting.kept_bytes(), 200u);
  }
  EXPECT_GT(*counting.count(), 10000u);
  counting.clear();
  EXPECT_EQ(*counting.count(), 0u);
}

TEST(counter, refuses_special_tokens_that_come_in_pieces) {
  encoder with(small_vocabulary());
  counter counting(with, special::refuse);
  std::string text(100, 'a');
  ASSERT_TRUE(counting.append(text + " <|en").ok());
  const auto appended =
      counting.append("d|> and then much more text, so that it is settled " + text);
  const auto counted = counting.count();
  EXPECT_TRUE(!appended.ok() || !counted.ok());
}

TEST(borders, cut_where_every_split_cuts) {
  EXPECT_EQ(last_border(split_kind::cl100k, "the cat"), 3u);
  EXPECT_EQ(last_border(split_kind::cl100k, "the cat's"), 3u)
      << "an apostrophe may be a contraction";
  EXPECT_EQ(last_border(split_kind::cl100k, "你好，世界"), 6u);
  EXPECT_EQ(last_border(split_kind::cl100k, "thecat"), 0u);
  EXPECT_EQ(last_border(split_kind::cl100k, "the\u0301cat"), 0u) << "a mark";
  EXPECT_EQ(last_border(split_kind::kimi, "中\u2E80"), 0u) << "a sign, but Han";
  EXPECT_EQ(last_border(split_kind::none, "the cat"), 0u);
  EXPECT_EQ(last_border(split_kind::metaspace, "> a b"), 3u);
}

TEST(borders, safe_cuts_keep_characters_whole) {
  const auto cut = [](std::string_view text, std::size_t at) { return safe_cut(text, at); };
  EXPECT_EQ(cut("abc", 2), 2u);
  EXPECT_EQ(cut("abc", 9), 3u);
  EXPECT_EQ(cut("a你b", 2), 1u);
  EXPECT_EQ(cut("a你b", 3), 1u);
  EXPECT_EQ(cut("a\r\nb", 2), 1u);
  EXPECT_EQ(cut("ae\u0301b", 2), 1u);
  EXPECT_EQ(cut("a\U0001F468\u200D\U0001F469", 5), 1u) << "before a joiner";
  EXPECT_EQ(cut("a\U0001F468\u200D\U0001F469", 8), 1u) << "after a joiner";
  EXPECT_EQ(cut("\U0001F1E9\U0001F1EA\U0001F1EB\U0001F1F7", 4), 0u);
  EXPECT_EQ(cut("\U0001F1E9\U0001F1EA\U0001F1EB\U0001F1F7", 8), 8u);
  EXPECT_EQ(cut("\U0001F1E9\U0001F1EA\U0001F1EB\U0001F1F7", 12), 8u);
  EXPECT_EQ(cut("a\U0001F44D\U0001F3FD", 5), 1u);
}

}  // namespace
}  // namespace bpe::test
