#include "bpe/encoder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "bpe/counter.hpp"
#include "image.hpp"
#include "installed.hpp"
#include "piece_encoder.hpp"
#include "split.hpp"
#include "support.hpp"

namespace bpe::test {
namespace {

// Each piece by the definition, without words, tries or memory.
std::vector<token_id> by_definition(std::string_view text) {
  static const auto ranks = small_rank_map();
  std::vector<token_id> out;
  splitter pieces(split_kind::cl100k, text);
  for (auto piece = pieces.next(); !piece.empty(); piece = pieces.next()) {
    const auto ids = merge_by_definition(piece, ranks);
    out.insert(out.end(), ids.begin(), ids.end());
  }
  return out;
}

TEST(encoder, equals_the_definition) {
  encoder with(small_vocabulary());
  text_maker maker(1);
  for (std::size_t i = 0; i < 3000; ++i) {
    const std::string text = maker.text(i % 40);
    ASSERT_EQ(encoded(with, text), by_definition(text)) << text;
  }
}

TEST(encoder, backtracking_equals_merging) {
  const vocabulary vocab = small_vocabulary();
  ASSERT_TRUE(vocab.image().has(flag_monotone));
  piece_encoder pieces(vocab.image());
  text_maker maker(2);
  for (std::size_t i = 0; i < 3000; ++i) {
    const std::string text = maker.text(1 + i % 30);
    std::vector<std::uint32_t> fast;
    std::vector<std::uint32_t> slow;
    pieces.encode(text, fast);
    pieces.merge(text, slow);
    ASSERT_EQ(fast, slow) << text;
  }
}

/// Whether the two ways to encode one piece agree.
bool ways_agree(piece_encoder& pieces, std::string_view piece) {
  std::vector<std::uint32_t> fast;
  std::vector<std::uint32_t> slow;
  pieces.encode(piece, fast);
  pieces.merge(piece, slow);
  return fast == slow;
}

// Backtracking goes out of a run of more bytes than the longest token may have.
TEST(encoder, backtracks_out_of_a_long_run) {
  const vocabulary vocab = run_vocabulary();
  ASSERT_TRUE(vocab.image().has(flag_monotone));
  piece_encoder pieces(vocab.image());
  encoder with(vocab);
  for (const char c : {'a', '=', '\n'}) {
    for (const std::size_t size : {15u, 16u, 4094u, 4095u, 4096u, 4111u, 5000u, 5001u}) {
      for (const char* head : {"", "z", "yz", "xyz", "zz", "yzyz"}) {
        const std::string text = head + std::string(size, c);
        EXPECT_TRUE(ways_agree(pieces, text)) << head << size << c;
        EXPECT_TRUE(ways_agree(pieces, text + text + "z")) << head << size << c;
        EXPECT_EQ(*decode(vocab, encoded(with, text)), text) << head << size << c;
      }
    }
  }
}

/// Compares the two ways on long runs of a byte after what comes before such a run in a token.
/// Returns how many it compared.
std::size_t compare_runs(const vocabulary& vocab) {
  constexpr std::size_t least = 16;  // shorter ones are not remembered
  const image_view& v = vocab.image();
  piece_encoder pieces(v);
  std::size_t compared = 0;
  for (std::uint32_t i = 0; i < v.header->reached_tokens; ++i) {
    const std::string_view bytes = v.token_bytes(v.tokens[i].id);
    const std::size_t last = bytes.find_last_not_of(bytes.back());
    if (last == std::string_view::npos) continue;
    const std::string run(5000, bytes.back());
    if (v.trie.longest(run.data(), run.data() + run.size()).length < least) continue;
    ++compared;
    const std::string text = std::string(bytes.substr(0, last + 1)) + run;
    EXPECT_TRUE(ways_agree(pieces, text)) << vocab.name() << " " << bytes;
  }
  return compared;
}

// The README tells these numbers.
TEST(encoder, few_tokens_of_installed_vocabularies_are_irregular) {
  const std::pair<const char*, std::size_t> expected[] = {{"o200k_base", 0}, {"cl100k_base", 0},
                                                          {"qwen3", 0},      {"deepseek_v4", 0},
                                                          {"llama3_2", 107}, {"gemma3", 90}};
  int found = 0;
  for (const auto& [name, count] : expected) {
    const auto vocab = installed(name);
    if (!vocab) continue;
    ++found;
    const image_view& v = vocab->image();
    std::size_t irregular = 0;
    for (const token_row& row : v.tokens) {
      const std::string_view bytes = v.token_bytes(row.id);
      irregular += v.irregular_trie.longest(bytes.data(), bytes.data() + bytes.size()).length ==
                   bytes.size();
    }
    EXPECT_EQ(irregular, count) << name;
  }
  if (found == 0) GTEST_SKIP() << "no vocabularies (BPE_RANKS)";
}

TEST(encoder, long_runs_equal_merging_for_installed_vocabularies) {
  std::size_t compared = 0;
  for (const char* name : {"o200k_base", "cl100k_base", "qwen3", "deepseek_v4", "llama3_2"}) {
    if (const auto vocab = installed(name)) compared += compare_runs(*vocab);
  }
  if (compared == 0) GTEST_SKIP() << "no vocabularies (BPE_RANKS)";
}

// An encoder for each thread, one vocabulary for all: a data race is ThreadSanitizer's to see.
TEST(encoder, two_of_one_vocabulary_run_at_once) {
  const vocabulary vocab =
      vocabulary::from_tokenizer_json(small_json("\"normalizer\":{\"type\":\"NFC\"},"), "shared")
          .value();
  const auto work = [&vocab](std::uint64_t seed) {
    encoder with(vocab);
    text_maker maker(seed);
    std::vector<token_id> out;
    counter counting(with, special::allow);
    for (int i = 0; i < 300; ++i) {
      const std::string text = maker.text(30);
      (void)with.encode(text, out, special::allow);
      (void)counting.append(text);
      (void)decode(vocab, out);
    }
    out.push_back(static_cast<token_id>(*counting.count()));
    return out;
  };
  std::vector<token_id> first;
  std::vector<token_id> second;
  std::thread one([&] { first = work(71); });
  std::thread two([&] { second = work(72); });
  one.join();
  two.join();
  EXPECT_EQ(first, work(71));
  EXPECT_EQ(second, work(72));
}

TEST(encoder, backtracking_equals_merging_for_installed_vocabularies) {
  int found = 0;
  for (const char* name :
       {"o200k_base", "cl100k_base", "p50k_base", "qwen3", "deepseek_v4", "llama3_2"}) {
    const auto vocab = installed(name);
    if (!vocab) continue;
    ++found;
    piece_encoder pieces(vocab->image());
    text_maker maker(6);
    for (std::size_t i = 0; i < 2000; ++i) {
      const std::string text = maker.text(1 + i % 30);
      std::vector<std::uint32_t> fast;
      std::vector<std::uint32_t> slow;
      pieces.encode(text, fast);
      pieces.merge(text, slow);
      ASSERT_EQ(fast, slow) << name << ": " << text;
    }
  }
  if (found == 0) GTEST_SKIP() << "no vocabularies (BPE_RANKS)";
}

// Merges in an order that no learning gives: "▁" "ab" comes before "a" "b".
TEST(encoder, irregular_merges_are_done_by_the_definition) {
  std::string text = metaspace_json();
  const std::string_view regular = R"(["a","b"],["▁","ab"])";
  text.replace(text.find(regular), regular.size(), R"(["▁","ab"],["a","b"])");
  encoder with(*vocabulary::from_tokenizer_json(text, "irregular"));
  EXPECT_FALSE(with.vocab().image().irregular_trie.empty());
  EXPECT_EQ(encoded(with, " ab"), std::vector<token_id>{10});
  EXPECT_EQ(encoded(with, " abc a"), (std::vector<token_id>{10, 3, 9}));
}

TEST(encoder, gives_every_byte_back) {
  encoder with(small_vocabulary());
  text_maker maker(3);
  for (std::size_t i = 0; i < 500; ++i) {
    const std::string text = maker.text(i % 50);
    EXPECT_EQ(*decode(with.vocab(), encoded(with, text)), text);
  }
}

TEST(encoder, counts_what_it_encodes) {
  encoder with(small_vocabulary());
  text_maker maker(4);
  for (std::size_t i = 0; i < 300; ++i) {
    const std::string text = maker.text(i % 60);
    const std::size_t size = encoded(with, text).size();
    EXPECT_EQ(*with.count(text), size);
    const auto under = with.count_until(text, size);
    EXPECT_FALSE(under->exceeded);
    EXPECT_EQ(under->count, size);
    if (size > 0) {
      EXPECT_TRUE(with.count_until(text, size - 1)->exceeded);
    }
  }
}

TEST(encoder, empty_text_has_no_tokens) {
  encoder with(small_vocabulary());
  EXPECT_TRUE(encoded(with, "").empty());
  EXPECT_EQ(*with.count(""), 0u);
  EXPECT_EQ(*with.count(std::string_view()), 0u);
}

TEST(encoder, special_tokens_by_mode) {
  encoder with(small_vocabulary());
  const std::string_view text = "the<|end|>cat";
  EXPECT_EQ(encoded(with, text), by_definition(text));
  auto ids = encoded(with, text, special::allow);
  EXPECT_EQ(std::count(ids.begin(), ids.end(), 5000u), 1);
  EXPECT_EQ(*decode(with.vocab(), ids), text);
  ids = {7};
  const auto refused = with.encode(text, ids, special::refuse);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.failure().code, errc::special_token);
  EXPECT_NE(refused.failure().message.find("<|end|>"), std::string::npos);
  EXPECT_EQ(ids, std::vector<token_id>{7}) << "nothing is left of a refused text";
  EXPECT_TRUE(with.encode("the <|en", ids, special::refuse).ok());
}

TEST(encoder, the_longest_special_token_wins) {
  encoder with(small_vocabulary());
  EXPECT_EQ(encoded(with, "<|endless|>", special::allow), std::vector<token_id>{5001});
  EXPECT_EQ(encoded(with, "<|end|>", special::allow), std::vector<token_id>{5000});
}

TEST(encoder, remembers_no_wrong_piece) {
  // Pieces of equal beginnings, over and over, in one encoder and in a fresh one.
  encoder with(small_vocabulary());
  text_maker maker(5);
  for (int i = 0; i < 200; ++i) {
    const std::string text = maker.text(12);
    encoder fresh(with.vocab());
    EXPECT_EQ(encoded(with, text), encoded(fresh, text));
  }
}

// Twice the text may take four times as long before this fails: no quadratic case hides in that.
void expect_linear(std::string_view unit) {
  encoder with(small_vocabulary());
  const auto seconds = [&](std::size_t bytes) {
    std::string text;
    while (text.size() < bytes) text += unit;
    double best = 1e9;
    for (int i = 0; i < 3; ++i) {
      const auto from = std::chrono::steady_clock::now();
      (void)*with.count(text);
      const std::chrono::duration<double> took = std::chrono::steady_clock::now() - from;
      best = std::min(best, took.count());
    }
    return best;
  };
  const double small = seconds(1 << 16);
  EXPECT_LT(seconds(1 << 20), small * 16 * 4 + 0.01) << unit;
}

TEST(encoder, takes_linear_time_on_long_words) {
  expect_linear("a");
  expect_linear("=");
  expect_linear("ab");
  expect_linear("qwertyzxcv");
  expect_linear(" ");
  expect_linear("\n");
  expect_linear("A");
  expect_linear("中A");
  expect_linear("\xFF");
}

}  // namespace
}  // namespace bpe::test
