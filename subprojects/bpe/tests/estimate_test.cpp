#include "bpe/estimate.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "installed.hpp"
#include "json_reader.hpp"
#include "support.hpp"

namespace bpe::test {
namespace {

TEST(estimate, is_an_interval) {
  EXPECT_EQ(estimate_tokens("").tokens, 0u);
  const auto english =
      estimate_tokens("The quick brown fox jumps over the lazy dog, again and again.");
  EXPECT_GE(english.tokens, 10u);
  EXPECT_LE(english.tokens, 20u);
  EXPECT_LE(english.low, english.tokens);
  EXPECT_GE(english.high, english.tokens);
  EXPECT_GT(estimate_tokens("人人生而自由，在尊严和权利上一律平等。").tokens, 10u);
  EXPECT_GT(estimate_tokens(std::string(1000, ' ')).tokens, 0u);
}

/// Counts of the vocabularies in a row of the shared corpus.
void check_row(const std::string& line, std::size_t& inside, std::size_t& all) {
  static const std::set<std::string> ordinary = {"english",  "chinese", "code",    "mixed",
                                                 "url_json", "numbers", "scripts", "emoji"};
  std::string name, text, category;
  std::vector<std::uint32_t> counts;
  json_reader in(line);
  in.enter_object();
  while (in.next_member(name)) {
    if (name == "text") {
      in.read_string(text);
    } else if (name == "category") {
      in.read_string(category);
    } else if (in.peek() == json_reader::kind::object) {
      in.enter_object();
      while (in.next_member(name)) {
        if (name == "count") {
          in.read_unsigned(counts.emplace_back());
        } else {
          in.skip();
        }
      }
    } else {
      in.skip();
    }
  }
  if (text.size() < 16 || !ordinary.contains(category)) return;
  const token_estimate guess = estimate_tokens(text);
  for (const std::uint32_t count : counts) {
    ++all;
    inside += count >= guess.low && count <= guess.high;
  }
}

TEST(estimate, holds_the_stated_part_of_texts_it_was_not_fitted_on) {
  if (shared_folder().empty()) GTEST_SKIP() << "no shared corpus (ARK_SHARED)";
  std::size_t inside = 0;
  std::size_t all = 0;
  for (const char* file : {"/dev.jsonl", "/vendors_dev.jsonl"}) {
    std::ifstream rows(shared_folder() + file);
    std::string line;
    for (std::size_t number = 0; std::getline(rows, line); ++number) {
      if (number % 2 == 1) check_row(line, inside, all);
    }
  }
  ASSERT_GT(all, 1000u);
  // 90 % is stated; of some 1,700 texts 88 % may come by chance.
  EXPECT_GE(static_cast<double>(inside), 0.88 * static_cast<double>(all))
      << inside << " of " << all;
}

}  // namespace
}  // namespace bpe::test
