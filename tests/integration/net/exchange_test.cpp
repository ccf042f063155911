#include "client_side.hpp"
#include "tests/support/scripted_server.hpp"

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

}  // namespace
}  // namespace ark
