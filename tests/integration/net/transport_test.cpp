#include "client_side.hpp"
#include "tests/support/scripted_server.hpp"

#include <gtest/gtest.h>
#include <ark/asio.hpp>
#include <boost/asio/io_context.hpp>
#include <thread>

// The pool and many exchanges at a time.
namespace ark {
namespace {

using testing::client_side;
using testing::http_answer;
using testing::recorder;
using testing::scripted_connection;
using testing::scripted_server;

void answer_all(scripted_connection& c) {
  while (!c.read_request().empty()) c.send(http_answer(200, "ok"));
}

/// `count` exchanges at once; all must come whole.
void run_many(client_side& client, std::uint16_t port, std::size_t count) {
  std::vector<std::unique_ptr<recorder>> told;
  std::vector<std::unique_ptr<net::exchange>> running;
  for (std::size_t i = 0; i < count; ++i) {
    told.push_back(std::make_unique<recorder>());
    running.push_back(client.transport->start(client_side::request(port), *told.back()));
  }
  client.loop->run_until(
      [&] { return std::all_of(told.begin(), told.end(), [](auto& t) { return t->ended; }); });
  for (const auto& t : told) {
    EXPECT_FALSE(t->failure);
    EXPECT_EQ(t->body, "ok");
  }
}

TEST(Transport, KeepsAsManyConnectionsAsWereInUse) {
  scripted_server server(answer_all);
  client_side client;
  for (int round = 0; round < 5; ++round) run_many(client, server.port(), 64);
  EXPECT_EQ(server.connections(), 64);
  EXPECT_EQ(client.transport->count().connections_opened, 64u);
  EXPECT_EQ(client.transport->count().requests, 320u);
  EXPECT_EQ(client.transport->count().reused, 256u);
}

TEST(Transport, ALimitOfConnectionsMakesTheOthersWait) {
  scripted_server server(answer_all);
  network_options options;
  options.max_connections_per_origin = 3;
  client_side client(options);
  run_many(client, server.port(), 50);
  EXPECT_EQ(server.connections(), 3);
}

TEST(Transport, AbortedAndFailedExchangesGiveTheirPlaceBack) {
  scripted_server server([](scripted_connection& c) {
    c.read_request();
    if (c.index() < 2) return;  // the first two hang up
    c.send(http_answer(200, "ok", "Connection: close\r\n"));
  });
  network_options options;
  options.max_connections_per_origin = 1;
  client_side client(options);
  EXPECT_TRUE(client.get(server.port())->failure);
  {
    recorder aborted;
    auto exchange = client.transport->start(client_side::request(server.port()), aborted);
    client.loop->run_until([&] { return aborted.trace == "sending sent "; });
    recorder waiting;
    auto other = client.transport->start(client_side::request(server.port()), waiting);
    bool turn = false;
    client.loop->post([&] { turn = true; });
    client.loop->run_until([&] { return turn; });
    exchange.reset();
    client.loop->run_until([&] { return waiting.ended; });
    EXPECT_FALSE(aborted.ended);
    EXPECT_FALSE(waiting.failure);
  }
  EXPECT_FALSE(client.get(server.port())->failure);
}

TEST(Transport, AConnectionThatClosedWhileIdleIsNotUsed) {
  scripted_server server([](scripted_connection& c) {
    c.read_request();
    c.send(http_answer(200, "ok"));  // and closes, without having said so
  });
  client_side client;
  for (int i = 0; i < 5; ++i) {
    const auto told = client.get(server.port());
    ASSERT_FALSE(told->failure) << told->failure->error.message;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  EXPECT_EQ(server.connections(), 5);
}

TEST(Transport, AConnectionOnWhichMoreCameThanAskedForIsNotUsed) {
  scripted_server server([](scripted_connection& c) {
    while (!c.read_request().empty()) c.send(http_answer(200, "ok") + "HTTP/1.1 200 forged\r\n");
  });
  client_side client;
  for (int i = 0; i < 3; ++i) EXPECT_EQ(client.get(server.port())->body, "ok");
  EXPECT_EQ(server.connections(), 3);
}

/// Answers once on a connection; what happens to the second request is told by `second`.
net::exchange_failure second_request_fails(
    const std::function<void(scripted_connection&)>& second) {
  scripted_server server([&](scripted_connection& c) {
    c.read_request();
    c.send(http_answer(200, "ok"));
    second(c);
  });
  client_side client;
  EXPECT_FALSE(client.get(server.port())->failure);
  const auto told = client.get(server.port());
  EXPECT_TRUE(told->failure);
  return told->failure.value_or(net::exchange_failure{});
}

TEST(Transport, TellsThatTheRequestOfAUsedConnectionWasThrownAway) {
  // Closed with the request unread: the kernel answers it with a reset.
  const auto told = second_request_fails([](scripted_connection& c) { c.wait_readable(); });
  EXPECT_TRUE(told.reused);
  EXPECT_TRUE(told.reset);
  EXPECT_TRUE(told.request_begun);
  EXPECT_FALSE(told.response_begun);
}

TEST(Transport, TellsThatTheRequestOfAUsedConnectionWasRead) {
  const auto told = second_request_fails([](scripted_connection& c) { c.read_request(); });
  EXPECT_TRUE(told.reused);
  EXPECT_FALSE(told.reset) << "who read it and hung up may have done the work";
  EXPECT_FALSE(told.response_begun);
}

TEST(Transport, WorksOnAnApplicationsExecutorAndLetsItEnd) {
  scripted_server server(answer_all);
  boost::asio::io_context context;
  const auto loop = net::make_loop(on(context.get_executor()));
  const auto transport = net::make_transport(loop, {});
  recorder told;
  std::unique_ptr<net::exchange> exchange;
  loop->post([&] { exchange = transport->start(client_side::request(server.port()), told); });
  context.run();  // returns: an idle connection is not work
  EXPECT_EQ(told.body, "ok");
  EXPECT_TRUE(told.ended);
}

TEST(Transport, ManyThreadsShareOne) {
  scripted_server server(answer_all);
  client_side client;
  std::vector<std::thread> threads;
  std::atomic<int> right{0};
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 100; ++i) {
        recorder told;
        std::unique_ptr<net::exchange> exchange;
        client.loop->post(
            [&] { exchange = client.transport->start(client_side::request(server.port()), told); });
        client.loop->run_until([&] { return told.ended; });
        if (told.body == "ok") ++right;
        bool gone = false;
        client.loop->post([&] {
          exchange.reset();
          gone = true;
        });
        client.loop->run_until([&] { return gone; });
      }
    });
  }
  for (std::thread& t : threads) t.join();
  EXPECT_EQ(right, 800);
  EXPECT_LE(server.connections(), 8);
}

}  // namespace
}  // namespace ark
