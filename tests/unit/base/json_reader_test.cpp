#include "base/json_reader.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace ark::json {
namespace {

std::string text_at(std::string_view json, std::string_view path) {
  reader r;
  element found;
  const auto root = r.parse(json);
  EXPECT_TRUE(root) << json;
  return root && find_path(*root, path, found) ? std::string(as_text(found)) : "(none)";
}

std::int64_t integer_at(std::string_view json, std::string_view path, std::int64_t otherwise = -1) {
  reader r;
  element found;
  const auto root = r.parse(json);
  EXPECT_TRUE(root) << json;
  return root && find_path(*root, path, found) ? as_integer(found, otherwise) : -2;
}

TEST(json_reader, paths) {
  constexpr std::string_view json = R"({"usage":{"a":[{"b":7}],"c":null},"x":"y"})";
  EXPECT_EQ(integer_at(json, "usage.a.0.b"), 7);
  EXPECT_EQ(text_at(json, "x"), "y");
  for (const std::string_view path : {"usage.a.1.b", "usage.a.b", "nope", "x.y", "usage.a.-1"})
    EXPECT_EQ(text_at(json, path), "(none)") << path;
  EXPECT_EQ(integer_at(json, "usage.c"), -1);
  EXPECT_EQ(integer_at(json, "x"), -1);
}

// P05
TEST(json_reader, counts_in_any_number_form) {
  EXPECT_EQ(integer_at(R"({"n":12.0})", "n"), 12);
  EXPECT_EQ(integer_at(R"({"n":1e3})", "n"), 1000);
  EXPECT_EQ(integer_at(R"({"n":12.5})", "n"), -1);
  EXPECT_EQ(integer_at(R"({"n":"12"})", "n"), -1);
  EXPECT_EQ(integer_at(R"({"n":1e300})", "n"), -1);
  EXPECT_EQ(integer_at(R"({"n":18446744073709551615})", "n"), -1);
}

// P03
TEST(json_reader, the_last_of_two_keys_counts) {
  EXPECT_EQ(text_at(R"({"a":"first","a":"last"})", "a"), "last");
}

// P06
TEST(json_reader, lone_surrogates_become_the_replacement_character) {
  const std::string r = "\xEF\xBF\xBD";
  EXPECT_EQ(text_at(R"({"a":"x\ud83dy"})", "a"), "x" + r + "y");
  EXPECT_EQ(text_at(R"({"a":"\uDE00"})", "a"), r);
  EXPECT_EQ(text_at(R"({"a":"\ud83d\ud83d\ude00"})", "a"), r + "\xF0\x9F\x98\x80");
  EXPECT_EQ(text_at(R"({"a":"\ud83d\\ude00"})", "a"), r + "\\ude00");
  EXPECT_EQ(text_at(R"({"a":"\\ud83d"})", "a"), "\\ud83d");
}

TEST(json_reader, integers_beyond_64_bits_do_not_cost_the_answer) {
  for (const std::string_view number :
       {"99999999999999999999", "-9223372036854775809", "18446744073709551616"}) {
    const std::string json =
        R"({"n":)" + std::string(number) + R"(,"s":"12345678901234567890123"})";
    EXPECT_EQ(text_at(json, "s"), "12345678901234567890123");
    reader r;
    element n;
    ASSERT_TRUE(find(*r.parse(json), "n", n));
    double value = 0;
    ASSERT_EQ(n.get(value), simdjson::SUCCESS);
    EXPECT_DOUBLE_EQ(value, std::stod(std::string(number)));
  }
  EXPECT_EQ(text_at(R"({"n":99999999999999999999,"a":"\ud83d","b":"k"})", "b"), "k");
  reader r;
  for (const std::string_view text : {"[099999999999999999999]", "[99999999999999999999x]",
                                      "[1e-99999999999999999999", "[-]", "[99999999999999999999"})
    EXPECT_FALSE(r.parse(text)) << text;
}

// P10
TEST(json_reader, huge_numbers_take_bounded_time) {
  // A reader that is quadratic in the digits would need minutes for these.
  const auto begin = std::chrono::steady_clock::now();
  reader r;
  for (const std::string& text :
       {"[" + std::string(1'000'000, '9') + "]", "[0." + std::string(1'000'000, '3') + "]",
        "[1e" + std::string(1'000'000, '9') + "]", "[1" + std::string(1'000'000, '0') + ".5e-9]"})
    (void)r.parse(text);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
}

TEST(json_reader, one_reader_serves_texts_of_all_sizes) {
  reader r;
  for (const std::size_t size : {10u, 100'000u, 10u, 300'000u, 1u}) {
    const std::string json = "\"" + std::string(size, 'x') + "\"";
    EXPECT_EQ(as_text(*r.parse(json)).size(), size);
    EXPECT_FALSE(r.parse("{"));
  }
  EXPECT_FALSE(r.parse(""));
  EXPECT_FALSE(r.parse("\xEF\xBB\xBF"));
}

TEST(json_reader, readable_bytes_change_no_result) {
  const std::string far(simdjson::SIMDJSON_PADDING, ' ');
  // The neighbours of a text are not its: read as a part of it they would break each of these.
  const std::string all = R"(x12345"{"a":"\ud83d b","n":99999999999999999999}"]6)" + far + "[7,8]";
  const std::string before = all;
  const auto whole = std::string_view(all);
  const auto object = whole.substr(whole.find('{'), whole.find('}') + 1 - whole.find('{'));
  const auto last = whole.substr(whole.size() - 5);
  for (const std::string_view said : {whole, whole.substr(0, object.size()), std::string_view{}}) {
    const readable_bytes outer(said);
    EXPECT_EQ(text_at(object, "a"), "\xEF\xBF\xBD b");
    EXPECT_EQ(integer_at(last, "1"), 8);  // no padding behind it: a copy
    EXPECT_EQ(integer_at(whole.substr(1, 3), ""), 123);
    {
      const readable_bytes inner(object);
      EXPECT_EQ(integer_at(whole.substr(2, 4), ""), 2345);
    }
    reader r;
    EXPECT_FALSE(r.parse(object.substr(0, object.size() - 1)));
    EXPECT_FALSE(r.parse(""));
  }
  EXPECT_EQ(all, before);
}

TEST(json_reader, members_come_in_their_order) {
  reader r;
  simdjson::dom::object o;
  ASSERT_EQ(r.parse(R"({"b":{"x":1},"a":[2],"b":3})")->get(o), simdjson::SUCCESS);
  std::string seen;
  for_each_member(o, [&](std::string_view key, element value) {
    seen += std::string(key) + simdjson::minify(value) + ' ';
  });
  EXPECT_EQ(seen, R"(b{"x":1} a[2] b3 )");
}

}  // namespace
}  // namespace ark::json
