#include "base/json.hpp"

#include "base/json_reader.hpp"
#include "tests/support/corpus.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace ark::json {
namespace {

TEST(json, writes_commas_and_quotes) {
  std::string out;
  writer w(out);
  w.begin_object().key("a").number(std::int64_t{-5}).key("b").begin_array();
  w.string("x").boolean(true).null().number(0.5).raw("[1]").begin_object().end_object();
  w.end_array().key("c").begin_array().end_array().end_object();
  EXPECT_EQ(out, R"({"a":-5,"b":["x",true,null,0.5,[1],{}],"c":[]})");
  EXPECT_TRUE(is_valid(out));
}

TEST(json, escapes_what_json_wants_escaped) {
  std::string out;
  append_string(out, std::string_view("\"\\\n\r\t\0\x1f/\x7f\xC3\xA9", 11));
  EXPECT_EQ(out, "\"\\\"\\\\\\n\\r\\t\\u0000\\u001f/\x7f\xC3\xA9\"");
}

TEST(json, numbers_read_back_the_same) {
  std::mt19937_64 random(4);
  reader r;
  for (int i = 0; i < 5'000; ++i) {
    double value = 0;
    const std::uint64_t bits = random();
    static_assert(sizeof bits == sizeof value);
    std::memcpy(&value, &bits, sizeof value);
    std::string out;
    writer(out).number(value);
    double back = 0;
    if (!std::isfinite(value)) {
      EXPECT_EQ(out, "null");
    } else {
      ASSERT_EQ(r.parse(out)->get(back), simdjson::SUCCESS) << out;
      EXPECT_EQ(back, value) << out;
    }
  }
  for (const std::int64_t value : {INT64_MIN, INT64_MAX, std::int64_t{0}}) {
    std::string out;
    writer(out).number(value);
    EXPECT_EQ(as_integer(*r.parse(out), 1), value);
  }
}

TEST(json, any_bytes_become_valid_text_that_reads_back) {
  std::mt19937 random(6);
  reader r;
  for (int i = 0; i < 2'000; ++i) {
    std::string bytes(random() % 40, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    std::string out;
    append_string(out, bytes);
    ASSERT_TRUE(is_valid(out));
    EXPECT_EQ(as_text(*r.parse(out)) == bytes, simdjson::validate_utf8(bytes));
  }
}

TEST(json, compact) {
  EXPECT_EQ(compact(" { \"a b\" : [ 1 , 2 ] }\n").value(), R"({"a b":[1,2]})");
  EXPECT_FALSE(compact("{"));
  EXPECT_FALSE(compact(""));
}

// P01
TEST(json, depth_is_bounded) {
  const auto nested = [](std::size_t n) { return std::string(n, '[') + std::string(n, ']'); };
  EXPECT_TRUE(is_valid(nested(255)));
  EXPECT_EQ(check(nested(257)).error().code, errc::too_large);
  EXPECT_FALSE(is_valid(std::string(1'000'000, '[')));
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  EXPECT_FALSE(is_valid(objects));
}

TEST(json, an_error_does_not_quote_the_text) {
  const auto failed = check("{\"prompt\": \"my secret plan\", oops}");
  ASSERT_FALSE(failed);
  EXPECT_EQ(to_string(failed.error()).find("secret"), std::string::npos);
}

TEST(json, the_shared_suite) {
  ARK_SHARED_OR_SKIP(folder, "vectors/json_test_suite");
  std::size_t accepted = 0, refused = 0, open = 0;
  reader kept;  // also with one reader for all, as a stream has it
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (entry.path().extension() != ".json" || name.size() < 2 || name[1] != '_') continue;
    const std::string text = test::read_file(entry.path());
    const bool valid = is_valid(text);
    EXPECT_EQ(kept.parse(text).has_value(), valid) << name;
    EXPECT_EQ(compact(text).has_value(), valid) << name;
    if (name[0] == 'y') {
      EXPECT_TRUE(valid) << name;
      ++accepted;
    } else if (name[0] == 'n') {
      EXPECT_FALSE(valid) << name;
      ++refused;
    } else if (name[0] == 'i') {
      ++open;
    }
  }
  EXPECT_GE(accepted, 90u);
  EXPECT_GE(refused, 180u);
  EXPECT_GE(open, 30u);
}

}  // namespace
}  // namespace ark::json
