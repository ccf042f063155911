#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "image.hpp"
#include "source.hpp"
#include "support.hpp"

namespace bpe::test {
namespace {

TEST(trie, finds_the_longest_key) {
  text_maker maker(41);
  std::set<std::string> keys = {std::string(1, '\0'), std::string("\0\0", 2), "\xFF", "\xFF\xFF"};
  for (int i = 0; i < 500; ++i) {
    std::string key;
    for (std::uint32_t j = 1 + maker.below(6); j > 0; --j)
      key += static_cast<char>(maker.below(256));
    keys.insert(key);
  }
  std::vector<std::pair<std::string_view, std::uint32_t>> sorted;
  for (const auto& key : keys) sorted.emplace_back(key, static_cast<std::uint32_t>(sorted.size()));
  const auto units = build_trie(sorted);
  const trie_view trie(units);
  for (const auto& [key, value] : sorted) {
    const auto found = trie.longest(key.data(), key.data() + key.size());
    EXPECT_EQ(found.value, value);
    EXPECT_EQ(found.length, key.size());
  }
  for (int i = 0; i < 5000; ++i) {
    std::string text;
    for (int j = 0; j < 4; ++j) text += static_cast<char>(maker.below(256));
    std::size_t longest = 0;
    for (const auto& key : keys) {
      if (text.starts_with(key)) longest = std::max(longest, key.size());
    }
    EXPECT_EQ(trie.longest(text.data(), text.data() + text.size()).length, longest);
  }
}

TEST(trie, of_nothing_finds_nothing) {
  const trie_view trie;
  const std::string text = "abc";
  EXPECT_EQ(trie.longest(text.data(), text.data() + 3).length, 0u);
}

}  // namespace
}  // namespace bpe::test
