// Hostile vendors and hostile configuration against a whole client. The ids are those of the table
// in libark/doc/security.md.
#include <ark/ark.hpp>

#include "tests/support/scripted_server.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace ark::testing {
namespace {

using std::chrono::milliseconds;

constexpr const char* openai_model = "openai/gpt-4.1-mini";
const std::string usual_key = "sk-threat-0123456789abcdef";

client client_for(const std::string& base_url, const std::string& key = usual_key,
                  ledger book = {}) {
  client_options options{.ledger = std::move(book)};
  for (const char* name : {"openai", "anthropic"})
    options.vendors[name] = {.base_url = base_url, .key = secret(key)};
  return standard_client(std::move(options));
}

call once(std::string model = openai_model) {
  call c{.model = std::move(model), .messages = {user("hi")}};
  c.max_tokens = 10;
  c.retry.max_attempts = 1;
  return c;
}

error failure_of(const client& from, call c = once()) {
  const auto r = from.complete(std::move(c));
  EXPECT_FALSE(r) << r->text();
  return r ? error{} : r.error();
}

std::string all_of(const error& e) {
  return to_string(e) + "\n" + e.message + "\n" + e.vendor_message + "\n" + e.vendor_code + "\n" +
         e.request_id;
}

/// A reply of OpenAI's shape that says `text`, a JSON string without its quotes.
std::string completion(const std::string& text) {
  return R"({"id":"c","model":"gpt-4.1-mini","choices":[{"index":0,"finish_reason":"stop",)"
         R"("message":{"role":"assistant","content":")" +
         text + R"("}}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}})";
}

// T08, T11
TEST(threats, addresses_inside_need_leave_however_they_are_spelt) {
  for (const char* url :
       {"http://169.254.169.254/latest/", "http://2852039166/", "http://0xA9FEA9FE/",
        "http://169.254.43518/", "http://[::ffff:169.254.169.254]/", "http://10.0.0.7/v1",
        "http://192.168.1.1/", "http://[fd00::1]/", "http://0.0.0.0/", "http://[::]/",
        "http://2130706433/", "http://0x7f.1/", "http://127.1/"}) {
    const error e = failure_of(client_for(url));
    EXPECT_EQ(e.code, errc::invalid_request) << url << ": " << e.message;
    EXPECT_EQ(e.retry, retry_class::never) << url;
    EXPECT_NE(e.message.find("private"), std::string::npos) << url << ": " << e.message;
  }
}

// T20
TEST(threats, a_key_with_a_line_break_is_not_sent_and_not_shown) {
  scripted_server server([](scripted_connection& c) { c.read_request(); });
  for (const char* model : {openai_model, "anthropic/claude-haiku-4-5"}) {
    const error e =
        failure_of(client_for(server.url() + "/v1", "sk-threat\r\nX-Evil: 1"), once(model));
    EXPECT_EQ(e.code, errc::invalid_request) << e.message;
    EXPECT_EQ(all_of(e).find("sk-threat"), std::string::npos) << all_of(e);
  }
  EXPECT_EQ(server.connections(), 0);
}

// T21
TEST(threats, what_a_caller_says_never_becomes_a_header) {
  const std::string nasty = "a\r\nX-Evil: 1\r\n\r\n";
  std::string head;
  scripted_server server([&](scripted_connection& c) {
    const std::string request = c.read_request();
    head = request.substr(0, request.find("\r\n\r\n"));
    c.send(http_answer(200, completion("hi"), "Content-Type: application/json\r\n"));
  });
  call c = once("openai/" + nasty);
  c.user = c.tenant = c.task = c.run = nasty;
  c.tags[nasty] = nasty;
  const auto r = client_for(server.url() + "/v1").complete(std::move(c));
  ASSERT_TRUE(r) << to_string(r.error());
  EXPECT_FALSE(head.empty());
  EXPECT_EQ(head.find("Evil"), std::string::npos) << head;
}

/// What becomes of a call whose answer comes byte by byte and never ends.
error meet_dribble(std::string head, call c) {
  scripted_server server([&](scripted_connection& s) {
    s.read_request();
    s.send(head);
    s.dribble(std::string(100'000, 'x'), 1, 2);
  });
  const auto begun = std::chrono::steady_clock::now();
  error e = failure_of(client_for(server.url() + "/v1"), std::move(c));
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(10));
  EXPECT_EQ(e.code, errc::timeout) << e.message;
  return e;
}

// T26
TEST(threats, a_head_that_trickles_meets_the_limit_of_the_first_content) {
  call c = once();
  c.timeouts.first_content = milliseconds(100);
  const error e = meet_dribble("HTTP/1.1 200 OK\r\nX-Slow: ", c);
  EXPECT_NE(e.message.find("first_content"), std::string::npos) << e.message;
}

// T27
TEST(threats, a_body_that_trickles_meets_the_limit_of_the_whole_call) {
  call c = once();
  c.timeouts.total = milliseconds(150);
  const error e = meet_dribble("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", c);
  EXPECT_NE(e.message.find("total"), std::string::npos) << e.message;
}

// T27
TEST(threats, a_body_that_stops_meets_the_idle_limit) {
  scripted_server server([](scripted_connection& s) {
    s.read_request();
    s.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{");
    s.read_head();  // ends when the client gives up
  });
  call c = once();
  c.timeouts.idle = milliseconds(50);
  const error e = failure_of(client_for(server.url() + "/v1"), c);
  EXPECT_EQ(e.code, errc::timeout);
  EXPECT_NE(e.message.find("idle"), std::string::npos) << e.message;
}

// S02
TEST(threats, a_name_that_does_not_resolve_does_not_cost_the_key) {
  const error e = failure_of(client_for("https://no-such-host.invalid/v1"));
  EXPECT_EQ(e.code, errc::network);
  EXPECT_NE(e.message.find("no-such-host.invalid"), std::string::npos) << e.message;
  EXPECT_EQ(all_of(e).find(usual_key), std::string::npos) << all_of(e);
}

// S09
TEST(threats, a_key_that_the_vendor_quotes_is_taken_out) {
  for (const std::string& key :
       {usual_key, std::string("0123456789abcdef0123456789abcdef"),
        std::string("6f9619ff-8b86-d011-b42d-00cf4fc964ff"), std::string("8f1d.YWJjZGVmZw"),
        std::string("AKLTabcdef0123456789==")}) {
    const temporary_directory folder;
    const std::string path = folder.file("ledger.db");
    scripted_server server([&](scripted_connection& c) {
      c.read_request();
      c.send(http_answer(401,
                         R"({"error":{"message":"wrong key )" + key + " and " + key +
                             R"(","code":")" + key + R"("}})",
                         "Content-Type: application/json\r\nX-Request-Id: r-" + key + "\r\n"));
    });
    {
      const auto book = ledger::open({.path = path}).value();
      for (const char* model : {openai_model, "anthropic/claude-haiku-4-5"}) {
        const error e = failure_of(client_for(server.url() + "/v1", key, book), once(model));
        EXPECT_EQ(e.code, errc::auth);
        EXPECT_EQ(all_of(e).find(key), std::string::npos) << all_of(e);
        EXPECT_NE(e.vendor_message.find("wrong key ***"), std::string::npos) << e.vendor_message;
      }
    }
    for (const std::string& file : {path, path + "-wal"}) {
      std::ostringstream bytes;
      bytes << std::ifstream(file, std::ios::binary).rdbuf();
      EXPECT_EQ(bytes.str().find(key), std::string::npos) << "in the ledger";
    }
  }
}

// S16
TEST(threats, an_address_in_an_answer_is_text_and_nothing_fetches_it) {
  std::atomic<int> requests{0};
  std::string image;
  scripted_server server([&](scripted_connection& c) {
    while (!c.read_request().empty()) {
      ++requests;
      c.send(http_answer(200, completion(image), "Content-Type: application/json\r\n"));
    }
  });
  image = "![x](" + server.url() + "/?q=SECRET)";
  const auto r = client_for(server.url() + "/v1").complete(once());
  ASSERT_TRUE(r) << to_string(r.error());
  EXPECT_EQ(r->text(), image);
  EXPECT_EQ(requests, 1);
}

// S19
TEST(threats, a_429_that_means_no_money_is_never_sent_again) {
  const std::pair<const char*, const char*> cases[] = {
      {openai_model, R"({"error":{"message":"m","type":"insufficient_quota",)"
                     R"("code":"insufficient_quota"}})"},
      {"anthropic/claude-haiku-4-5",
       R"({"type":"error","error":{"type":"rate_limit_error","message":"m",)"
       R"("details":{"error_code":"enforced_spend_limit_reached"}}})"}};
  for (const auto& [model, body] : cases) {
    std::atomic<int> requests{0};
    scripted_server server([&, answer = http_answer(429, body,
                                                    "Content-Type: application/json\r\n"
                                                    "Retry-After: 0\r\n")](scripted_connection& c) {
      while (!c.read_request().empty()) {
        ++requests;
        c.send(answer);
      }
    });
    call c = once(model);
    c.retry = {.max_attempts = 5, .allow_billed = true, .base = milliseconds(1)};
    const error e = failure_of(client_for(server.url() + "/v1"), c);
    EXPECT_EQ(e.code, errc::quota) << model;
    EXPECT_EQ(e.retry, retry_class::never) << model;
    EXPECT_EQ(requests, 1) << model;
  }
}

}  // namespace
}  // namespace ark::testing
