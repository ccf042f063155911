// WebSockets over real sockets: a scripted server that follows the protocol, or does not.
#include "wire/websocket.hpp"
#include "client_side.hpp"
#include "tests/support/scripted_server.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <cstdio>
#include <future>

namespace ark {
namespace {

using namespace std::string_literals;
using testing::client_side;
using testing::http_answer;
using testing::recorder;
using testing::scripted_connection;
using testing::scripted_server;

const std::string normal_close = "\x88\x02\x03\xe8"s;

std::string text_frame(const std::string& text) {
  return "\x81"s + static_cast<char>(text.size()) + text;
}

net::exchange_request opening(std::uint16_t port, std::string message = "ask") {
  net::exchange_request r = client_side::request(port);
  r.request = {.method = "GET", .target = "/v1/chat?x=1", .body = std::move(message)};
  r.request.websocket = true;
  return r;
}

std::string value_of(const std::string& head, const std::string& name) {
  const auto at = head.find(name + ": ");
  if (at == head.npos) return {};
  const auto from = at + name.size() + 2;
  return head.substr(from, head.find('\r', from) - from);
}

std::string agreement(const std::string& head) {
  return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
         "Sec-WebSocket-Accept: " +
         wire::websocket_accept(value_of(head, "Sec-WebSocket-Key")) + "\r\n\r\n";
}

/// The answer of a server that says `bytes` behind its agreement, at once or byte by byte.
std::unique_ptr<recorder> meet(const std::string& bytes, bool dribbles = false) {
  scripted_server server([&](scripted_connection& c) {
    const std::string all = agreement(c.read_head()) + bytes;
    if (dribbles)
      c.dribble(all, 1, 0);
    else
      c.send(all);
    c.read_head();  // until the client closes
  });
  client_side client;
  return client.run(opening(server.port()));
}

TEST(WebSocket, OpensSendsItsMessageAndTellsWholeMessages) {
  std::string head;
  scripted_server server([&](scripted_connection& c) {
    head = c.read_head();
    c.send(agreement(head) + text_frame("one") + "\x01\x01t"s + "\x80\x02wo"s + normal_close);
    c.read_head();
  });
  client_side client;
  std::vector<std::string> messages;
  recorder told;
  std::size_t had = 0;
  told.each = [&] {
    messages.push_back(told.body.substr(had));
    had = told.body.size();
  };
  const auto exchange = client.transport->start(opening(server.port()), told);
  client.loop->run_until([&] { return told.ended; });
  EXPECT_EQ(told.trace, "sending head sent end");
  EXPECT_EQ(told.head.status, 101);
  EXPECT_EQ(messages, (std::vector<std::string>{"one", "two"}));
  EXPECT_TRUE(head.starts_with("GET /v1/chat?x=1 HTTP/1.1\r\n")) << head;
  EXPECT_EQ(value_of(head, "Upgrade"), "websocket");
  EXPECT_EQ(value_of(head, "Sec-WebSocket-Version"), "13");
  EXPECT_EQ(head.find("Content-Length"), head.npos);
}

/// The frames of a client, each as its first byte in hexadecimal and its payload without the mask.
std::vector<std::string> unmasked(std::string_view bytes) {
  std::vector<std::string> out;
  while (bytes.size() >= 6) {
    const auto size = static_cast<std::size_t>(static_cast<unsigned char>(bytes[1]) & 0x7f);
    EXPECT_NE(static_cast<unsigned char>(bytes[1]) & 0x80, 0) << "not masked";
    std::string payload(bytes.substr(6, size));
    for (std::size_t i = 0; i < payload.size(); ++i) payload[i] ^= bytes[2 + i % 4];
    char kind[8];
    std::snprintf(kind, sizeof kind, "%02x ", static_cast<unsigned char>(bytes[0]));
    out.push_back(kind + payload);
    bytes.remove_prefix(std::min(bytes.size(), 6 + size));
  }
  EXPECT_TRUE(bytes.empty());
  return out;
}

TEST(WebSocket, TheMessageIsMaskedPingsAndTheCloseAreAnswered) {
  std::promise<std::string> sent;
  scripted_server server([&](scripted_connection& c) {
    c.send(agreement(c.read_head()) + "\x89\x02hi"s + normal_close);
    sent.set_value(c.read_rest());
  });
  client_side client;
  EXPECT_FALSE(client.run(opening(server.port()))->failure);
  EXPECT_EQ(unmasked(sent.get_future().get()),
            (std::vector<std::string>{"81 ask", "8a hi", "88 \x03\xe8"}));
}

TEST(WebSocket, PingsOfAServerThatDoesNotReadAreNotHoarded) {
  scripted_server server([&](scripted_connection& c) {
    std::string pings = agreement(c.read_head());
    for (int i = 0; i < 200'000; ++i) pings += "\x89\x7d"s + std::string(125, 'p');
    c.send(pings + normal_close);
    c.read_rest();
  });
  client_side client;
  EXPECT_FALSE(client.run(opening(server.port()))->failure);
}

TEST(WebSocket, CutAnywhereTheMessagesAreTheSame) {
  const auto told = meet(text_frame("one") + "\x89\0"s + text_frame("two") + normal_close, true);
  EXPECT_FALSE(told->failure);
  EXPECT_EQ(told->body, "onetwo");
  EXPECT_EQ(told->pieces, 2u);
}

TEST(WebSocket, ARefusalIsAPlainAnswerAndTheConnectionStays) {
  scripted_server server([&](scripted_connection& c) {
    while (!c.read_head().empty()) c.send(http_answer(401, "no"));
  });
  client_side client;
  for (int i = 0; i < 2; ++i) {
    const auto told = client.run(opening(server.port()));
    EXPECT_FALSE(told->failure);
    EXPECT_EQ(told->trace, "sending head end");
    EXPECT_EQ(told->head.status, 401);
    EXPECT_EQ(told->body, "no");
  }
  EXPECT_EQ(server.connections(), 1);
}

TEST(WebSocket, AnOpenOneIsNeverUsedAgain) {
  scripted_server server([&](scripted_connection& c) {
    c.send(agreement(c.read_head()) + normal_close);
    c.read_head();
  });
  client_side client;
  for (int i = 0; i < 2; ++i) EXPECT_FALSE(client.run(opening(server.port()))->failure);
  EXPECT_EQ(server.connections(), 2);
}

void expect_failure(const recorder& told, errc code, bool request_begun) {
  ASSERT_TRUE(told.failure);
  EXPECT_EQ(told.failure->error.code, code) << told.failure->error.message;
  EXPECT_EQ(told.failure->request_begun, request_begun);
}

TEST(WebSocket, WhatGoesWrongBeforeItIsOpenWasNotAsked) {
  const auto told_of = [](const std::string& answer) {
    scripted_server server([&](scripted_connection& c) {
      c.read_head();
      c.send(answer);
    });
    client_side client;
    return client.run(opening(server.port()));
  };
  expect_failure(*told_of(""), errc::network, false);
  expect_failure(*told_of("HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                          "Sec-WebSocket-Accept: AAAA\r\n\r\n"),
                 errc::protocol, false);
}

TEST(WebSocket, WhatGoesWrongBehindIsTheAnswersError) {
  expect_failure(*meet("\x83\x01x"), errc::protocol, true);
  expect_failure(*meet("\x82\x01x"), errc::protocol, true);
  const auto told = meet(text_frame("one") + "\x88\x05\x03\xf3why"s);
  expect_failure(*told, errc::truncated, true);
  EXPECT_EQ(told->body, "one");
  EXPECT_EQ(told->failure->error.vendor_message, "why");
}

TEST(WebSocket, AConnectionThatEndsWithoutACloseFrameIsTruncated) {
  scripted_server server(
      [&](scripted_connection& c) { c.send(agreement(c.read_head()) + text_frame("one")); });
  client_side client;
  const auto told = client.run(opening(server.port()));
  ASSERT_TRUE(told->failure);
  EXPECT_TRUE(told->failure->response_begun);
  EXPECT_EQ(told->body, "one");
}

TEST(WebSocket, LimitsOfAMessageAndOfAll) {
  scripted_server server([&](scripted_connection& c) {
    c.send(agreement(c.read_head()) + text_frame("12345") + text_frame("12345") + normal_close);
    c.read_head();
  });
  client_side client;
  auto small = opening(server.port());
  small.max_message_bytes = 4;
  expect_failure(*client.run(std::move(small)), errc::too_large, true);
  auto few = opening(server.port());
  few.max_body_bytes = 9;
  const auto told = client.run(std::move(few));
  expect_failure(*told, errc::too_large, true);
  EXPECT_EQ(told->body, "12345");
}

TEST(WebSocket, PausingHoldsTheMessagesBack) {
  scripted_server server([&](scripted_connection& c) {
    c.send(agreement(c.read_head()) + text_frame("one") + text_frame("two") + normal_close);
    c.read_head();
  });
  client_side client;
  recorder told;
  std::unique_ptr<net::exchange> exchange;
  told.each = [&] { exchange->pause(); };
  exchange = client.transport->start(opening(server.port()), told);
  client.loop->run_until([&] { return told.pieces == 1; });
  EXPECT_EQ(told.body, "one");
  EXPECT_FALSE(told.ended);
  exchange->resume();
  client.loop->run_until([&] { return told.pieces == 2; });
  EXPECT_EQ(told.body, "onetwo");
  exchange->resume();
  client.loop->run_until([&] { return told.ended; });
  EXPECT_FALSE(told.failure);
}

TEST(WebSocket, AHandlerMayDropItInsideAMessage) {
  scripted_server server([&](scripted_connection& c) {
    c.send(agreement(c.read_head()) + text_frame("one") + text_frame("two"));
    c.read_head();
  });
  client_side client;
  recorder told;
  std::unique_ptr<net::exchange> exchange;
  told.each = [&] { exchange.reset(); };
  exchange = client.transport->start(opening(server.port()), told);
  client.loop->run_until([&] { return told.pieces == 1; });
  EXPECT_EQ(told.body, "one");
}

TEST(WebSocket, ASwitchThatNobodyAskedForIsRefused) {
  scripted_server server([&](scripted_connection& c) {
    c.read_request();
    c.send("HTTP/1.1 101 X\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n");
  });
  client_side client;
  const auto told = client.get(server.port());
  ASSERT_TRUE(told->failure);
  EXPECT_EQ(told->failure->error.code, errc::protocol);
}

}  // namespace
}  // namespace ark
