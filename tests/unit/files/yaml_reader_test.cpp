#include "files/yaml_reader.hpp"

#include <gtest/gtest.h>

#include "sample_support.hpp"

namespace ark::files {
namespace {

TEST(yaml_reader, nested_messages_lists_and_maps) {
  const auto s = read(
      "text: hello\n"
      "inner: {name: a, count: 2, inner: {name: b}}\n"
      "inners:\n"
      "  - name: x\n"
      "  - {name: y, count: -3}\n"
      "texts: [one, two]\n"
      "labels:\n  colour: blue\n  size: 10\n"
      "by_name:\n  k: {count: 1}\n  empty:\n"
      "weights: {1: 0.5, 2: 3}\n");
  EXPECT_EQ(s.text(), "hello");
  EXPECT_EQ(s.inner().inner().name(), "b");
  ASSERT_EQ(s.inners_size(), 2);
  EXPECT_EQ(s.inners(1).count(), -3);
  EXPECT_EQ(s.texts(1), "two");
  EXPECT_EQ(s.labels().at("size"), "10");
  EXPECT_EQ(s.by_name().at("k").count(), 1);
  EXPECT_EQ(s.by_name().count("empty"), 1u);
  EXPECT_EQ(s.weights().at(1), 0.5);
}

TEST(yaml_reader, unknown_field_with_suggestion) {
  EXPECT_EQ(told("text: a\ntxet: b\n"), "f:2:1: txet: unknown field; did you mean 'text'?");
  EXPECT_EQ(told("inners:\n  - name: a\n  - nmae: b\n"),
            "f:3:5: inners[1].nmae: unknown field; did you mean 'name'?");
  EXPECT_EQ(told("inner: {zzz: 1}\n"),
            "f:1:9: inner.zzz: unknown field; known are name, count, inner");
}

TEST(yaml_reader, duplicate_keys) {
  EXPECT_EQ(told("text: a\ntext: b\n"), "f:2:1: 'text' comes twice; remove one");
  EXPECT_EQ(told("labels: {a: 1, a: 2}\n"), "f:1:16: labels: 'a' comes twice; remove one");
  EXPECT_EQ(told("variables: {a: 1, a: 2}\n"), "f:1:19: variables: 'a' comes twice; remove one");
}

TEST(yaml_reader, shapes_that_do_not_fit) {
  EXPECT_EQ(told("- a\n"), "f:1:1: a mapping is expected here, not a list");
  EXPECT_EQ(told("hello\n"), "f:1:1: a mapping is expected here, not a text");
  EXPECT_EQ(told("inner: 5\n"), "f:1:8: inner: a mapping is expected here, not a number");
  EXPECT_EQ(told("texts: one\n"), "f:1:8: texts: a list is expected here, not a text");
  EXPECT_EQ(told("labels: [a]\n"), "f:1:9: labels: a mapping is expected here, not a list");
  EXPECT_EQ(told("text: [a]\n"), "f:1:7: text: a single value is expected here, not a list");
  EXPECT_EQ(told("texts: [a, {b: c}]\n"),
            "f:1:12: texts[1]: a single value is expected here, not a mapping");
  EXPECT_EQ(told("? [a, b]\n: c\n"), "f:1:3: a key must be a text");
}

TEST(yaml_reader, oneof_members_exclude_each_other) {
  EXPECT_EQ(read("first: a\n").first(), "a");
  EXPECT_EQ(read("second: {name: b}\n").second().name(), "b");
  EXPECT_EQ(told("first: a\nsecond: {name: b}\n"),
            "f:2:1: second: cannot stand beside 'first'; write one of them");
}

TEST(yaml_reader, nothing_is_not_set) {
  const auto s = read("text:\ninner: ~\ntexts: null\nmaybe: null\nlabels:\n");
  EXPECT_FALSE(s.has_inner());
  EXPECT_FALSE(s.has_maybe());
  EXPECT_EQ(s.texts_size(), 0);
  EXPECT_TRUE(read("maybe: 0\n").has_maybe());
  EXPECT_NE(told("texts: [a, ~]\n"), "");
}

TEST(yaml_reader, all_errors_are_told_up_to_twenty) {
  const auto two = told("txet: 1\nflag: maybe\ntext: fine\n");
  EXPECT_NE(two.find("f:1:1"), std::string::npos);
  EXPECT_NE(two.find("f:2:7"), std::string::npos);
  std::string many;
  for (int i = 0; i < 50; ++i) many += "wrong_" + std::to_string(i) + ": 1\n";
  const auto message = told(many);
  EXPECT_EQ(std::count(message.begin(), message.end(), '\n'), 20);
  EXPECT_NE(message.find("and 30 more errors"), std::string::npos);
}

TEST(yaml_reader, what_is_right_is_read_beside_what_is_wrong) {
  test::Sample out;
  ASSERT_FALSE(read_yaml("text: a\nwrong: b\nsmall: 3\n", "f", out));
  EXPECT_EQ(out.text(), "a");
  EXPECT_EQ(out.small(), 3);
}

TEST(yaml_reader, aliases_are_followed) {
  const auto s = read("inner: &base {name: a}\ninners: [*base, *base]\n");
  EXPECT_EQ(s.inners(1).name(), "a");
}

TEST(yaml_reader, merge_keys_are_refused) {
  EXPECT_NE(told("inner: &b {name: a}\nsecond: {<<: *b}\n").find("merge keys"), std::string::npos);
}

TEST(yaml_reader, alias_bomb_is_bounded) {
  std::string bomb = "variables:\n  a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    const auto last = "*a" + std::to_string(i - 1);
    bomb += "  a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int j = 0; j < 10; ++j) bomb += (j > 0 ? ", " : "") + last;
    bomb += "]\n";
  }
  test::Sample out;
  const auto refused = read_yaml(bomb, "f", out);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::too_large);
}

TEST(yaml_reader, bomb_of_one_long_text_is_bounded) {
  std::string bomb = "text: &t " + std::string(1 << 20, 'x') + "\ntexts: [*t";
  for (int i = 0; i < 100; ++i) bomb += ", *t";
  test::Sample out;
  const auto refused = read_yaml(bomb + "]\n", "f", out);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::too_large);
}

TEST(yaml_reader, alias_of_itself_is_bounded) {
  test::Sample out;
  EXPECT_FALSE(read_yaml("anything: &a [*a]\n", "f", out));
}

TEST(yaml_reader, depth_is_limited) {
  const auto nest = [](int n) {
    return "schema: " + std::string(static_cast<std::size_t>(n), '[') +
           std::string(static_cast<std::size_t>(n), ']') + "\n";
  };
  EXPECT_EQ(told(nest(90)), "");
  EXPECT_NE(told(nest(150)).find("nested deeper"), std::string::npos);
  EXPECT_NE(told(nest(100'000)), "");
}

TEST(yaml_reader, lines_of_fields) {
  test::Sample out;
  field_lines lines;
  ASSERT_TRUE(
      read_yaml("text: a\ninners:\n  - name: x\n  - name: y\n    count: 2\n", "f", out, &lines));
  EXPECT_EQ(lines.at("text"), 1);
  EXPECT_EQ(lines.at("inners"), 2);
  EXPECT_EQ(lines.at("inners[1]"), 4);
  EXPECT_EQ(lines.at("inners[1].count"), 5);
}

}  // namespace
}  // namespace ark::files
