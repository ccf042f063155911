#include "split.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "bpe/vocabulary.hpp"
#include "split_steps.hpp"

namespace bpe::test {
namespace {

using pieces = std::vector<std::string>;

pieces split(split_kind kind, std::string_view text) {
  pieces out;
  splitter by(kind, text);
  for (auto piece = by.next(); !piece.empty(); piece = by.next()) out.emplace_back(piece);
  return out;
}

// Random texts against the expressions themselves: tests/split_oracle.py.

TEST(split, cl100k) {
  constexpr auto kind = split_kind::cl100k;
  EXPECT_EQ(split(kind, "Hello world"), (pieces{"Hello", " world"}));
  EXPECT_EQ(split(kind, "it's IT'S we'Ll"), (pieces{"it", "'s", " IT", "'S", " we", "'Ll"}));
  EXPECT_EQ(split(kind, "a'\u017F"), (pieces{"a", "'\u017F"})) << "folds to s";
  EXPECT_EQ(split(kind, "1234567"), (pieces{"123", "456", "7"}));
  EXPECT_EQ(split(kind, "a  b"), (pieces{"a", " ", " b"}));
  EXPECT_EQ(split(kind, "a \n \n b"), (pieces{"a", " \n \n", " b"}));
  EXPECT_EQ(split(kind, "x  "), (pieces{"x", "  "}));
  EXPECT_EQ(split(kind, "\tif (!!)\n\n x"), (pieces{"\tif", " (!!)\n\n", " x"}));
  EXPECT_EQ(split(kind, "a\u0301b"), (pieces{"a", "\u0301b"})) << "a mark is no letter";
  EXPECT_EQ(split(kind, "\u0085a"), (pieces{"\u0085a"})) << "white space";
  EXPECT_EQ(split(kind, " \u0085a"), (pieces{" ", "\u0085a"}));
  EXPECT_EQ(split(kind, "\uFEFF\uFEFF"), (pieces{"\uFEFF\uFEFF"})) << "not white space";
}

TEST(split, o200k) {
  constexpr auto kind = split_kind::o200k;
  EXPECT_EQ(split(kind, "HelloWorld's"), (pieces{"Hello", "World's"}));
  EXPECT_EQ(split(kind, "HTMLParser"), (pieces{"HTMLParser"})) << "upper* lower+ takes all";
  EXPECT_EQ(split(kind, "HTML parser"), (pieces{"HTML", " parser"}));
  EXPECT_EQ(split(kind, "ABC中DEF"), (pieces{"ABC中", "DEF"})) << "given back up to the uncased";
  EXPECT_EQ(split(kind, "a\u0301b"), (pieces{"a\u0301b"}));
  EXPECT_EQ(split(kind, "//a/\n/b"), (pieces{"//", "a", "/\n/", "b"}));
  EXPECT_EQ(split(kind, "I'M he'd"), (pieces{"I'M", " he'd"}));
}

TEST(split, others) {
  EXPECT_EQ(split(split_kind::gpt2, "it's IT'S 1234"),
            (pieces{"it", "'s", " IT", "'", "S", " 1234"}));
  EXPECT_EQ(split(split_kind::gpt2, "a \n b"), (pieces{"a", " \n", " b"}));
  EXPECT_EQ(split(split_kind::qwen2, "123"), (pieces{"1", "2", "3"}));
  EXPECT_EQ(split(split_kind::tekken, "it's 12"), (pieces{"it", "'s", " ", "1", "2"}));
  EXPECT_EQ(split(split_kind::kimi, "ab中文cd"), (pieces{"ab", "中文", "cd"}));
  EXPECT_EQ(split(split_kind::deepseek_v3, "中文abc1234!x"),
            (pieces{"中文", "abc", "123", "4", "!x"}));
  EXPECT_EQ(split(split_kind::deepseek_v3, "a  1"), (pieces{"a", "  ", "1"}))
      << "the fragment ends there";
  EXPECT_EQ(split(split_kind::deepseek_v3, "\x01\x01z"), (pieces{"\x01", "\x01z"}))
      << "what nothing matches";
  EXPECT_EQ(split(split_kind::deepseek_v3, "ア・イ"), (pieces{"ア", "・", "イ"}))
      << "signs among CJK";
  EXPECT_EQ(split(split_kind::none, "a b"), (pieces{"a b"}));
  EXPECT_EQ(split(split_kind::metaspace, "a▁▁b>▁c▁"), (pieces{"a", "▁▁b>▁c", "▁"}));
}

TEST(split, loses_no_byte) {
  const std::string text = "a\xFF\xE4\xBD b\xF0\x9F\x98 \x80\x80 c\xED\xA0\x80";
  for (std::uint32_t kind = 0; kind <= 9; ++kind) {
    std::string all;
    for (const auto& piece : split(static_cast<split_kind>(kind), text)) all += piece;
    EXPECT_EQ(all, text) << kind;
  }
}

TEST(split, classes_are_of_unicode_16) {
  EXPECT_EQ(unicode_version_used(), "16.0");
  EXPECT_NE(class_table::get()[0x105C0] & cc_letter, 0) << "Todhri, new in 16";
  EXPECT_EQ(class_table::get()[0x10940] & cc_letter, 0) << "Sidetic, new in 17";
}

TEST(split, knows_ascii_as_the_table_of_all_characters_does) {
  for (std::uint32_t c = 0; c < ascii_bits.size(); ++c) {
    EXPECT_EQ(ascii_bits[c], class_table::get()[c]) << c;
  }
}

TEST(split, is_known_by_its_expression) {
  split_kind kind = split_kind::none;
  for (const auto each :
       {split_kind::gpt2, split_kind::cl100k, split_kind::qwen2, split_kind::o200k,
        split_kind::tekken, split_kind::kimi, split_kind::qwen3_5}) {
    ASSERT_TRUE(split_kind_of(split_pattern(each), kind));
    EXPECT_EQ(kind, each);
  }
  ASSERT_TRUE(split_kind_of("kimi", kind));
  EXPECT_EQ(kind, split_kind::kimi);
  EXPECT_FALSE(split_kind_of("\\w+", kind));
  EXPECT_FALSE(split_kind_of("", kind));
}

}  // namespace
}  // namespace bpe::test
