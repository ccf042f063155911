#include "client/ways.hpp"

#include <gtest/gtest.h>

namespace ark::ways_test {
namespace {

std::vector<std::string> split(const char* text) {
  std::vector<std::string> out;
  for (const secret& s : split_keys(secret(text))) out.emplace_back(s.reveal_secret());
  return out;
}

TEST(ways, a_list_of_keys_is_split_at_commas) {
  EXPECT_EQ(split("a"), std::vector<std::string>{"a"});
  EXPECT_EQ(split("a,b"), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(split(" a:x , b:y"), (std::vector<std::string>{"a:x", "b:y"}));
}

TEST(ways, what_is_no_list_stays_whole) {
  for (const char* text : {"", "a,", ",a", "a,,b", R"({"type":"service","id":"x"})"})
    EXPECT_EQ(split(text), std::vector<std::string>{text}) << text;
}

}  // namespace
}  // namespace ark::ways_test
