#include "client/key_variables.hpp"

#include <gtest/gtest.h>
#include <map>

namespace ark {
namespace {

std::string key_found(std::string_view names, std::map<std::string, std::string, std::less<>> set) {
  return key_in_variables(names,
                          [&](std::string_view name) -> std::optional<std::string> {
                            const auto it = set.find(name);
                            if (it == set.end()) return std::nullopt;
                            return it->second;
                          })
      .value_or("none");
}

TEST(key_variables, the_first_alternative_that_is_set) {
  EXPECT_EQ(key_found("A", {{"A", "k"}}), "k");
  EXPECT_EQ(key_found("A", {{"A", ""}}), "none");
  EXPECT_EQ(key_found("", {{"", "k"}}), "none");
  EXPECT_EQ(key_found("A|B", {{"B", "b"}}), "b");
  EXPECT_EQ(key_found("A|B", {{"A", "a"}, {"B", "b"}}), "a");
}

TEST(key_variables, parts_are_joined_and_the_third_may_be_missing) {
  EXPECT_EQ(key_found("I+S+T", {{"I", "i"}, {"S", "s"}, {"T", "t"}}), "i:s:t");
  EXPECT_EQ(key_found("I+S+T", {{"I", "i"}, {"S", "s"}}), "i:s");
  EXPECT_EQ(key_found("I+S+T", {{"I", "i"}, {"T", "t"}}), "none");
  EXPECT_EQ(key_found("I+S", {{"I", "i"}}), "none");
  EXPECT_EQ(key_found("A|I+S", {{"I", "i"}, {"S", "s"}}), "i:s");
}

TEST(key_variables, are_told_in_words) {
  EXPECT_EQ(key_variables_text("A"), "A");
  EXPECT_EQ(key_variables_text("A|I+S+T"), "A, or I and S (and T)");
}

}  // namespace
}  // namespace ark
