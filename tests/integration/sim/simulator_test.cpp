// The simulator over real sockets: HTTP as it is on the wire, faults, TLS, many slow streams.
#include "raw_http.hpp"

#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <sys/resource.h>
#include <ark/testing.hpp>
#include <chrono>
#include <cstdio>
#include <thread>
#include <vector>

namespace ark::testing {

namespace {

using namespace std::chrono_literals;

simulator started(simulator_options options = {}) {
  return simulator::start(std::move(options)).value();
}
std::string chat(std::string_view prompt, bool stream = false) {
  return R"({"model":"gpt-x","stream":)" + std::string(stream ? "true" : "false") +
         R"(,"messages":[{"role":"user","content":")" + std::string(prompt) + R"("}]})";
}
constexpr std::string_view path = "/v1/chat/completions";

/// The journal once every request has ended: an answer is read before it is settled.
std::vector<journal_entry> settled(const simulator& s, std::size_t count) {
  for (int i = 0; i < 500; ++i) {
    auto j = s.journal();
    bool done = j.size() >= count;
    for (const auto& e : j) done = done && e.outcome != "running";
    if (done) return j;
    std::this_thread::sleep_for(5ms);
  }
  return s.journal();
}

}  // namespace

TEST(simulator, answers_and_keeps_the_connection) {
  auto s = started();
  raw_socket c(s.port());
  for (int i = 1; i <= 3; ++i) {
    ASSERT_TRUE(c.send(post_text(path, chat("What is 6*7?"))));
    const std::string got = c.receive_until("fp_simulated");
    EXPECT_NE(got.find("HTTP/1.1 200 OK"), std::string::npos);
    EXPECT_NE(got.find("\"content\":\"42\""), std::string::npos);
  }
  const auto j = settled(s, 3);
  ASSERT_EQ(j.size(), 3u);
  EXPECT_EQ(j[2].outcome, "complete");
}

TEST(simulator, reads_chunked_and_pipelined_requests) {
  auto s = started();
  raw_socket c(s.port());
  const std::string body = chat("What is 1+1?");
  char size[32];
  std::snprintf(size, sizeof size, "%zx", body.size());
  c.send("POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n" +
         std::string(size) + "\r\n" + body + "\r\n0\r\n\r\n" +
         post_text(path, chat("What is 2+2?"), true));
  const std::string got = c.receive_all();
  EXPECT_NE(got.find("\"content\":\"2\""), std::string::npos);
  EXPECT_NE(got.find("\"content\":\"4\""), std::string::npos);
}

TEST(simulator, says_continue_when_it_is_expected) {
  auto s = started();
  raw_socket c(s.port());
  const std::string body = chat("What is 1+1?");
  c.send(
      "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: " +
      std::to_string(body.size()) + "\r\nconnection: close\r\n\r\n");
  EXPECT_NE(c.receive_until("\r\n\r\n").find("100 Continue"), std::string::npos);
  c.send(body);
  EXPECT_NE(c.receive_all().find("200 OK"), std::string::npos);
}

TEST(simulator, refuses_what_is_not_http_or_too_large) {
  auto s = started({.max_body_bytes = 1000});
  raw_socket noise(s.port());
  noise.send("hello there\r\n\r\n");
  EXPECT_NE(noise.receive_all().find("400"), std::string::npos);
  raw_socket large(s.port());
  large.send("POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: 1001\r\n\r\n");
  EXPECT_NE(large.receive_all().find("413"), std::string::npos);
}

TEST(simulator, streams_one_chunk_for_each_event) {
  auto s = started();
  raw_socket c(s.port());
  c.send(post_text(path, chat("Repeat: abcdefgh", true), true));
  const std::string got = c.receive_all();
  EXPECT_NE(got.find("transfer-encoding: chunked"), std::string::npos);
  EXPECT_NE(got.find("\r\ndata: {\"id\""), std::string::npos);
  EXPECT_NE(got.find("data: [DONE]\n\n\r\n0\r\n\r\n"), std::string::npos);
}

TEST(simulator, http_1_0_streams_until_the_connection_ends) {
  auto s = started();
  raw_socket c(s.port());
  const std::string body = chat("Repeat: abcdefgh", true);
  c.send("POST /v1/chat/completions HTTP/1.0\r\ncontent-length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body);
  const std::string got = c.receive_all();
  EXPECT_EQ(got.find("chunked"), std::string::npos);
  EXPECT_EQ(got.substr(got.size() - 14), "data: [DONE]\n\n");
}

TEST(simulator, cuts_a_body_where_the_rule_says) {
  auto s = started({.faults = {"cut-after=100"}});
  raw_socket whole(s.port());
  whole.send(post_text(path, chat("What is 1+1?")));
  const std::string got = whole.receive_all();
  EXPECT_EQ(got.size() - got.find("\r\n\r\n") - 4, 100u);
  raw_socket streamed(s.port());
  streamed.send(post_text(path, chat("What is 1+1?", true)));
  EXPECT_EQ(streamed.receive_all().find("[DONE]"), std::string::npos);
  const auto j = settled(s, 2);
  EXPECT_EQ(j[0].outcome, "cut");
  EXPECT_TRUE(j[0].billed);
  EXPECT_EQ(j[1].tokens.output, 0);
}

TEST(simulator, stalls_until_the_client_gives_up) {
  auto s = started({.faults = {"stall-after=20"}});
  {
    raw_socket c(s.port());
    c.send(post_text(path, chat("What is 1+1?")));
    const std::string got = c.receive_until("{\"id\":\"chatcmpl-");
    EXPECT_LT(got.size() - got.find("\r\n\r\n") - 4, 21u);
    timeval shorter{.tv_sec = 0, .tv_usec = 100'000};
    ::setsockopt(c.descriptor(), SOL_SOCKET, SO_RCVTIMEO, &shorter, sizeof shorter);
    EXPECT_EQ(c.receive(), "");
    EXPECT_TRUE(c.failed()) << "the connection stays open";
  }
  EXPECT_EQ(settled(s, 1)[0].outcome, "cut");
}

TEST(simulator, resets_with_and_without_a_bill) {
  auto s = started({.faults = {"reset@nth=1", "lost-answer"}});
  for (int i = 0; i < 2; ++i) {
    raw_socket c(s.port());
    c.send(post_text(path, chat("What is 1+1?")));
    EXPECT_EQ(c.receive(), "");
    EXPECT_TRUE(c.failed());
  }
  const auto j = settled(s, 2);
  EXPECT_FALSE(j[0].billed);
  EXPECT_TRUE(j[1].billed);
  EXPECT_EQ(j[1].status, 0);
}

TEST(simulator, bills_a_client_that_leaves_for_what_was_made) {
  auto s = started({.latency = "0ms+20ms"});
  {
    raw_socket c(s.port());
    c.send(post_text(path, chat("Repeat: a long enough answer that takes a while to say", true)));
    c.receive_until("chat.completion.chunk");
  }
  const auto e = settled(s, 1)[0];
  EXPECT_EQ(e.outcome, "client_gone");
  EXPECT_TRUE(e.billed);
  EXPECT_LT(e.tokens.output, 6);
}

TEST(simulator, sends_a_body_of_any_size) {
  auto s = started({.faults = {"huge=3M"}});
  raw_socket c(s.port());
  c.send(post_text(path, chat("hi"), true));
  const std::string got = c.receive_all();
  EXPECT_EQ(got.size() - got.find("\r\n\r\n") - 4, std::size_t{3} << 20);
}

TEST(simulator, waits_before_the_first_byte) {
  auto s = started({.faults = {"delay=150ms"}});
  raw_socket c(s.port());
  const auto begun = std::chrono::steady_clock::now();
  c.send(post_text(path, chat("hi"), true));
  c.receive_all();
  EXPECT_GE(std::chrono::steady_clock::now() - begun, 150ms);
}

TEST(simulator, a_taken_port_and_bad_options_are_errors) {
  auto s = started();
  EXPECT_EQ(simulator::start({.port = s.port()}).error().code, errc::network);
  EXPECT_EQ(simulator::start({.port = 70000}).error().code, errc::invalid_request);
  EXPECT_EQ(simulator::start({.latency = "soon"}).error().code, errc::invalid_request);
  EXPECT_EQ(simulator::start({.faults = {"x"}}).error().code, errc::invalid_request);
}

TEST(simulator, moves_and_stops) {
  auto first = started();
  const int port = first.port();
  simulator second = std::move(first);
  EXPECT_EQ(second.port(), port);
  EXPECT_EQ(second.base_url("openai"), "http://127.0.0.1:" + std::to_string(port) + "/v1");
  EXPECT_EQ(second.origin() + "/v1", second.base_url("anthropic"));
  second.stop();
  second.stop();
  EXPECT_FALSE(raw_socket(port).connected());
}

TEST(simulator, speaks_tls_with_a_certificate_that_verifies) {
  auto s = started({.tls = true});
  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  ASSERT_EQ(SSL_CTX_load_verify_locations(context, s.ca_file().c_str(), nullptr), 1);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  raw_socket c(s.port());
  SSL* ssl = SSL_new(context);
  SSL_set1_host(ssl, "localhost");
  SSL_set_fd(ssl, c.descriptor());
  ASSERT_EQ(SSL_connect(ssl), 1);
  const std::string request = post_text(path, chat("What is 6*7?"));
  SSL_write(ssl, request.data(), static_cast<int>(request.size()));
  std::string got;
  char buffer[4096];
  while (got.find("fp_simulated") == std::string::npos) {
    const int n = SSL_read(ssl, buffer, sizeof buffer);
    if (n <= 0) break;
    got.append(buffer, static_cast<std::size_t>(n));
  }
  EXPECT_NE(got.find("\"content\":\"42\""), std::string::npos);
  SSL_free(ssl);
  SSL_CTX_free(context);
  const std::string file = s.ca_file();
  {
    simulator gone = std::move(s);
  }
  EXPECT_NE(::access(file.c_str(), F_OK), 0);
}

TEST(simulator, holds_a_thousand_slow_streams) {
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = std::min<rlim_t>(files.rlim_max, 4096);
  ::setrlimit(RLIMIT_NOFILE, &files);
  if (files.rlim_cur < 2200) GTEST_SKIP() << "skipped: fewer than 2200 file descriptors";
  auto s = started({.latency = "100ms+30ms"});
  std::vector<raw_socket> clients;
  for (int i = 0; i < 1000; ++i) {
    clients.emplace_back(s.port());
    ASSERT_TRUE(
        clients.back().send(post_text(path, chat("Repeat: one two three four", true), true)));
  }
  int whole = 0;
  for (auto& c : clients) whole += c.receive_all().find("[DONE]") != std::string::npos ? 1 : 0;
  EXPECT_EQ(whole, 1000);
}

}  // namespace ark::testing
