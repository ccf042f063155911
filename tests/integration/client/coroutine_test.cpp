// The same implementation through co_await, futures and callbacks on the application's executor.
#include "sim_client.hpp"

#include <ark/asio.hpp>

#include <gtest/gtest.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

namespace ark::testing {
namespace {

namespace asio = boost::asio;

TEST(on_an_executor, co_await_completes_and_streams) {
  asio::io_context io;
  const sim_client t({}, on(io.get_executor()));
  std::string text, streamed;
  asio::co_spawn(
      io,
      [&]() -> asio::awaitable<void> {
        auto r = co_await async_complete(t.client, ask(chat_models[0], "What is 12*7?"),
                                         asio::use_awaitable);
        if (r) text = r->text();
        auto s = co_await async_stream(t.client, ask(chat_models[1], "What is 12*7?"),
                                       asio::use_awaitable);
        if (!s) co_return;
        for (;;) {
          auto e = co_await async_next(*s, asio::use_awaitable);
          if (!e || !*e) break;
          if ((*e)->kind == event_kind::text) streamed += (*e)->text;
        }
      },
      asio::detached);
  io.run();
  EXPECT_NE(text.find("84"), std::string::npos) << text;
  EXPECT_NE(streamed.find("84"), std::string::npos) << streamed;
  for (const auto& e : t.entries()) EXPECT_EQ(e.state, attempt_state::settled);
}

TEST(on_an_executor, futures_on_a_pool_of_threads) {
  asio::thread_pool pool(4);
  const sim_client t({}, on(pool.get_executor()));
  std::vector<std::future<result<reply>>> waiting;
  for (int i = 0; i < 40; ++i)
    waiting.push_back(
        async_complete(t.client, ask(chat_models[i % 3], "What is 3*5?"), asio::use_future));
  int good = 0;
  for (auto& f : waiting) good += f.get().has_value();
  EXPECT_EQ(good, 40);
  pool.join();
}

TEST(on_an_executor, waiting_calls_work_beside_it) {
  asio::thread_pool pool(2);
  const sim_client t({}, on(pool.get_executor()));
  const auto r = t.client.complete(ask(chat_models[0], "What is 3*5?"));
  ASSERT_TRUE(r) << to_string(r.error());
  pool.join();
}

}  // namespace
}  // namespace ark::testing
