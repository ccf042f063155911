#include "sim/brain.hpp"

#include "sim/arithmetic.hpp"

#include <gtest/gtest.h>

namespace ark::testing {

TEST(arithmetic, follows_precedence_and_brackets) {
  EXPECT_EQ(solve("what is 12*7?"), "84");
  EXPECT_EQ(solve("compute 2+3*4"), "14");
  EXPECT_EQ(solve("(2+3)*4"), "20");
  EXPECT_EQ(solve("7/2"), "3.5");
  EXPECT_EQ(solve("10 - 2 - 3"), "5");
  EXPECT_EQ(solve("15 plus 27"), "42");
  EXPECT_EQ(solve("9 times 9 please"), "81");
}

TEST(arithmetic, nothing_where_there_is_nothing) {
  EXPECT_FALSE(solve("hello"));
  EXPECT_FALSE(solve("i have 3 apples"));
  EXPECT_FALSE(solve("1/0"));
  EXPECT_FALSE(solve(std::string(5000, '(') + "1+1"));
}

TEST(brain, knows_its_rules) {
  EXPECT_EQ(know("Repeat: hello there").text, "hello there");
  EXPECT_EQ(know("Reply with exactly: OK").text, "OK");
  EXPECT_EQ(know("What is 12*7?").text, "84");
  EXPECT_EQ(know("What is the capital of France?").text, "Paris");
  EXPECT_EQ(know("What colour is grass?").text, "green");
  EXPECT_EQ(know("Translate 'cat' to French").text, "chat");
  EXPECT_EQ(know("Sentiment of: I love it").text, "positive");
  EXPECT_EQ(know("How many words: one two  three").text, "3");
  EXPECT_EQ(know("Extract as JSON: name: Ada Lovelace, age: 36").text,
            R"({"name":"Ada Lovelace","age":36})");
  EXPECT_FALSE(know("Tell me a story").certain);
}

TEST(brain, a_date_is_not_a_sum) { EXPECT_FALSE(know("Our meeting on 2026-11-21").certain); }

TEST(brain, weak_models_are_wrong_sometimes_and_strong_ones_never) {
  int weak = 0, strong = 0;
  for (int i = 0; i < 500; ++i) {
    const std::string prompt = "What is " + std::to_string(i) + "+1?";
    weak += answers_rightly("tiny-mini", prompt, 1) ? 1 : 0;
    strong += answers_rightly("grand-opus", prompt, 1) ? 1 : 0;
  }
  EXPECT_EQ(strong, 500);
  EXPECT_NEAR(weak, 425, 40);
}

TEST(brain, wrong_answers_are_wrong) {
  for (const auto* right : {"84", "9", "-3", "Paris", "Lisbon", "positive", "negative", "neutral",
                            "green", "bonjour", ""})
    EXPECT_NE(wrong_answer(right), right);
}

TEST(brain, places_come_in_the_order_of_the_text) {
  EXPECT_EQ(places_in("weather in Tokyo, Paris and London"),
            (std::vector<std::string>{"Tokyo", "Paris", "London"}));
}

TEST(brain, said_values) {
  EXPECT_EQ(said_value("Name: Ada Lovelace, age: 36", "name"), "Ada Lovelace");
  EXPECT_EQ(said_value("the city is Oslo. It rains.", "city"), "Oslo");
  EXPECT_EQ(said_value("the keys name and age: name: Ada", "name"), "Ada");
  EXPECT_EQ(said_value("nothing", "city"), "");
  EXPECT_EQ(said_value("a: b", ""), "");
}

}  // namespace ark::testing
