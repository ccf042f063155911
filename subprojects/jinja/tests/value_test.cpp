#include "jinja/value.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace jinja {
namespace {

TEST(value, numbers_that_are_equal_are_one_key) {
  arena in;
  dict* d = make_dict(in);
  d->set(in, value::of(std::int64_t{1}), value::of("whole"));
  d->set(in, value::of(1.0), value::of("real"));
  d->set(in, value::of(true), value::of("true"));
  EXPECT_EQ(d->size, 1U);
  EXPECT_EQ(d->find(value::of(std::int64_t{1}))->text(), "true");
  EXPECT_EQ(d->find("1"), nullptr);
}

TEST(value, a_dict_keeps_its_order_while_it_grows_and_loses_keys) {
  arena in;
  dict* d = make_dict(in);
  std::vector<std::string> names;
  for (int i = 0; i < 200; ++i) names.push_back("key" + std::to_string(i));
  for (int i = 0; i < 200; ++i)
    d->set(in, value::of(names[static_cast<std::size_t>(i)]), value::of(std::int64_t{i}));
  for (int i = 0; i < 200; i += 3)
    EXPECT_TRUE(d->remove(value::of(names[static_cast<std::size_t>(i)])));
  EXPECT_FALSE(d->remove(value::of("key0")));
  d->set(in, value::of("key0"), value::of("again"));
  std::int64_t before = 0;
  std::uint32_t at = 0, seen = 0;
  while (const auto* e = d->next(at)) {
    ++seen;
    if (!e->item.is(kind::integer)) break;
    EXPECT_GT(e->item.integer(), before);
    before = e->item.integer();
  }
  EXPECT_EQ(seen, d->size) << "what comes back comes last";
  for (int i = 1; i < 200; i += 3)
    EXPECT_NE(d->find(value::of(names[static_cast<std::size_t>(i)])), nullptr);
}

TEST(value, json_is_read_as_python_reads_it) {
  arena in;
  const auto v = read_json(
      in, R"({"a": [1, -2.5e1, 123456789012345678901], "b": "é😀\n", "c": null, "a2": true})");
  ASSERT_TRUE(v);
  const list& a = v->entries().find("a")->items();
  EXPECT_EQ(a[0].integer(), 1);
  EXPECT_EQ(a[1].floating(), -25.0);
  EXPECT_TRUE(a[2].is(kind::big));
  EXPECT_EQ(v->entries().find("b")->text(), "é\U0001F600\n");
  EXPECT_TRUE(v->entries().find("c")->is_none());
}

TEST(value, what_is_no_json_is_told_with_its_place) {
  for (const char* bad :
       {"", "{", "[1,", "\"abc", "{\"a\" 1}", "[1] 2", "nul", "\"\\u12\"", "\"\\q\"", "-"}) {
    arena in;
    std::string problem;
    EXPECT_FALSE(read_json(in, bad, &problem)) << bad;
    EXPECT_NE(problem.find(" at byte "), std::string::npos) << bad;
  }
  arena in;
  EXPECT_FALSE(read_json(in, std::string(100'000, '['))) << "nested without end";
}

TEST(value, an_arena_has_an_end) {
  arena in(100'000);
  EXPECT_THROW(for (int i = 0; i < 10'000; ++i) static_cast<void>(in.allocate(100)),
               arena::exhausted);
  EXPECT_LE(in.bytes(), 200'000U);
}

}  // namespace
}  // namespace jinja
