#include "net/body_reader.hpp"

#include "gzip.hpp"

#include <gtest/gtest.h>

namespace ark::net {
namespace {

wire::http_head head(wire::header_list headers) { return {200, std::move(headers)}; }
const wire::header_list chunked{{"Transfer-Encoding", "chunked", false}};

std::string sized_chunk(std::string_view text) {
  char size[20];
  std::snprintf(size, sizeof size, "%zx\r\n", text.size());
  return std::string(size).append(text) + "\r\n";
}

TEST(BodyReader, GathersTheChunksOfOneReadInOnePiece) {
  body_reader body = body_reader::of(head(chunked), "POST", 1000).value();
  std::string bytes =
      sized_chunk("hello ") + sized_chunk("big ") + sized_chunk("world") + "0\r\n\r\nNEXT";
  std::span<char> raw(bytes);
  EXPECT_EQ(body.unframe(raw).value(), "hello big world");
  EXPECT_TRUE(body.framing_done());
  EXPECT_EQ(std::string(raw.begin(), raw.end()), "NEXT");
}

TEST(BodyReader, BoundsTheContent) {
  body_reader body = body_reader::of(head({{"Content-Length", "100", false}}), "POST", 99).value();
  const auto told = body.decode(std::string(100, 'x'), [](std::string_view) { return true; });
  ASSERT_FALSE(told);
  EXPECT_EQ(told.error().code, errc::too_large);
  EXPECT_EQ(told.error().message,
            "The answer is longer than the limit of 99 bytes: ask for less, or raise "
            "max_reply_bytes in the program (no setting does).");
}

// T32
TEST(BodyReader, BoundsTheContentAfterDecompression) {
  const std::string packed = testing::compress(std::string(5000, 'x'));
  auto headers = chunked;
  headers.push_back({"Content-Encoding", "gzip", false});
  body_reader body = body_reader::of(head(headers), "POST", 4999).value();
  const auto told = body.decode(packed, [](std::string_view) { return true; });
  ASSERT_FALSE(told);
  EXPECT_EQ(told.error().code, errc::too_large);
}

TEST(BodyReader, StopsBetweenPiecesAndGoesOnWhereItStopped) {
  std::string text;
  for (int i = 0; i < 20000; ++i) text += std::to_string(i);
  const std::string packed = testing::compress(text);
  auto headers = chunked;
  headers.push_back({"Content-Encoding", "GZIP", false});
  body_reader body = body_reader::of(head(headers), "POST", 1u << 20).value();
  std::string got;
  int pieces = 0;
  const auto one = [&](std::string_view piece) {
    got.append(piece);
    ++pieces;
    return false;
  };
  ASSERT_TRUE(body.decode(std::string_view(packed).substr(0, packed.size() / 2), one));
  EXPECT_EQ(pieces, 1);
  EXPECT_TRUE(body.holds_rest());
  ASSERT_TRUE(body.decode(std::string_view(packed).substr(packed.size() / 2), one));
  EXPECT_EQ(pieces, 1);
  while (body.holds_rest()) ASSERT_TRUE(body.drain(one));
  EXPECT_EQ(got, text);
  EXPECT_TRUE(body.check_whole());
}

TEST(BodyReader, RefusesACodingThatNobodyAskedFor) {
  auto headers = chunked;
  headers.push_back({"Content-Encoding", "br", false});
  EXPECT_EQ(body_reader::of(head(headers), "POST", 10).error().code, errc::protocol);
}

TEST(BodyReader, AnUnfinishedCompressedBodyIsTruncated) {
  const std::string packed = testing::compress("hello");
  auto headers = chunked;
  headers.push_back({"Content-Encoding", "deflate", false});
  body_reader body = body_reader::of(head(headers), "POST", 1000).value();
  ASSERT_TRUE(body.decode(testing::compress("hello", 15).substr(0, 6),
                          [](std::string_view) { return true; }));
  ASSERT_FALSE(body.check_whole());
  EXPECT_EQ(body.check_whole().error().code, errc::truncated);
}

}  // namespace
}  // namespace ark::net
