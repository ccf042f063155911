#include "tests/unit/tokens/tokens_support.hpp"

namespace ark::test::tokens {
namespace {

struct a_token_counter : installed {};

TEST_F(a_token_counter, counts_pieces_as_the_whole_wherever_they_are_cut) {
  auto with = toy();
  const std::string text = "hello world, hello hello\xe4\xbd\xa0\xe5\xa5\xbd world\n\n  hell";
  for (std::size_t first = 0; first <= text.size(); ++first) {
    for (std::size_t second = first; second <= text.size(); second += 3) {
      token_counter counter(with);
      for (const auto& piece :
           {text.substr(0, first), text.substr(first, second - first), text.substr(second)})
        ASSERT_TRUE(counter.append(piece));
      ASSERT_EQ(*counter.count(), *with.count(text)) << first << " " << second;
    }
  }
}

TEST_F(a_token_counter, can_be_asked_at_any_time) {
  auto with = toy();
  token_counter counter(with);
  std::string so_far;
  for (const char c : std::string("hello world hello")) {
    so_far += c;
    ASSERT_TRUE(counter.append(std::string(1, c)));
    EXPECT_EQ(counter.count()->count, with.count(so_far)->count) << so_far;
  }
}

TEST_F(a_token_counter, refuses_special_tokens_that_come_in_pieces) {
  for (const std::string before : {"hello",
                                   "hello world and then more words than are kept, "
                                   "so that some of them are counted for good"}) {
    token_counter counter(toy(), special_tokens::refuse);
    ASSERT_TRUE(counter.append(before + "<|e"));
    const auto appended = counter.append("nd|>");
    const auto counted = counter.count();
    const auto code = !appended ? appended.error().code
                      : counted ? errc::internal
                                : counted.error().code;
    EXPECT_FALSE(appended && counted);
    EXPECT_EQ(code, errc::invalid_request);
  }
}

TEST_F(a_token_counter, may_be_moved) {
  token_counter first(toy());
  ASSERT_TRUE(first.append("hello"));
  token_counter second = std::move(first);
  ASSERT_TRUE(second.append(" world"));
  EXPECT_EQ(second.count()->count, 2);
}

TEST_F(a_token_counter, estimates_pieces_nearly_as_the_whole) {
  auto with = tokenizer::estimating("nobody knows");
  std::string text;
  for (int i = 0; i < 3000; ++i) text += "some words \xe4\xbd\xa0\xe5\xa5\xbd ";
  token_counter counter(with);
  for (std::size_t at = 0; at < text.size(); at += 7)  // within characters too
    ASSERT_TRUE(counter.append(text.substr(at, 7)));
  const auto whole = *with.count(text);
  const auto pieces = *counter.count();
  EXPECT_FALSE(pieces.exact());
  EXPECT_NEAR(static_cast<double>(pieces.count), static_cast<double>(whole.count), 20);
  EXPECT_NEAR(static_cast<double>(pieces.low), static_cast<double>(whole.low), 20);
  EXPECT_NEAR(static_cast<double>(pieces.high), static_cast<double>(whole.high), 20);
  token_counter refusing(with, special_tokens::refuse);
  EXPECT_EQ(refusing.append("x").error().code, errc::unsupported);
}

}  // namespace
}  // namespace ark::test::tokens
