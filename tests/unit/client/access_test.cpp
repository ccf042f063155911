// Contents that are encrypted end to end, against a vendor that opens and seals by other means.
#include "client/access.hpp"

#include <ark/jobs.hpp>

#include "base/json_reader.hpp"
#include "row_client.hpp"
#include "tests/support/sealing_vendor.hpp"

#include <gtest/gtest.h>

namespace ark::testing {
namespace {

constexpr std::string_view certificate_path = "/e2e/get/certificate";
constexpr std::string_view secret_question = "what is hidden here",
                           secret_answer = "a hidden answer";

std::string json_text(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '\n' ? std::string("\\n") : std::string(1, c);
  return '"' + out + '"';
}

struct sealed_client : row_client {
  explicit sealed_client(const certificate_plan& plan = {}) : vendor(plan) {
    parts->options.keys = keys_from_map({{"volcengine-ark", secret("plain-api-key")}});
    net->respond = [this](const net::exchange_request& r) { return answer(r); };
  }
  fake_transport::answer answer(const net::exchange_request& r) {
    if (r.request.target.ends_with(certificate_path))
      return toy_client::whole(R"({"Certificate":)" + json_text(certificate()) + "}");
    token = wire::find_header(r.request.headers, "x-session-token");
    tokens.push_back(token);
    bodies.push_back(r.request.body);
    if (respond_chat) return respond_chat();
    return toy_client::whole(chat_json(vendor.seal(token, secret_answer)));
  }
  std::string certificate() const {
    return other_certificate.empty() ? vendor.certificate() : other_certificate;
  }
  content_encryption& settings() { return parts->options.vendors["volcengine-ark"].encryption; }

  static call ask() {
    return {.model = "volcengine-ark/ep-123",
            .messages = {system("be brief"), user(std::string(secret_question))},
            .end_to_end_encryption = true};
  }
  /// The refusal of a call, before anything was sent.
  error refused(const call& c) {
    const auto r = make().complete(c);
    EXPECT_FALSE(r);
    EXPECT_TRUE(bodies.empty());
    EXPECT_TRUE(ledger->all.empty());
    return r ? error{} : r.error();
  }

  sealing_vendor vendor;
  std::string other_certificate, token;
  std::vector<std::string> tokens, bodies;
  std::function<fake_transport::answer()> respond_chat;
};

/// The contents of the messages in a body, opened.
std::vector<std::string> opened(const sealed_client& t, std::size_t number) {
  json::reader reader;
  const auto root = reader.parse(t.bodies.at(number));
  json::element messages;
  std::vector<std::string> out;
  if (!root || !json::find(*root, "messages", messages)) return out;
  for (const auto m : messages.get_array())
    out.push_back(t.vendor.open(t.tokens.at(number), json::text_at(m, "content")));
  return out;
}

TEST(access, contents_are_sealed_and_the_answer_is_opened) {
  sealed_client t;
  const client c = t.make();
  const auto r = c.complete(sealed_client::ask());
  ASSERT_TRUE(r) << to_string(r.error());
  EXPECT_EQ(r->text(), secret_answer);
  EXPECT_EQ(opened(t, 0), (std::vector<std::string>{"be brief", std::string(secret_question)}));
  EXPECT_EQ(t.bodies[0].find(secret_question), std::string::npos);

  const auto& headers = t.requests().back().request.headers;
  EXPECT_EQ(wire::find_header(headers, "x-is-encrypted"), "true");
  EXPECT_EQ(wire::find_header(headers, "x-encrypt-info"), R"({"ExpireTime":1798761600})");
  EXPECT_EQ(wire::find_header(headers, "authorization"), "Bearer plain-api-key");
  const auto& asked = t.requests()[0];
  EXPECT_EQ(asked.request.target, "/api/v3/e2e/get/certificate");
  EXPECT_EQ(asked.request.body, R"({"model":"ep-123"})");
  EXPECT_EQ(wire::find_header(asked.request.headers, "x-session-token"), certificate_path);
  EXPECT_EQ(t.ledger->intents().size(), 1U);
  EXPECT_EQ(t.ledger->outcomes().at(0).state, attempt_state::settled);
}

TEST(access, each_attempt_has_a_key_of_its_own) {
  sealed_client t;
  const client c = t.make();
  int calls = 0;
  t.respond_chat = [&] {
    if (calls++ == 0) return toy_client::whole("{}", 429);
    return toy_client::whole(chat_json(t.vendor.seal(t.token, secret_answer)));
  };
  ASSERT_TRUE(c.complete(sealed_client::ask()));
  ASSERT_EQ(t.tokens.size(), 2U);
  EXPECT_NE(t.tokens[0], t.tokens[1]);
  EXPECT_EQ(opened(t, 0), opened(t, 1));
}

TEST(access, streams_are_opened_delta_by_delta) {
  sealed_client t;
  t.respond_chat = [&] {
    const auto frame = [&](std::string_view text) {
      return R"({"id":"c1","choices":[{"index":0,"delta":{"content":")" +
             (text.empty() ? "" : t.vendor.seal(t.token, text)) + R"("}}]})";
    };
    return fake_transport::answer{
        .pieces = {toy_client::sse(
            {frame(""), frame("a hidden"), frame(" answer"),
             R"({"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})", "[DONE]"})}};
  };
  auto s = t.make().stream(sealed_client::ask());
  ASSERT_TRUE(s);
  std::vector<std::string> texts;
  for (const event& e : *s)
    if (e.kind == event_kind::text) texts.push_back(e.text);
  EXPECT_FALSE(s->failure());
  EXPECT_EQ(texts, (std::vector<std::string>{"a hidden", " answer"}));
  EXPECT_EQ(s->so_far().text(), secret_answer);
}

TEST(access, an_answer_in_clear_is_an_error_and_is_not_given) {
  sealed_client t;
  t.respond_chat = [] { return toy_client::whole(chat_json("nobody sealed this")); };
  const auto r = t.make().complete(sealed_client::ask());
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::protocol);
  EXPECT_NE(r.error().message.find("not encrypted"), std::string::npos);
  EXPECT_EQ(to_string(r.error()).find("nobody sealed"), std::string::npos);
  EXPECT_EQ(t.bodies.size(), 1U) << "it is not sent again";
  EXPECT_EQ(t.ledger->outcomes().at(0).state, attempt_state::ambiguous);
}

TEST(access, a_streamed_text_in_clear_is_an_error_and_is_not_given) {
  sealed_client t;
  t.respond_chat = [&] {
    return fake_transport::answer{
        .pieces = {toy_client::sse(
            {R"({"choices":[{"delta":{"content":")" + t.vendor.seal(t.token, "sealed") + R"("}}]})",
             R"({"choices":[{"delta":{"content":"bm90IHNlYWxlZA=="}}]})"})}};
  };
  auto s = t.make().stream(sealed_client::ask());
  ASSERT_TRUE(s);
  std::string text;
  for (const event& e : *s)
    if (e.kind == event_kind::text) text += e.text;
  EXPECT_EQ(text, "sealed");
  ASSERT_TRUE(s->failure());
  EXPECT_EQ(s->failure()->code, errc::protocol);
}

TEST(access, an_answer_sealed_for_another_request_is_an_error) {
  sealed_client t;
  std::string first;
  t.respond_chat = [&] {
    if (first.empty()) first = t.vendor.seal(t.token, secret_answer);
    return toy_client::whole(chat_json(first));
  };
  const client c = t.make();
  ASSERT_TRUE(c.complete(sealed_client::ask()));
  const auto again = c.complete(sealed_client::ask());
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, errc::protocol);
}

TEST(access, a_certificate_is_kept_for_14_days_and_for_its_model) {
  sealed_client t;
  const client c = t.make();
  ASSERT_TRUE(c.complete(sealed_client::ask()));
  t.os.wall += std::chrono::days(14) - std::chrono::minutes(1);
  ASSERT_TRUE(c.complete(sealed_client::ask()));
  EXPECT_EQ(t.asked(certificate_path), 1);
  t.os.wall += std::chrono::minutes(2);
  ASSERT_TRUE(c.complete(sealed_client::ask()));
  EXPECT_EQ(t.asked(certificate_path), 2);
  call other = sealed_client::ask();
  other.model = "volcengine-ark/ep-456";
  ASSERT_TRUE(c.complete(other));
  EXPECT_EQ(t.asked(certificate_path), 3);
}

TEST(access, a_certificate_is_never_used_after_its_end) {
  sealed_client t({.ends = std::chrono::days(3)});
  const client c = t.make();
  ASSERT_TRUE(c.complete(sealed_client::ask()));
  t.os.wall += std::chrono::days(3);
  const auto late = c.complete(sealed_client::ask());
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, errc::tls);
  EXPECT_NE(late.error().message.find("expired"), std::string::npos);
  EXPECT_EQ(t.bodies.size(), 1U);
  EXPECT_EQ(t.ledger->intents().size(), 1U);
}

TEST(access, authorities_and_a_host_are_checked_where_they_are_given) {
  sealed_client t({.dns_names = {"enclave.example"}});
  t.settings() = {.authorities = t.vendor.authority(), .host = "enclave.example"};
  ASSERT_TRUE(t.make().complete(sealed_client::ask()));
  EXPECT_EQ(t.bodies.size(), 1U);

  sealed_client wrong_host({.dns_names = {"enclave.example"}});
  wrong_host.settings() = {.authorities = wrong_host.vendor.authority(), .host = "other.example"};
  EXPECT_EQ(wrong_host.refused(sealed_client::ask()).code, errc::tls);

  sealed_client tampered;
  const sealing_vendor attacker;
  tampered.settings().authorities = tampered.vendor.authority();
  tampered.other_certificate = attacker.certificate();
  EXPECT_EQ(tampered.refused(sealed_client::ask()).code, errc::tls);
}

TEST(access, a_certificate_of_the_users_is_not_fetched) {
  sealed_client t({.dns_names = {"ring.r-1", "key.k-1"}});
  t.settings().certificate = t.vendor.certificate();
  ASSERT_TRUE(t.make().complete(sealed_client::ask()));
  EXPECT_EQ(t.asked(certificate_path), 0);
  EXPECT_EQ(wire::find_header(t.requests()[0].request.headers, "x-encrypt-info"),
            R"({"Version":"AICCv0.1","KeyID":"k-1","RingID":"r-1","ExpireTime":1798761600})");
  t.settings().certificate = "no certificate";
  t.bodies.clear();
  t.ledger->all.clear();
  EXPECT_EQ(t.refused(sealed_client::ask()).code, errc::tls);
}

TEST(access, a_vendor_without_a_certificate_sends_nothing) {
  sealed_client t;
  t.net->respond = [](const auto&) {
    return toy_client::whole(R"({"error":{"code":"NotFound","message":"none"}})");
  };
  const auto e = t.refused(sealed_client::ask());
  EXPECT_EQ(e.code, errc::protocol);
  EXPECT_EQ(e.vendor_code, "NotFound");
}

TEST(access, what_cannot_be_sealed_is_refused) {
  sealed_client t;
  std::vector<call> calls(8, sealed_client::ask());
  calls[0].tools = {{.name = "look"}};
  calls[1].messages.push_back(tool("id", "result"));
  calls[2].messages[1].parts.emplace_back(image_url("https://example.test/a.png"));
  calls[3].messages[1].parts.emplace_back(document_url("https://example.test/a.pdf"));
  calls[4].messages[1].name = "Eve";
  calls[5].stop = {"END"};
  calls[6].response_format = {.kind = response_format_kind::json_schema, .schema = "{}"};
  calls[7].messages.push_back({.role = role::assistant, .parts = {reasoning_part{.text = "hm"}}});
  for (const call& c : calls) {
    const error e = t.refused(c);
    EXPECT_EQ(e.code, errc::unsupported) << e.message;
    const bool family_refused = e.message.find("takes no documents") != std::string::npos;
    EXPECT_TRUE(family_refused || e.message.find("end to end") != std::string::npos) << e.message;
  }
  EXPECT_TRUE(t.requests().empty()) << "not even the certificate is asked for";
}

TEST(access, images_in_the_call_are_sealed) {
  sealed_client t;
  call c = sealed_client::ask();
  c.messages = {user("look")};
  c.messages[0].parts.emplace_back(image_bytes("PNG", "image/png"));
  ASSERT_TRUE(t.make().complete(c));
  json::reader reader;
  const auto root = reader.parse(t.bodies.at(0)).value();
  json::element url;
  ASSERT_TRUE(json::find_path(root, "messages.0.content.1.image_url.url", url));
  EXPECT_EQ(t.vendor.open(t.token, json::as_text(url)), "data:image/png;base64,UE5H");
}

TEST(access, reasoning_in_clear_is_noted) {
  sealed_client t;
  t.respond_chat = [&] {
    return toy_client::whole(R"({"choices":[{"message":{"reasoning_content":"hm","content":")" +
                             t.vendor.seal(t.token, secret_answer) +
                             R"("},"finish_reason":"stop"}]})");
  };
  const auto r = t.make().complete(sealed_client::ask());
  ASSERT_TRUE(r) << to_string(r.error());
  EXPECT_EQ(r->message.reasoning(), "hm");
  EXPECT_NE(std::find_if(r->notes.begin(), r->notes.end(),
                         [](const std::string& n) { return n.find("in clear") != n.npos; }),
            r->notes.end());
}

TEST(access, vendors_and_calls_without_encryption_refuse_it) {
  sealed_client t;
  t.parts->options.keys = keys_from_map({{"openai", secret("k")},
                                         {"volcengine-ark", secret("k")},
                                         {"volcengine-ark-bots", secret("k")},
                                         {"volcengine-ark-responses", secret("k")}});
  call elsewhere = sealed_client::ask();
  elsewhere.model = "openai/gpt-4o";
  EXPECT_EQ(t.refused(elsewhere).code, errc::unsupported);
  for (const char* door : {"volcengine-ark-bots/bot-1", "volcengine-ark-responses/ep-1"}) {
    elsewhere.model = door;
    const error e = t.refused(elsewhere);
    EXPECT_EQ(e.code, errc::unsupported) << door;
    EXPECT_NE(e.message.find("sealed"), std::string::npos) << e.message;
  }
  EXPECT_EQ(t.make().count_tokens(sealed_client::ask()).error().code, errc::unsupported);
  const jobs kept(t.make(), "volcengine-ark");
  EXPECT_EQ(prepare_batched(*t.parts, sealed_client::ask()).error().code, errc::unsupported);
  EXPECT_TRUE(t.requests().empty());
}

TEST(access, a_prepared_call_holds_nothing_in_clear_to_send) {
  sealed_client t;
  const auto p = prepare_chat(*t.parts, sealed_client::ask(), false);
  ASSERT_TRUE(p);
  EXPECT_EQ(p->request.body, "");
}

}  // namespace
}  // namespace ark::testing
