#include "tests/unit/tokens/tokens_support.hpp"

namespace ark::test::tokens {
namespace {

using testing::toy_end;
using testing::toy_hello;
using testing::toy_world;
using ids = std::vector<std::uint32_t>;

struct a_tokenizer : installed {};

TEST_F(a_tokenizer, counts_encodes_and_decodes) {
  auto with = toy();
  EXPECT_TRUE(with.exact());
  EXPECT_EQ(with.encoding(), "toy");
  EXPECT_EQ(with.why_estimate(), "");
  EXPECT_EQ(*with.encode("hello world"), (ids{toy_hello, toy_world}));
  EXPECT_EQ(*with.count("hello world"),
            (text_tokens{.count = 2, .low = 2, .high = 2, .encoding = "toy"}));
  EXPECT_EQ(*with.decode(ids{toy_hello, toy_world}), "hello world");
  EXPECT_EQ(with.count("")->count, 0);
}

TEST_F(a_tokenizer, gives_back_any_bytes) {
  auto with = toy();
  std::string bytes;
  for (int i = 0; i < 512; ++i) bytes += static_cast<char>(i * 7);
  EXPECT_EQ(*with.decode(*with.encode(bytes)), bytes);
}

TEST_F(a_tokenizer, treats_special_tokens_as_it_is_told) {
  auto with = toy();
  EXPECT_EQ(with.count("<|end|>")->count, 7);
  EXPECT_EQ(*with.encode("hello<|end|>", special_tokens::allow), (ids{toy_hello, toy_end}));
  const auto refused = with.count("hello<|end|>", special_tokens::refuse);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::invalid_request);
  EXPECT_NE(refused.error().message.find("<|end|>"), std::string::npos) << refused.error().message;
}

TEST_F(a_tokenizer, stops_counting_at_a_limit) {
  auto with = toy();
  const auto within = with.count_until("hello world", 2);
  EXPECT_EQ(within->count, 2);
  EXPECT_FALSE(within->exceeded);
  EXPECT_TRUE(within->exact);
  EXPECT_TRUE(with.count_until("hello world", 1)->exceeded);
  EXPECT_TRUE(with.count_until("hello", -5)->exceeded);
  EXPECT_FALSE(with.count_until("", 0)->exceeded);
}

TEST_F(a_tokenizer, says_where_to_cut) {
  auto with = toy();
  const auto cut = with.truncate("hello world", 1);
  EXPECT_EQ(cut->bytes, 5U);
  EXPECT_EQ(cut->count, 1);
  EXPECT_TRUE(cut->cut);
  EXPECT_FALSE(with.truncate("hello world", 2)->cut);
}

TEST_F(a_tokenizer, knows_which_ids_there_are) {
  const auto text = toy().decode(ids{toy_hello, 290});
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().code, errc::invalid_request);
  EXPECT_NE(text.error().message.find("290"), std::string::npos) << text.error().message;
}

TEST_F(a_tokenizer, outlives_the_one_it_was_copied_of) {
  auto first = std::make_unique<tokenizer>(toy());
  tokenizer second = *first;
  first.reset();
  EXPECT_EQ(second.count("hello world")->count, 2);
  second = tokenizer::estimating("no reason");
  EXPECT_FALSE(second.exact());
}

TEST_F(a_tokenizer, without_a_vocabulary_says_that_it_estimates) {
  auto with = tokenizer::estimating("nobody knows");
  EXPECT_FALSE(with.exact());
  EXPECT_EQ(with.why_estimate(), "nobody knows");
  const auto guess = with.count("The quick brown fox jumps over the lazy dog. It runs away.");
  EXPECT_FALSE(guess->exact());
  EXPECT_EQ(guess->encoding, "");
  EXPECT_LT(guess->low, guess->count);
  EXPECT_LT(guess->count, guess->high);
  EXPECT_LE(guess->low, 13);  // of o200k_base
  EXPECT_GE(guess->high, 13);
  const auto limited = with.count_until("The quick brown fox", 1);
  EXPECT_TRUE(limited->exceeded);
  EXPECT_FALSE(limited->exact);
}

TEST_F(a_tokenizer, without_a_vocabulary_has_no_ids) {
  auto with = tokenizer::estimating("nobody knows");
  for (const auto& failure :
       {with.encode("x").error(), with.decode(ids{1}).error(), with.truncate("x", 1).error()}) {
    EXPECT_EQ(failure.code, errc::not_found);
    EXPECT_NE(failure.message.find("nobody knows"), std::string::npos);
  }
  EXPECT_EQ(with.count("x", special_tokens::refuse).error().code, errc::unsupported);
  EXPECT_TRUE(with.count("x", special_tokens::allow));
}

}  // namespace
}  // namespace ark::test::tokens
