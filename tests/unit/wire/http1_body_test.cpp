#include "wire/http1_body.hpp"

#include "base/limits.hpp"

#include <gtest/gtest.h>

#include <random>

namespace ark::wire {
namespace {

struct outcome {
  std::string payload, rest;
  bool done = false;
  std::optional<errc> failure;
  friend bool operator==(const outcome&, const outcome&) = default;
};

/// Reads `bytes` as a socket would give them, `cut` at a time.
outcome read(http1_body body, std::string_view bytes, std::size_t cut = std::string_view::npos) {
  outcome out;
  while (!bytes.empty() && !out.failure) {
    std::string piece(bytes.substr(0, cut));
    bytes.remove_prefix(piece.size());
    std::string_view input = piece;
    while (!input.empty() && !body.done() && !out.failure) {
      const auto payload = body.next(input);
      if (payload) {
        out.payload += *payload;
      } else {
        out.failure = payload.error().code;
      }
    }
    if (body.done()) {
      out.rest = std::string(input) + std::string(bytes);
      break;
    }
  }
  out.done = body.done();
  return out;
}

outcome read_chunked(std::string_view bytes) {
  const outcome whole = read(http1_body::with_chunks(), bytes);
  for (const std::size_t cut : {1, 2, 3, 7})
    EXPECT_EQ(read(http1_body::with_chunks(), bytes, cut).payload, whole.payload) << bytes;
  EXPECT_EQ(read(http1_body::with_chunks(), bytes, 1), whole) << bytes;
  return whole;
}

errc failure_of(std::string_view chunked) {
  return read_chunked(chunked).failure.value_or(errc::internal);
}

http_head head(int status, header_list headers) { return {status, std::move(headers)}; }

TEST(http1_body, chunks) {
  const auto o =
      read_chunked("5\r\nhello\r\n1A;a=\"b\"\r\nabcdefghijklmnopqrstuvwxyz\r\n0\r\n\r\nHTTP");
  EXPECT_EQ(o.payload, "helloabcdefghijklmnopqrstuvwxyz");
  EXPECT_TRUE(o.done);
  EXPECT_EQ(o.rest, "HTTP");
}

TEST(http1_body, padded_sizes_extensions_and_trailers) {
  const auto o = read_chunked("05  \r\nhello\r\n000 ;x\r\nETag: 1\r\nX-Y: z\r\n\r\n");
  EXPECT_EQ(o.payload, "hello");
  EXPECT_TRUE(o.done);
}

TEST(http1_body, a_payload_is_a_view_of_the_input) {
  const std::string bytes = "3\r\nabc\r\n";
  std::string_view input = bytes;
  auto body = http1_body::with_chunks();
  EXPECT_EQ(body.next(input)->data(), bytes.data() + 3);
}

// T31
TEST(http1_body, refuses_sizes_that_are_not) {
  for (const std::string_view size :
       {"-1", "0x10", "+5", "g", "", " 5", "5x", "\xff", "5\n", "5;a\n", "\n", "5\rX"})
    EXPECT_EQ(failure_of(std::string(size) + "\r\nhello\r\n0\r\n\r\n"), errc::protocol) << size;
  EXPECT_EQ(failure_of("FFFFFFFFFFFFFFFFF\r\n"), errc::too_large);
  EXPECT_EQ(failure_of("00000000000000005\r\nhello\r\n"), errc::too_large);
}

// T31
TEST(http1_body, refuses_chunks_that_do_not_end_where_they_say) {
  EXPECT_EQ(failure_of("5\r\nhello0\r\n\r\n"), errc::protocol);
  EXPECT_EQ(failure_of("5\r\nhello\n0\r\n\r\n"), errc::protocol);
  EXPECT_EQ(failure_of("5\r\nhello\rX"), errc::protocol);
  EXPECT_EQ(failure_of("0\r\nA: b\n\r\n"), errc::protocol);
  EXPECT_EQ(failure_of("0\r\n\n"), errc::protocol);
}

TEST(http1_body, the_largest_size_is_taken_and_not_allocated) {
  auto body = http1_body::with_chunks();
  std::string_view input = "FFFFFFFFFFFFFFFF\r\nabc";
  EXPECT_EQ(body.next(input).value(), "abc");
  EXPECT_EQ(body.remaining(), 0xFFFFFFFFFFFFFFFFu - 3);
}

// T31
TEST(http1_body, extensions_and_trailers_are_bounded) {
  const std::string extension = "5;" + std::string(limits::http_chunk_extension_bytes, 'x');
  EXPECT_EQ(failure_of(extension + "\r\n"), errc::too_large);
  const std::string good = "5;" + std::string(limits::http_chunk_extension_bytes - 1, 'x');
  EXPECT_TRUE(read_chunked(good + "\r\nhello\r\n0\r\n\r\n").done);
  std::string trailers = "0\r\n";
  for (std::size_t i = 0; i <= limits::http_head_bytes / 8; ++i) trailers += "A: bcd\r\n";
  EXPECT_EQ(failure_of(trailers), errc::too_large);
}

TEST(http1_body, an_error_is_final) {
  auto body = http1_body::with_chunks();
  std::string_view input = "zz";
  EXPECT_FALSE(body.next(input));
  input = "5\r\nhello\r\n";
  EXPECT_FALSE(body.next(input));
  EXPECT_FALSE(body.close());
}

TEST(http1_body, a_length) {
  const auto o = read(http1_body::with_length(5), "helloHTTP", 3);
  EXPECT_EQ(o, (outcome{"hello", "HTTP", true, {}}));
  EXPECT_TRUE(http1_body::with_length(0).done());
}

// T29
TEST(http1_body, closing_early_is_truncation) {
  auto length = http1_body::with_length(5);
  std::string_view input = "hell";
  ASSERT_TRUE(length.next(input));
  EXPECT_EQ(length.close().error().code, errc::truncated);

  const std::string_view whole = "5\r\nhello\r\n0\r\nA: b\r\n\r\n";
  for (std::size_t cut = 0; cut < whole.size(); ++cut) {
    auto body = http1_body::with_chunks();
    std::string_view part = whole.substr(0, cut);
    while (!part.empty()) ASSERT_TRUE(body.next(part));
    EXPECT_EQ(body.close().error().code, errc::truncated) << cut;
  }
  auto open = http1_body::until_close();
  input = "anything";
  EXPECT_EQ(open.next(input).value(), "anything");
  EXPECT_FALSE(open.done());
  EXPECT_TRUE(open.close());
  EXPECT_TRUE(open.done());
}

TEST(http1_body, framing_by_the_head) {
  EXPECT_TRUE(http1_body::of(head(200, {{"Content-Length", "0"}}), "POST")->done());
  EXPECT_EQ(http1_body::of(head(200, {{"content-length", "5, 5"}}), "POST")->remaining(), 5u);
  EXPECT_TRUE(http1_body::of(head(200, {}), "POST")->ends_connection());
  for (const int status : {100, 204, 304})
    EXPECT_TRUE(http1_body::of(head(status, {{"Content-Length", "5"}}), "POST")->done());
  EXPECT_TRUE(http1_body::of(head(200, {{"Content-Length", "5"}}), "HEAD")->done());
  const auto chunked = http1_body::of(head(200, {{"Transfer-Encoding", "Chunked"}}), "POST");
  EXPECT_FALSE(chunked->done());
  EXPECT_FALSE(chunked->ends_connection());
  const auto both = http1_body::of(
      head(200, {{"Transfer-Encoding", "chunked"}, {"Content-Length", "5"}}), "POST");
  EXPECT_TRUE(both->ends_connection());
}

TEST(http1_body, refuses_heads_that_contradict_themselves) {
  for (const std::string_view length :
       {"", "-1", "+5", "5x", "0x5", "5,6", "5,", "99999999999999999999", "5 5", "1e3"})
    EXPECT_EQ(
        http1_body::of(head(200, {{"Content-Length", std::string(length)}}), "POST").error().code,
        errc::protocol)
        << length;
  EXPECT_FALSE(
      http1_body::of(head(200, {{"Content-Length", "5"}, {"content-length", "6"}}), "POST"));
  for (const std::string_view coding : {"gzip, chunked", "identity", "chunked, chunked", ""})
    EXPECT_FALSE(http1_body::of(head(200, {{"Transfer-Encoding", std::string(coding)}}), "POST"))
        << coding;
}

TEST(http1_body, random_bodies_come_back_however_they_are_cut) {
  std::mt19937 random(11);
  for (int round = 0; round < 100; ++round) {
    std::string payload, wire;
    for (std::size_t i = random() % 5; i > 0; --i) {
      const std::string chunk(1 + random() % 300, static_cast<char>('a' + random() % 26));
      char size[20];
      std::snprintf(size, sizeof size, "%zx\r\n", chunk.size());
      payload += chunk;
      wire += size + chunk + "\r\n";
    }
    wire += "0\r\n\r\n";
    EXPECT_EQ(read(http1_body::with_chunks(), wire, 1 + random() % 50),
              (outcome{payload, "", true, {}}));
  }
}

}  // namespace
}  // namespace ark::wire
