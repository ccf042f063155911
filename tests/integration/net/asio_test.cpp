#include "tests/support/scripted_server.hpp"

#include <gtest/gtest.h>
#include <ark/ark.hpp>
#include <ark/asio.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <thread>

// ark/asio.hpp: the client on an application's executor, with every kind of completion token.
namespace ark {
namespace {

namespace asio = boost::asio;
using testing::chunk;
using testing::http_answer;
using testing::scripted_connection;
using testing::scripted_server;

const char* const completion =
    R"({"id":"c1","object":"chat.completion","model":"gpt-4o-mini","choices":[{"index":0,)"
    R"("message":{"role":"assistant","content":"hello"},"finish_reason":"stop"}],)"
    R"("usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}})";

std::string delta(const std::string& text) {
  return chunk(R"(data: {"id":"c1","object":"chat.completion.chunk","model":"gpt-4o-mini",)"
               R"("choices":[{"index":0,"delta":{"content":")" +
               text + R"("},"finish_reason":null}]})" + "\n\n");
}

void speak(scripted_connection& c) {
  for (std::string request; !(request = c.read_request()).empty();) {
    if (request.find(R"("stream":true)") == std::string::npos) {
      c.send(http_answer(200, completion, "Content-Type: application/json\r\n"));
      continue;
    }
    c.send(
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
        "Transfer-Encoding: chunked\r\n\r\n");
    for (const char* word : {"a", "b", "c"}) c.send(delta(word));
    c.send(chunk("data: [DONE]\n\n") + std::string(testing::last_chunk));
  }
}

struct on_context {
  explicit on_context(const scripted_server& server) {
    client_options options;
    options.executor = on(context.get_executor());
    options.vendors["openai"] = {.base_url = server.url(), .key = secret("sk-test")};
    made.emplace(make_client(std::move(options)).value());
  }
  static call hello() {
    call c;
    c.model = "openai/gpt-4o-mini";
    c.messages = {user("hi")};
    return c;
  }
  asio::io_context context;
  std::optional<client> made;
};

TEST(AsioTokens, ACallback) {
  scripted_server server(speak);
  on_context with(server);
  std::string text;
  async_complete(*with.made, on_context::hello(),
                 [&](result<reply> r) { text = r.value().text(); });
  EXPECT_EQ(text, "");
  with.context.run();
  EXPECT_EQ(text, "hello");
}

TEST(AsioTokens, AFutureWhileAnotherThreadRuns) {
  scripted_server server(speak);
  on_context with(server);
  auto first = async_complete(*with.made, on_context::hello(), asio::use_future);
  std::thread runs([&] { with.context.run(); });
  EXPECT_EQ(first.get().value().text(), "hello");
  runs.join();
}

asio::awaitable<void> read_all(const client& c, std::string& text, bool& ended) {
  const auto whole = co_await async_complete(c, on_context::hello(), asio::use_awaitable);
  text = whole.value().text() + " ";
  auto made = co_await async_stream(c, on_context::hello(), asio::use_awaitable);
  stream& s = made.value();
  for (;;) {
    const auto next = co_await async_next(s, asio::use_awaitable);
    if (!next.value()) break;
    if ((*next)->kind == event_kind::text) text += (*next)->text;
    ended = (*next)->kind == event_kind::done;
  }
}

TEST(AsioTokens, ACoroutine) {
  scripted_server server(speak);
  on_context with(server);
  std::string text;
  bool ended = false;
  asio::co_spawn(with.context, read_all(*with.made, text, ended), asio::detached);
  with.context.run();
  EXPECT_EQ(text, "hello abc");
  EXPECT_TRUE(ended);
}

TEST(AsioTokens, Deferred) {
  scripted_server server(speak);
  on_context with(server);
  auto later = async_complete(*with.made, on_context::hello(), asio::deferred);
  std::string text;
  std::move(later)([&](result<reply> r) { text = r.value().text(); });
  with.context.run();
  EXPECT_EQ(text, "hello");
}

TEST(AsioTokens, EveryKindOfCall) {
  const scripted_server server(speak);
  on_context with(server);
  std::optional<error> vectors, ranking;
  async_embed(*with.made, {.model = "nobody/m", .input = {"a"}},
              [&](result<embed_reply> r) { vectors = r.error(); });
  async_rerank(*with.made, {.model = "openai/m", .query = "q", .documents = {"a"}},
               [&](result<rerank_reply> r) { ranking = r.error(); });
  with.context.run();
  ASSERT_TRUE(vectors && ranking);
  EXPECT_EQ(vectors->code, errc::not_found);
  EXPECT_EQ(ranking->code, errc::unsupported);
}

TEST(AsioTokens, ACancellationSlotEndsTheCall) {
  scripted_server server([](scripted_connection& c) {
    c.read_request();
    c.read_request();  // answers nothing
  });
  on_context with(server);
  asio::cancellation_signal signal;
  std::optional<error> failure;
  async_complete(*with.made, on_context::hello(),
                 asio::bind_cancellation_slot(signal.slot(), [&](result<reply> r) {
                   if (!r) failure = r.error();
                 }));
  asio::steady_timer soon(with.context, std::chrono::milliseconds(20));
  soon.async_wait([&](auto) { signal.emit(asio::cancellation_type::terminal); });
  with.context.run();
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->code, errc::cancelled);
}

TEST(AsioTokens, RunWaitsForAPendingNextWithoutAnExecutor) {
  scripted_server server(speak);
  client_options options;
  options.vendors["openai"] = {.base_url = server.url(), .key = secret("sk-test")};
  const client c = make_client(std::move(options)).value();
  std::string text;
  std::shared_ptr<stream> s;
  std::function<void(result<std::optional<event>>)> each = [&](result<std::optional<event>> e) {
    if (!e.value()) return;
    text += (*e)->kind == event_kind::text ? (*e)->text : "";
    s->next_async(each);
  };
  c.stream_async(on_context::hello(), [&](result<stream> made) {
    s = std::make_shared<stream>(std::move(made.value()));
    s->next_async(each);
  });
  c.run();
  EXPECT_EQ(text, "abc");
}

}  // namespace
}  // namespace ark
