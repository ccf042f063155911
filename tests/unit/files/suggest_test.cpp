#include "files/suggest.hpp"

#include <gtest/gtest.h>

namespace ark::files {
namespace {

const std::vector<std::string> fields{"model", "models", "temperature", "max_tokens", "tag"};

TEST(suggest, one_letter_wrong) {
  EXPECT_EQ(nearest("modle", fields), "model");
  EXPECT_EQ(nearest("temprature", fields), "temperature");
  EXPECT_EQ(nearest("max-tokens", fields), "max_tokens");
}

TEST(suggest, capitals_do_not_count) { EXPECT_EQ(nearest("Model", fields), "model"); }

TEST(suggest, far_words_give_nothing) {
  EXPECT_EQ(nearest("vendor", fields), "");
  EXPECT_EQ(nearest("x", fields), "");
  EXPECT_EQ(nearest("", fields), "");
}

TEST(suggest, swapped_neighbours_are_one_mistake) { EXPECT_EQ(nearest("atg", fields), "tag"); }

TEST(suggest, long_words_are_bounded) {
  EXPECT_EQ(nearest(std::string(1000, 'a'), {std::string(1000, 'a')}), "");
}

TEST(suggest, exact_word_is_nearest) { EXPECT_EQ(nearest("models", fields), "models"); }

}  // namespace
}  // namespace ark::files
