#include "dialect/repeated_frame.hpp"

#include <gtest/gtest.h>

namespace ark::dialect {
namespace {

constexpr std::string_view padding[] = {"pad", "p"};

/// What is told of `second` after `first` was learned; "-" if it is not the same frame.
std::string told(std::string_view first, std::string_view second) {
  repeated_frame frame;
  frame.learn(first, "content", padding);
  return std::string(frame.text_of(second).value_or("-"));
}

TEST(repeated_frame, tells_the_text_of_a_frame_that_differs_in_nothing_else) {
  EXPECT_EQ(
      told(R"({"id":"a","content":"x","n":null})", R"({"id":"a","content":"yes, é","n":null})"),
      "yes, é");
  EXPECT_EQ(told(R"({"content" : "x"})", R"({"content" : "x"})"), "x");
  EXPECT_EQ(told(R"({"content":"with \" and \\"})", R"({"content":"plain"})"), "plain");
  EXPECT_EQ(told(R"({"content":"x"})", R"({"content":"content"})"), "content");
}

TEST(repeated_frame, padding_is_nobodys_before_and_behind_the_text) {
  EXPECT_EQ(told(R"({"content":"x","pad":"abc"})", R"({"content":"y","pad":""})"), "y");
  EXPECT_EQ(told(R"({"p":"abc","content":"x"})", R"({"p":"de","content":"y"})"), "y");
  EXPECT_EQ(told(R"({"p":"abc","content":"x"})", R"({"p":"d\"e","content":"y"})"), "-");
  EXPECT_EQ(told(R"({"p":3,"content":"x"})", R"({"p":3,"content":"y"})"), "y");
}

TEST(repeated_frame, what_differs_elsewhere_needs_a_parser) {
  constexpr std::string_view first = R"({"id":"a","content":"x","n":null})";
  for (const char* second :
       {R"({"id":"b","content":"x","n":null})", R"({"id":"a","content":"x","n":"stop"})",
        R"({"id":"a","content":"x","n":null} )", R"({"id":"a","content":"x","n":null)",
        R"({"id":"a","content":null,"n":null})", R"({"id":"a","content":"x)", R"({"id":"a")", "",
        R"({"id":"a","content":"x","content":"y","n":null})", R"({"id":"a","content":"","n":null})",
        R"({"id":"a","content":"x\n","n":null})", "{\"id\":\"a\",\"content\":\"x\n\",\"n\":null}"})
    EXPECT_EQ(told(first, second), "-") << second;
}

TEST(repeated_frame, a_frame_whose_meaning_is_not_plain_is_not_remembered) {
  for (const char* frame :
       {R"({"content":"x","a":{"content":"y"}})", R"({"content":"x","cont\u0065nt":"y"})",
        R"({"type":"content","text":"x"})", R"({"content":["x"]})", R"({"content":7})",
        R"({"text":"x"})", R"({"a":"\\","content":"x"})", R"({"content":"x)", "{}", ""})
    EXPECT_EQ(told(frame, frame), "-") << frame;
}

TEST(repeated_frame, the_last_frame_that_was_learned_counts) {
  repeated_frame frame;
  EXPECT_FALSE(frame.text_of("{}"));
  frame.learn(R"({"content":"x"})", "content", padding);
  frame.learn(R"({"thought":"x","p":"1"})", "thought", padding);
  EXPECT_FALSE(frame.text_of(R"({"content":"y"})"));
  EXPECT_EQ(frame.text_of(R"({"thought":"y","p":"2"})"), "y");
  EXPECT_EQ(frame.member(), "thought");
}

TEST(repeated_frame, a_stream_without_repetition_is_not_learned_from_for_ever) {
  repeated_frame frame;
  const auto nth = [](int n) { return R"({"n":)" + std::to_string(n) + R"(,"content":"x"})"; };
  const auto learn_many = [&](int times) {
    for (int i = 0; i < times; ++i) frame.learn(nth(i), "content", padding);
    return frame.text_of(nth(times - 1)).has_value();
  };
  EXPECT_TRUE(learn_many(20));
  EXPECT_TRUE(learn_many(20));  // it repeated in between
  EXPECT_FALSE(learn_many(1000));
}

}  // namespace
}  // namespace ark::dialect
