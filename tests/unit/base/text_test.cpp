#include "base/text.hpp"

#include <gtest/gtest.h>

#include <random>

namespace ark::text {
namespace {

TEST(text, ascii_helpers) {
  EXPECT_EQ(lower("AbC-\xC3\x84"), "abc-\xC3\x84");
  EXPECT_TRUE(same_ignoring_case("Content-Type", "content-TYPE"));
  EXPECT_FALSE(same_ignoring_case("a", "ab"));
  EXPECT_FALSE(same_ignoring_case("@", "`"));
  EXPECT_EQ(trim(" \t a b \t"), "a b");
  EXPECT_EQ(trim(" \t "), "");
  EXPECT_EQ(hex_value('f'), 15);
  EXPECT_EQ(hex_value('A'), 10);
  EXPECT_EQ(hex_value('g'), -1);
}

TEST(text, ascii_is_seen_wherever_the_other_byte_is) {
  for (std::size_t size = 0; size < 100; ++size) {
    std::string bytes(size, 'x');
    EXPECT_TRUE(is_ascii(bytes));
    for (std::size_t i = 0; i < size; ++i) {
      bytes[i] = '\x80';
      EXPECT_FALSE(is_ascii(bytes)) << size << ' ' << i;
      bytes[i] = 'x';
    }
  }
}

// P07
TEST(text, repairs_each_maximal_part) {
  const std::string r = "\xEF\xBF\xBD";
  const std::pair<std::string, std::string> cases[] = {
      {"", ""},
      {"a\xC3\xA9\xE4\xBD\xA0\xF0\x9F\x98\x80", "a\xC3\xA9\xE4\xBD\xA0\xF0\x9F\x98\x80"},
      {"a\xFF\xFE"
       "b",
       "a" + r + r + "b"},
      {"\xC0\xAF", r + r},
      {"\xED\xA0\x80", r + r + r},
      {"\xE4\xBD", r},
      {"\xE4\xBDx", r + "x"},
      {"\xF0\x9F\x98", r},
      {"\xF0\x9F\x98\xE4\xBD\xA0", r + "\xE4\xBD\xA0"},
      {"\xF4\x90\x80\x80", r + r + r + r},
      {"\x80", r},
  };
  for (const auto& [bytes, repaired] : cases) {
    EXPECT_EQ(repair_utf8(bytes), repaired);
    EXPECT_EQ(is_utf8(bytes), bytes == repaired);
  }
}

TEST(text, what_is_repaired_is_utf8_and_stays) {
  std::mt19937 random(5);
  for (int i = 0; i < 5'000; ++i) {
    std::string bytes(random() % 24, '\0');
    for (char& c : bytes) c = static_cast<char>(random() % 4 == 0 ? random() % 128 : random());
    const std::string repaired = repair_utf8(bytes);
    EXPECT_TRUE(is_utf8(repaired));
    EXPECT_EQ(repaired == bytes, is_utf8(bytes));
  }
}

}  // namespace
}  // namespace ark::text
