#include "client_side.hpp"
#include "tests/support/scripted_server.hpp"
#include "tests/unit/net/gzip.hpp"

#include <gtest/gtest.h>
#include <atomic>

namespace ark {
namespace {

using testing::chunk;
using testing::client_side;
using testing::http_answer;
using testing::last_chunk;
using testing::recorder;
using testing::scripted_connection;
using testing::scripted_server;

void expect_failure(const recorder& told, errc code) {
  ASSERT_TRUE(told.failure);
  EXPECT_EQ(told.failure->error.code, code) << told.failure->error.message;
  EXPECT_FALSE(told.failure->error.message.empty());
}

TEST(Exchange, SendsARequestAndTellsTheAnswerInOrder) {
  std::string seen;
  scripted_server server([&](scripted_connection& c) {
    seen = c.read_request();
    c.send(http_answer(200, "hello", "X-One: 1\r\n"));
  });
  client_side client;
  const auto told = client.get(server.port());
  EXPECT_EQ(told->trace, "sending sent head end");
  EXPECT_EQ(told->head.status, 200);
  EXPECT_EQ(wire::find_header(told->head.headers, "x-one"), "1");
  EXPECT_EQ(told->body, "hello");
  EXPECT_FALSE(told->failure);
  EXPECT_EQ(seen, "POST /v1/chat HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server.port()) +
                      "\r\nContent-Type: application/json\r\nAccept-Encoding: gzip\r\n"
                      "Content-Length: 2\r\n\r\n{}");
}

TEST(Exchange, KeepsConnectionsAlive) {
  scripted_server server([](scripted_connection& c) {
    while (!c.read_request().empty()) c.send(http_answer(200, "ok"));
  });
  client_side client;
  for (int i = 0; i < 20; ++i) EXPECT_EQ(client.get(server.port())->body, "ok");
  EXPECT_EQ(server.connections(), 1);
  EXPECT_EQ(client.transport->count().reused, 19u);
}

TEST(Exchange, ReadsEveryFramingSplitAtEveryByte) {
  const std::string sized = http_answer(200, "0123456789");
  const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" +
                              chunk("01234") + chunk("56789") + std::string(last_chunk);
  for (const std::string& answer : {sized, chunked}) {
    std::atomic<std::size_t> cut = 0;
    scripted_server server([&](scripted_connection& c) {
      while (!c.read_request().empty()) {
        const std::size_t at = cut;
        c.send(answer.substr(0, at));
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
        c.send(answer.substr(at));
      }
    });
    client_side client;
    for (cut = 0; cut <= answer.size(); ++cut) {
      const auto told = client.get(server.port());
      ASSERT_EQ(told->body, "0123456789") << "split at " << cut.load();
      ASSERT_FALSE(told->failure);
    }
    EXPECT_EQ(server.connections(), 1);
  }
}

TEST(Exchange, RefusedConnectionIsANetworkErrorBeforeAnything) {
  client_side client;
  const auto told = client.get(testing::closed_port());
  expect_failure(*told, errc::network);
  EXPECT_EQ(told->failure->error.retry, retry_class::safe);
  EXPECT_FALSE(told->failure->request_begun);
  EXPECT_EQ(told->trace, "failed");
}

/// The failure of one request to a server that follows `script`.
std::unique_ptr<recorder> meet(const scripted_server::script& script,
                               const network_options& options = {}) {
  scripted_server server(script);
  client_side client(options);
  return client.get(server.port());
}
scripted_server::script reply_and_close(std::string bytes) {
  return [bytes = std::move(bytes)](scripted_connection& c) {
    c.read_request();
    c.send(bytes);
  };
}

TEST(Exchange, ASlowDribbleComesWhole) {
  const std::string answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" +
                             chunk("abc") + chunk("def") + std::string(last_chunk);
  const auto told = meet([&](scripted_connection& c) {
    c.read_request();
    c.dribble(answer, 1, 1);
  });
  EXPECT_EQ(told->body, "abcdef");
  EXPECT_FALSE(told->failure);
}

TEST(Exchange, ManyChunksOfOneReadAreOnePiece) {
  std::string answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 100; ++i) answer += chunk("0123456789");
  const auto told = meet(reply_and_close(answer + std::string(last_chunk)));
  EXPECT_EQ(told->body.size(), 1000u);
  EXPECT_LE(told->pieces, 3u);
}

TEST(Exchange, TheBodyOfAnOldServerEndsWithTheConnection) {
  const auto told = meet(reply_and_close("HTTP/1.0 200 OK\r\n\r\nold and fine"));
  EXPECT_EQ(told->body, "old and fine");
  EXPECT_FALSE(told->failure);
}

// T29
TEST(Exchange, ABodyShorterThanAnnouncedIsTruncated) {
  for (const std::string& answer :
       {std::string("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort"),
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk("short"),
        std::string("HTTP/1.1 200 OK\r\nContent-Le")}) {
    const auto told = meet(reply_and_close(answer));
    expect_failure(*told, errc::truncated);
    EXPECT_TRUE(told->failure->response_begun);
  }
}

TEST(Exchange, AnAnswerCutAtEveryByteIsNeverTakenForWhole) {
  const std::string answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" +
                             chunk("01234") + chunk("56789") + std::string(last_chunk);
  std::atomic<std::size_t> cut = 0;
  scripted_server server([&](scripted_connection& c) {
    const std::size_t at = cut;
    c.read_request();
    c.send(answer.substr(0, at));
  });
  client_side client;
  for (cut = 0; cut < answer.size(); ++cut) {
    const auto told = client.get(server.port());
    ASSERT_TRUE(told->failure) << "cut at " << cut.load();
    EXPECT_EQ(told->failure->response_begun, cut > 0);
  }
}

TEST(Exchange, BadFramingIsAProtocolError) {
  for (const char* answer :
       {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 1\r\n\r\nx",
        "ICY 200 OK\r\n\r\n"}) {
    expect_failure(*meet(reply_and_close(answer)), errc::protocol);
  }
}

// T25
TEST(Exchange, AHeadThatNeverEndsIsTooLarge) {
  const auto told = meet([](scripted_connection& c) {
    c.read_request();
    c.send("HTTP/1.1 200 OK\r\n");
    while (c.send("X-Bomb: " + std::string(4000, 'x') + "\r\n")) {
    }
  });
  expect_failure(*told, errc::too_large);
}

// T28
TEST(Exchange, ABodyThatNeverEndsStopsAtTheLimit) {
  scripted_server server([](scripted_connection& c) {
    c.read_request();
    c.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    while (c.send(chunk(std::string(60000, 'x')))) {
    }
  });
  client_side client;
  auto request = client_side::request(server.port());
  request.max_body_bytes = 1u << 20;
  const auto told = client.run(std::move(request));
  expect_failure(*told, errc::too_large);
  EXPECT_LE(told->body.size(), 1u << 20);
}

TEST(Exchange, UndoesGzip) {
  const std::string packed = testing::compress("compressed hello");
  EXPECT_EQ(meet(reply_and_close(http_answer(200, packed, "Content-Encoding: gzip\r\n")))->body,
            "compressed hello");
}

// T32
TEST(Exchange, AGzipBombStops) {
  const std::string bomb = testing::compress(std::string(32u << 20, 'x'));
  const auto told = meet(reply_and_close(http_answer(200, bomb, "Content-Encoding: gzip\r\n")));
  expect_failure(*told, errc::too_large);
  EXPECT_LT(told->body.size(), 4u << 20);
}

TEST(Exchange, AGzipBodyThatEndsTooEarlyIsTruncated) {
  const std::string packed = testing::compress("compressed hello");
  expect_failure(*meet(reply_and_close(http_answer(200, packed.substr(0, packed.size() - 4),
                                                   "Content-Encoding: gzip\r\n"))),
                 errc::truncated);
}

// T02, T05
TEST(Exchange, InterimAnswersAreSkippedAndRedirectsAreAnswers) {
  const auto told = meet(reply_and_close("HTTP/1.1 100 Continue\r\n\r\n" +
                                         http_answer(307, "", "Location: http://evil/\r\n")));
  EXPECT_FALSE(told->failure);
  EXPECT_EQ(told->head.status, 307);
}

TEST(Exchange, AResetIsANetworkError) {
  const auto told = meet([](scripted_connection& c) {
    c.read_head();
    c.reset();
  });
  expect_failure(*told, errc::network);
  EXPECT_TRUE(told->failure->request_begun);
  EXPECT_FALSE(told->failure->response_begun);
  EXPECT_EQ(told->failure->error.retry, retry_class::maybe_billed);
}

TEST(Exchange, AnEarlyRefusalOfABigRequestIsRead) {
  scripted_server server([](scripted_connection& c) {
    c.read_head();
    c.send(http_answer(413, "too big", "Connection: close\r\n"));
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  });
  client_side client;
  auto request = client_side::request(server.port());
  request.request.body.assign(32u << 20, 'x');
  const auto told = client.run(std::move(request));
  EXPECT_EQ(told->head.status, 413);
  EXPECT_EQ(told->body, "too big");
  EXPECT_FALSE(told->failure);
}

// T20
TEST(Exchange, AHeaderWithALineBreakIsNotSent) {
  scripted_server server([](scripted_connection&) {});
  client_side client;
  auto request = client_side::request(server.port());
  request.request.headers.push_back({"Authorization", "Bearer sk\r\nX-Evil: 1", true});
  const auto told = client.run(std::move(request));
  expect_failure(*told, errc::invalid_request);
  EXPECT_FALSE(told->failure->request_begun);
  EXPECT_EQ(server.connections(), 0);
}

TEST(Exchange, DestroyingItEndsTheConnectionAndSilencesTheHandler) {
  std::atomic<bool> gone{false};
  scripted_server server([&](scripted_connection& c) {
    c.read_request();
    c.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    while (c.send(chunk("tick"))) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    gone = true;
  });
  client_side client;
  recorder told;
  auto exchange = client.transport->start(client_side::request(server.port()), told);
  told.each = [&] { exchange.reset(); };  // inside a callback
  client.loop->run_until([&] { return exchange == nullptr; });
  const std::string before = told.trace;
  while (!gone) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  bool turn = false;
  client.loop->post([&] { turn = true; });
  client.loop->run_until([&] { return turn; });
  EXPECT_EQ(told.trace, before);
  EXPECT_FALSE(told.ended);
}

TEST(Exchange, AtMostOneMorePieceComesWhilePaused) {
  for (const bool gzip : {false, true}) {
    std::string text;
    for (int i = 0; text.size() < (4u << 20); ++i) text += std::to_string(i * 7919);
    const std::string sent = gzip ? testing::compress(text) : text;
    scripted_server server([&](scripted_connection& c) {
      c.read_request();
      c.send(http_answer(200, sent, gzip ? "Content-Encoding: gzip\r\n" : ""));
      c.read_request();
    });
    client_side client;
    recorder told;
    const auto exchange = client.transport->start(client_side::request(server.port()), told);
    std::size_t allowed = 1;
    told.each = [&] { exchange->pause(); };
    const auto timer = client.loop->make_timer();
    while (!told.ended) {
      bool waited = false;
      timer->start(std::chrono::microseconds(200), [&] { waited = true; });
      client.loop->run_until([&] { return waited || told.ended; });
      ASSERT_LE(told.pieces, allowed);
      allowed = told.pieces + 1;
      exchange->resume();
    }
    EXPECT_FALSE(told.failure);
    EXPECT_EQ(told.body, text);
  }
}

}  // namespace
}  // namespace ark
