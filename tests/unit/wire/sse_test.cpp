#include "wire/sse.hpp"

#include "base/json_reader.hpp"
#include "tests/support/corpus.hpp"
#include "wire/base64.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <limits>
#include <random>

namespace ark::wire::sse_test {
namespace {

struct seen {
  std::string type, data, id;
  friend bool operator==(const seen&, const seen&) = default;
  friend std::ostream& operator<<(std::ostream& out, const seen& s) {
    return out << '[' << s.type << '|' << s.data.substr(0, 60) << '|' << s.id << ']';
  }
};

struct outcome {
  std::vector<seen> events;
  bool failed = false;
  int retry_ms = -1;
  std::size_t comments = 0;
  std::string last_id;
  friend bool operator==(const outcome&, const outcome&) = default;
};

/// Reads `bytes` cut after each of `sizes` (repeated as needed).
outcome read_cut(std::string_view bytes, const std::function<std::size_t()>& next_size,
                 bool finish = false, std::size_t limit = 1u << 20) {
  outcome out;
  sse_reader reader(limit);
  const auto each = [&](const sse_event& e) {
    out.events.push_back({std::string(e.type), std::string(e.data), std::string(e.last_event_id)});
    return true;
  };
  while (!bytes.empty()) {
    // A copy of its own for each piece, so that a view kept too long is seen by the sanitizer.
    const auto piece = std::make_unique<std::string>(bytes.substr(0, next_size()));
    bytes.remove_prefix(piece->size());
    if (!reader.feed(*piece, each)) out.failed = true;
  }
  if (finish && !reader.finish(each)) out.failed = true;
  out.retry_ms = reader.retry_ms();
  out.comments = reader.comments();
  out.last_id = reader.last_event_id();
  return out;
}

outcome read_whole(std::string_view bytes, bool finish = false, std::size_t limit = 1u << 20) {
  return read_cut(bytes, [] { return std::string_view::npos; }, finish, limit);
}

std::vector<std::string> data_of(const outcome& o) {
  std::vector<std::string> out;
  for (const auto& e : o.events) out.push_back(e.data);
  return out;
}

outcome expected_of(json::element c) {
  outcome out;
  json::element field;
  if (!json::find_path(c, "expected.events", field)) ADD_FAILURE() << "no events";
  for (const auto e : field.get_array()) {
    json::element type, data, id;
    EXPECT_TRUE(json::find(e, "type", type) && json::find(e, "data", data) &&
                json::find(e, "last_event_id", id));
    out.events.push_back({std::string(json::as_text(type)), std::string(json::as_text(data)),
                          std::string(json::as_text(id))});
  }
  double retry = 0;
  if (json::find_path(c, "expected.retry_ms", field) && field.get(retry) == simdjson::SUCCESS)
    out.retry_ms = retry > 2e9 ? std::numeric_limits<int>::max() : static_cast<int>(retry);
  if (json::find_path(c, "expected.final_last_event_id", field)) out.last_id = json::as_text(field);
  return out;
}

TEST(sse, shared_cases_however_they_are_cut) {
  ARK_SHARED_OR_SKIP(path, "vectors/sse_cases.json");
  json::reader reader;
  const std::string text = test::read_file(path);
  const auto root = reader.parse(text);
  ASSERT_TRUE(root);
  json::element cases;
  ASSERT_TRUE(json::find(*root, "cases", cases));
  std::mt19937 random(7);
  std::size_t count = 0;
  for (const auto c : cases.get_array()) {
    json::element field;
    ASSERT_TRUE(json::find(c, "id", field));
    SCOPED_TRACE(std::string(json::as_text(field)));
    std::string bytes;
    ASSERT_TRUE(json::find(c, "chunks_b64", field));
    for (const auto chunk : field.get_array()) {
      const auto raw = base64_decode(json::as_text(chunk));
      ASSERT_TRUE(raw);
      bytes += *raw;
    }
    auto expected = expected_of(c);
    const auto whole = read_whole(bytes);
    expected.comments = whole.comments;
    EXPECT_EQ(whole.events, expected.events);
    EXPECT_EQ(whole, expected);
    EXPECT_EQ(read_cut(bytes, [] { return 1; }), expected);
    EXPECT_EQ(read_cut(bytes, [] { return 2; }), expected);
    for (int i = 0; i < 20; ++i)
      EXPECT_EQ(read_cut(bytes, [&] { return 1 + random() % 37; }), expected);
    if (json::find(c, "lenient_expected_at_eof", field)) {
      json::element events = field;
      json::find(field, "events", events);
      EXPECT_EQ(read_whole(bytes, true).events.size(),
                expected.events.size() + events.get_array().size());
    }
    ++count;
  }
  EXPECT_GE(count, 70u);
}

TEST(sse, types_ids_and_retry) {
  const auto o = read_whole("event: a\nid: 7\nretry: 250\ndata: x\n\ndata: y\n\n: ping\n\n");
  EXPECT_EQ(o.events, (std::vector<seen>{{"a", "x", "7"}, {"message", "y", "7"}}));
  EXPECT_EQ(o.retry_ms, 250);
  EXPECT_EQ(o.comments, 1u);
}

TEST(sse, a_retry_that_no_integer_holds_is_the_longest) {
  EXPECT_EQ(read_whole("retry: 99999999999\n\n").retry_ms, std::numeric_limits<int>::max());
  EXPECT_EQ(read_whole("retry: 1x\nretry: -5\nretry:\n\n").retry_ms, -1);
}

TEST(sse, an_unfinished_event_is_dropped_by_feed_and_passed_on_by_finish) {
  for (const std::string_view bytes : {"data: a\n\ndata: [DONE]", "data: a\n\ndata: [DONE]\n"}) {
    EXPECT_EQ(data_of(read_whole(bytes)), (std::vector<std::string>{"a"}));
    EXPECT_EQ(data_of(read_whole(bytes, true)), (std::vector<std::string>{"a", "[DONE]"}));
  }
  EXPECT_TRUE(read_whole("event: x\n", true).events.empty());
}

TEST(sse, one_piece_is_passed_on_without_a_copy) {
  const std::string bytes = "event: delta\ndata: {\"a\":1}\n\n";
  sse_reader reader(1000);
  bool inside = false;
  const auto each = [&](const sse_event& e) {
    const auto within = [&](std::string_view v) {
      return v.data() >= bytes.data() && v.data() + v.size() <= bytes.data() + bytes.size();
    };
    inside = within(e.data) && within(e.type);
    return true;
  };
  ASSERT_TRUE(reader.feed(bytes, each));
  EXPECT_TRUE(inside);
}

TEST(sse, keeps_lines_that_are_no_field) {
  sse_reader reader(1u << 20);
  const auto ignore = [](const sse_event&) { return true; };
  ASSERT_TRUE(reader.feed("error: {\"a\":1}\ndata: x\n\n{\n", ignore));
  ASSERT_TRUE(reader.feed(" \"b\": 2\n}", ignore));
  ASSERT_TRUE(reader.finish(ignore));
  EXPECT_EQ(reader.stray(), "error: {\"a\":1}\n{\n \"b\": 2\n}");
  sse_reader full(1u << 20);
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(full.feed(std::string(4000, 'x') + "\n", ignore));
  EXPECT_LT(full.stray().size(), 64u << 10);
}

TEST(sse, false_stops_for_good) {
  sse_reader reader(1000);
  int calls = 0;
  const auto each = [&](const sse_event&) { return ++calls < 2; };
  ASSERT_TRUE(reader.feed("data: 1\n\ndata: 2\n\ndata: 3\n\ndata: 4", each));
  ASSERT_TRUE(reader.feed("\n\ndata: 5\n\n", each));
  ASSERT_TRUE(reader.finish(each));
  EXPECT_EQ(calls, 2);
}

TEST(sse, too_large_is_final_and_the_same_however_cut) {
  const std::string line = "data: " + std::string(100, 'x') + "\n\n";
  const std::string good = "data: ok\n\n";
  for (const std::size_t cut : {std::size_t{1}, std::size_t{3}, std::string_view::npos}) {
    const auto size = [cut] { return cut; };
    EXPECT_FALSE(read_cut(good + line, size, true, 106).failed);
    const auto o = read_cut(good + line + good, size, true, 105);
    EXPECT_TRUE(o.failed);
    EXPECT_EQ(data_of(o), (std::vector<std::string>{"ok"}));
    // 50 lines of 2 bytes and their 49 newlines.
    std::string many;
    for (int i = 0; i < 50; ++i) many += "data: xy\n";
    EXPECT_FALSE(read_cut(many + "\n", size, true, 149).failed);
    EXPECT_TRUE(read_cut(many + "\n", size, true, 148).failed);
    EXPECT_TRUE(read_cut(":" + std::string(200, 'c') + "\n", size, true, 150).failed);
  }
  sse_reader reader(10);
  const auto ignore = [](const sse_event&) { return true; };
  const auto first = reader.feed(std::string(11, 'a'), ignore);
  ASSERT_FALSE(first);
  EXPECT_EQ(first.error().code, errc::too_large);
  EXPECT_EQ(reader.feed("\n", ignore).error().code, errc::too_large);
  EXPECT_EQ(reader.finish(ignore).error().code, errc::too_large);
}

// P13
TEST(sse, a_line_of_100_mib_costs_one_limit_of_memory) {
  sse_reader reader(1u << 20);
  const std::string piece(64u << 10, 'x');
  const auto ignore = [](const sse_event&) { return true; };
  std::size_t taken = 0;
  ASSERT_TRUE(reader.feed("data: ", ignore));
  for (std::size_t fed = 0; fed < (100u << 20); fed += piece.size())
    if (reader.feed(piece, ignore)) taken += piece.size();
  EXPECT_LE(taken, 1u << 20);
}

/// Median of three, so that one pause of the machine does not decide.
double seconds(const std::string& bytes, std::size_t cut) {
  std::vector<double> runs;
  for (int i = 0; i < 3; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    read_cut(bytes, [cut] { return cut; }, true, 64u << 20);
    runs.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  }
  std::sort(runs.begin(), runs.end());
  return runs[1];
}

std::string repeat(std::string_view what, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += what;
  return out;
}

// P14
TEST(sse, time_is_linear_in_the_bytes) {
  // Quadratic work would make the longer input 256 times as slow, not 16 times.
  for (const std::string_view unit : {"\r", "data\n", "data: x\r", "x", ":\n", "data: a\r\n\r\n"}) {
    const double small = seconds(repeat(unit, 4'000), 997);
    const double large = seconds(repeat(unit, 64'000), 997);
    EXPECT_LT(large, std::max(small, 2e-5) * 100) << unit;
  }
  const double small = seconds(repeat("x", 4'000), 1);
  EXPECT_LT(seconds(repeat("x", 64'000), 1), std::max(small, 2e-5) * 100);
}

TEST(sse, ill_formed_bytes_are_replaced_wherever_the_pieces_end) {
  const std::string bytes =
      "data: good\n\ndata: b\xFF"
      "d\nevent: t\xC3\n\ndata: caf\xC3\xA9\n\n";
  const std::vector<seen> expected = {{"message", "good", ""},
                                      {"t\xEF\xBF\xBD",
                                       "b\xEF\xBF\xBD"
                                       "d",
                                       ""},
                                      {"message", "caf\xC3\xA9", ""}};
  for (std::size_t first = 1; first < bytes.size(); ++first) {
    std::size_t turn = 0;
    const auto read = read_cut(bytes, [&] { return turn++ == 0 ? first : bytes.size(); });
    EXPECT_EQ(read.events, expected) << "first piece of " << first;
  }
}

}  // namespace
}  // namespace ark::wire::sse_test
