#include "cli/config_edit.hpp"

#include <gtest/gtest.h>

namespace ark::cli {
namespace {

std::string edited(std::string_view text, const std::string& path, const std::string& value) {
  const auto out = edit_yaml(text, path, value);
  return out ? *out : "error: " + out.error().message;
}

TEST(config_edit, into_nothing) {
  EXPECT_EQ(edited("", "model", "auto"), "model: auto\n");
  EXPECT_EQ(edited("", "ledger.path", "/x"), "ledger:\n  path: /x\n");
  EXPECT_EQ(edited("", "vendors.custom.base_url", "u"), "vendors:\n  custom:\n    base_url: u\n");
}

TEST(config_edit, comments_and_order_stay) {
  EXPECT_EQ(edited("# mine\nmodel: a   # why\n\n# the ledger\nledger:\n  path: /x # here\n",
                   "model", "b"),
            "# mine\nmodel: b   # why\n\n# the ledger\nledger:\n  path: /x # here\n");
  EXPECT_EQ(
      edited("# mine\nledger:\n  # where\n  path: /x # here\nmodel: a\n", "ledger.path", "/y"),
      "# mine\nledger:\n  # where\n  path: /y # here\nmodel: a\n");
}

TEST(config_edit, new_key_in_a_group_that_is_there) {
  EXPECT_EQ(edited("ledger:\n    path: /x\nmodel: a\n", "ledger.durability", "power"),
            "ledger:\n    path: /x\n    durability: power\nmodel: a\n");
  EXPECT_EQ(edited("vendors:\n  a:\n    base_url: u\nmodel: m\n", "vendors.b.base_url", "v"),
            "vendors:\n  a:\n    base_url: u\n  b:\n    base_url: v\nmodel: m\n");
}

TEST(config_edit, group_that_is_empty) {
  EXPECT_EQ(edited("ledger:\nmodel: a\n", "ledger.path", "/x"), "ledger:\n  path: /x\nmodel: a\n");
  EXPECT_EQ(edited("ledger: # later\nmodel: a\n", "ledger.path", "/x"),
            "ledger: # later\n  path: /x\nmodel: a\n");
}

TEST(config_edit, same_name_in_another_group_is_left_alone) {
  EXPECT_EQ(edited("other:\n  path: /o\nledger:\n  path: /x\n", "ledger.path", "/y"),
            "other:\n  path: /o\nledger:\n  path: /y\n");
}

TEST(config_edit, list_over_several_lines_is_replaced) {
  EXPECT_EQ(edited("auto_models:\n  - a\n  - b\nmodel: m\n", "auto_models", "[c]"),
            "auto_models: [c]\nmodel: m\n");
  EXPECT_EQ(edited("auto_models:\n- a\n- b\nmodel: m\n", "auto_models", "[c]"),
            "auto_models: [c]\nmodel: m\n");
}

TEST(config_edit, hash_inside_quotes_is_no_comment) {
  EXPECT_EQ(edited("model: \"a # b\" # c\n", "model", "d"), "model: d # c\n");
  EXPECT_EQ(edited("model: a#b\n", "model", "d"), "model: d\n");
}

TEST(config_edit, quoted_keys) {
  EXPECT_EQ(edited("\"model\": a\n", "model", "b"), "\"model\": b\n");
}

TEST(config_edit, refuses_what_a_line_cannot_do) {
  EXPECT_FALSE(edit_yaml("ledger: {path: /x}\n", "ledger.durability", "power"));
  EXPECT_FALSE(edit_yaml("model: |\n  a\n", "model", "b"));
  EXPECT_FALSE(edit_yaml("{\"model\": \"a\"}\n", "model", "b"));
}

TEST(config_edit, windows_line_ends_stay) {
  EXPECT_EQ(edited("model: a\r\nproxy: x\r\n", "model", "b"), "model: b\r\nproxy: x\r\n");
}

}  // namespace
}  // namespace ark::cli
