#include "wire/ndjson.hpp"

#include <gtest/gtest.h>
#include <vector>

namespace ark::wire {
namespace {

struct lines_seen {
  std::vector<std::string> lines;
  bool failed = false;
  friend bool operator==(const lines_seen&, const lines_seen&) = default;
};

lines_seen read_lines(std::string_view bytes, std::size_t piece, std::size_t limit = 1000,
                      std::size_t most = 1000) {
  lines_seen out;
  ndjson_reader reader(limit);
  const auto each = [&](const sse_event& e) {
    EXPECT_EQ(e.type, "message");
    out.lines.emplace_back(e.data);
    return out.lines.size() < most;
  };
  for (std::size_t at = 0; at < bytes.size(); at += piece)
    out.failed = !reader.feed(bytes.substr(at, piece), each) || out.failed;
  out.failed = !reader.finish(each) || out.failed;
  return out;
}

TEST(ndjson, lines_however_they_are_cut) {
  const std::string_view bytes = "{\"a\":1}\r\n\n \t\n{\"b\":2}\n{\"c\":3}";
  for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
    const auto seen = read_lines(bytes, piece);
    EXPECT_EQ(seen.lines, (std::vector<std::string>{"{\"a\":1}", "{\"b\":2}", "{\"c\":3}"}))
        << piece;
    EXPECT_FALSE(seen.failed);
  }
}

TEST(ndjson, a_line_may_be_as_long_as_the_limit_and_no_longer) {
  const std::string fits(10, 'x'), long_one(11, 'x');
  for (std::size_t piece = 1; piece < 14; ++piece) {
    for (const std::string end : {"", "\n", "\r\n"}) {
      EXPECT_EQ(read_lines(fits + end, piece, 10).lines, std::vector{fits}) << piece;
      EXPECT_FALSE(read_lines(fits + end, piece, 10).failed) << piece;
      EXPECT_TRUE(read_lines(long_one + end, piece, 10).failed) << piece;
      EXPECT_TRUE(read_lines(long_one + end, piece, 10).lines.empty()) << piece;
    }
  }
}

TEST(ndjson, too_long_is_final) {
  ndjson_reader reader(3);
  const auto none = [](const sse_event&) { return ADD_FAILURE(), true; };
  const auto fed = reader.feed("abcdef\nx\n", none);
  ASSERT_FALSE(fed);
  EXPECT_EQ(fed.error().code, errc::too_large);
  EXPECT_FALSE(reader.feed("x\n", none));
  EXPECT_FALSE(reader.finish(none));
}

TEST(ndjson, stops_when_told) {
  for (std::size_t piece = 1; piece < 7; ++piece)
    EXPECT_EQ(read_lines("a\nb\nc", piece, 100, 2).lines, (std::vector<std::string>{"a", "b"}));
}

TEST(ndjson, ill_formed_text_is_repaired) {
  for (std::size_t piece = 1; piece < 5; ++piece)
    EXPECT_EQ(read_lines("a\xff\n", piece).lines, std::vector<std::string>{"a\xEF\xBF\xBD"});
}

}  // namespace
}  // namespace ark::wire
