#include "net/answer_head.hpp"

#include "base/limits.hpp"

#include <gtest/gtest.h>

namespace ark::net {
namespace {

const std::string ok = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A: b c \r\n\r\n";

TEST(AnswerHead, ReadsAHeadAndLeavesTheBody) {
  const std::string bytes = ok + "hello";
  std::string_view view = bytes;
  head_reader reader;
  const auto found = reader.feed(view).value();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->head.status, 200);
  EXPECT_EQ(wire::find_header(found->head.headers, "x-a"), "b c");
  EXPECT_TRUE(found->keep_alive);
  EXPECT_EQ(view, "hello");
}

TEST(AnswerHead, ReadsItInPiecesOfEverySize) {
  const std::string bytes = ok + "hello";
  for (std::size_t size = 1; size < bytes.size(); ++size) {
    head_reader reader;
    std::string rest;
    bool got = false;
    for (std::size_t at = 0; at < bytes.size(); at += size) {
      std::string_view piece = std::string_view(bytes).substr(at, size);
      if (!got) got = reader.feed(piece).value().has_value();
      if (got) rest.append(piece);
    }
    EXPECT_TRUE(got);
    EXPECT_EQ(rest, "hello") << "pieces of " << size;
  }
}

TEST(AnswerHead, SkipsInterimAnswers) {
  const std::string bytes =
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\n" + ok;
  std::string_view view = bytes;
  head_reader reader;
  EXPECT_EQ(reader.feed(view).value()->head.status, 200);
}

TEST(AnswerHead, ASwitchOfProtocolsIsNoInterimAnswer) {
  const std::string bytes = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n\x81";
  std::string_view view = bytes;
  EXPECT_EQ(head_reader().feed(view).value()->head.status, 101);
  EXPECT_EQ(view, "\x81") << "what comes behind it is not the head's";
}

TEST(AnswerHead, KnowsWhenTheConnectionEnds) {
  const auto keep = [](std::string text) {
    std::string_view view = text;
    return head_reader().feed(view).value()->keep_alive;
  };
  EXPECT_FALSE(keep("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\n"));
  EXPECT_FALSE(keep("HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\n"));
  EXPECT_TRUE(keep("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\n"));
}

// T25
TEST(AnswerHead, RefusesWhatIsNotHttpAndWhatIsTooLong) {
  std::string_view view = "SSH-2.0-OpenSSH_9.2\r\n\r\n";
  const auto bad = head_reader().feed(view);
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().code, errc::protocol);
  const std::string endless = "HTTP/1.1 200 OK\r\nX: " + std::string(limits::http_head_bytes, 'a');
  view = endless;
  const auto bomb = head_reader().feed(view);
  ASSERT_FALSE(bomb);
  EXPECT_EQ(bomb.error().code, errc::too_large);
}

TEST(AnswerHead, BoundsAHeadThatNeverEndsWhileItTrickles) {
  head_reader reader;
  std::string_view first = "HTTP/1.1 200 OK\r\n";
  ASSERT_TRUE(reader.feed(first));
  for (std::size_t fed = 0;; fed += 10) {
    std::string_view line = "X: 12345\r\n";
    const auto answer = reader.feed(line);
    if (!answer) {
      EXPECT_EQ(answer.error().code, errc::too_large);
      return;
    }
    ASSERT_LT(fed, 2 * limits::http_head_bytes);
  }
}

}  // namespace
}  // namespace ark::net
