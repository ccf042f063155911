#include "cli/line_diff.hpp"

#include <gtest/gtest.h>

namespace ark::cli {
namespace {

TEST(line_diff, shows_what_changed_with_lines_around) {
  EXPECT_EQ(line_diff("a\nb\nc\n", "a\nx\nc\n", "old", "new"),
            "--- old\n+++ new\n@@ -1,3 +1,3 @@\n a\n-b\n+x\n c\n");
  EXPECT_EQ(line_diff("same\n", "same\n", "o", "n"), "");
  EXPECT_EQ(line_diff("", "a\n", "o", "n"), "--- o\n+++ n\n@@ -1,0 +1,1 @@\n+a\n");
}

TEST(line_diff, far_changes_are_hunks_of_their_own) {
  std::string a, b;
  for (int i = 0; i < 30; ++i) {
    const std::string line = std::to_string(i) + "\n";
    a += line;
    b += i == 5 || i == 25 ? "x" + line : line;
  }
  const std::string made = line_diff(a, b, "o", "n");
  EXPECT_NE(made.find("@@ -3,7 +3,7 @@"), std::string::npos) << made;
  EXPECT_NE(made.find("@@ -23,7 +23,7 @@"), std::string::npos) << made;
}

TEST(line_diff, large_texts_take_bounded_memory) {
  std::string a, b;
  for (int i = 0; i < 6000; ++i) {
    a += "a" + std::to_string(i) + "\n";
    b += "b" + std::to_string(i) + "\n";
  }
  const std::string made = line_diff("same\n" + a, "same\n" + b, "o", "n");
  EXPECT_NE(made.find("@@ -1,6001 +1,6001 @@\n same\n-a0\n"), std::string::npos);
}

}  // namespace
}  // namespace ark::cli
