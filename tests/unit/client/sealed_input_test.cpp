// Calls whose input is encrypted as a whole, against a vendor that opens and seals by other means.
#include "client/access.hpp"

#include "base/json_reader.hpp"
#include "row_client.hpp"
#include "tests/support/wrapping_vendor.hpp"
#include "wire/base64.hpp"

#include <gtest/gtest.h>

namespace ark::testing {
namespace {

constexpr std::string_view key_path = "/api/v1/public-keys/latest";
constexpr std::string_view question = "what is hidden here", hidden_answer = "a hidden answer";

const wrapping_vendor& the_vendor() {
  static const wrapping_vendor made;  // a key pair takes a while
  return made;
}

std::string output(std::string_view text, std::string_view finish = "\"stop\"") {
  return R"({"choices":[{"finish_reason":)" + std::string(finish) +
         R"(,"message":{"role":"assistant","content":")" + std::string(text) + R"("}}]})";
}

struct input_client : row_client {
  input_client() {
    parts->options.keys = keys_from_map({{"dashscope-native", secret("plain-api-key")}});
    net->respond = [this](const net::exchange_request& r) { return answer(r); };
  }
  fake_transport::answer answer(const net::exchange_request& r) {
    if (r.request.target == key_path) return toy_client::whole(public_key_answer);
    json::reader reader;
    const std::string said(wire::find_header(r.request.headers, "x-dashscope-encryptionkey"));
    const auto told = reader.parse(said);
    EXPECT_TRUE(told) << said;
    if (told) {
      EXPECT_EQ(json::text_at(*told, "public_key_id"), "7");
      key = *wire::base64_decode(the_vendor().unwrap(json::text_at(*told, "encrypt_key")));
      nonce = *wire::base64_decode(json::text_at(*told, "iv"));
    }
    bodies.push_back(r.request.body);
    return respond();
  }
  std::string sealed(std::string_view plain) const {
    return '"' + wrapping_vendor::seal(key, nonce, plain) + '"';
  }
  static std::string with_output(const std::string& json) {
    return R"({"request_id":"r","output":)" + json +
           R"(,"usage":{"input_tokens":5,"output_tokens":2,"total_tokens":7}})";
  }
  static call ask() {
    return {.model = "dashscope-native/qwen-plus",
            .messages = {system("be brief"), user(std::string(question))},
            .end_to_end_encryption = true};
  }

  std::string public_key_answer = R"({"request_id":"k","data":{"public_key":")" +
                                  the_vendor().public_key() + R"(","public_key_id":"7"}})";
  std::string key, nonce;
  std::vector<std::string> bodies;
  std::function<fake_transport::answer()> respond = [this] {
    return toy_client::whole(with_output(sealed(output(hidden_answer))));
  };
};

TEST(sealed_input, the_input_is_sealed_and_the_output_is_opened) {
  input_client t;
  const auto r = t.make().complete(input_client::ask());
  ASSERT_TRUE(r) << to_string(r.error());
  EXPECT_EQ(r->text(), hidden_answer);
  EXPECT_EQ(r->usage.input, 5);
  json::reader reader;
  const auto root = reader.parse(t.bodies.at(0));
  ASSERT_TRUE(root);
  EXPECT_EQ(wrapping_vendor::open(t.key, t.nonce, json::text_at(*root, "input")),
            R"({"messages":[{"role":"system","content":"be brief"},)"
            R"({"role":"user","content":"what is hidden here"}]})");
  EXPECT_EQ(json::text_at(*root, "model"), "qwen-plus");
  EXPECT_EQ(t.bodies[0].find(question), std::string::npos);
  EXPECT_EQ(t.requests()[0].request.method, "GET");
  EXPECT_EQ(wire::find_header(t.requests()[0].request.headers, "authorization"),
            "Bearer plain-api-key");
  EXPECT_EQ(t.ledger->intents().size(), 1U);
  EXPECT_EQ(t.ledger->outcomes().at(0).state, attempt_state::settled);
}

TEST(sealed_input, each_call_has_a_key_of_its_own_and_the_public_key_is_kept_for_an_hour) {
  input_client t;
  const client c = t.make();
  ASSERT_TRUE(c.complete(input_client::ask()));
  const std::string first = t.key + t.nonce;
  ASSERT_TRUE(c.complete(input_client::ask()));
  EXPECT_NE(t.key + t.nonce, first);
  EXPECT_EQ(t.asked(key_path), 1);
  t.os.wall += std::chrono::minutes(61);
  ASSERT_TRUE(c.complete(input_client::ask()));
  EXPECT_EQ(t.asked(key_path), 2);
}

TEST(sealed_input, streams_are_opened_frame_by_frame) {
  input_client t;
  t.respond = [&] {
    return fake_transport::answer{
        .pieces = {toy_client::sse({t.with_output(t.sealed(output("a hidden", "\"null\""))),
                                    t.with_output(t.sealed(output(" answer")))})}};
  };
  auto s = t.make().stream(input_client::ask());
  ASSERT_TRUE(s);
  std::vector<std::string> texts;
  for (const event& e : *s)
    if (e.kind == event_kind::text) texts.push_back(e.text);
  ASSERT_FALSE(s->failure()) << to_string(*s->failure());
  EXPECT_EQ(texts, (std::vector<std::string>{"a hidden", " answer"}));
}

TEST(sealed_input, an_output_that_is_not_sealed_with_this_key_is_an_error_and_is_not_given) {
  input_client t;
  const std::string other(32, 'k');
  const auto refused = [&](const std::string& json) {
    t.respond = [&] { return toy_client::whole(t.with_output(json)); };
    const auto r = t.make().complete(input_client::ask());
    EXPECT_FALSE(r) << json;
    if (r) return;
    EXPECT_EQ(r.error().code, errc::protocol) << json;
    EXPECT_NE(r.error().message.find("not encrypted"), std::string::npos) << r.error().message;
    EXPECT_EQ(to_string(r.error()).find("nobody sealed"), std::string::npos);
  };
  refused(output("nobody sealed this"));
  refused(R"("bm9ib2R5IHNlYWxlZCB0aGlzIG9uZQ==")");
  refused('"' + wrapping_vendor::seal(other, std::string(12, 'n'), output("nobody sealed")) + '"');
  t.respond = [&] { return toy_client::whole(t.with_output(t.sealed("no JSON"))); };
  EXPECT_FALSE(t.make().complete(input_client::ask()));

  t.respond = [&] {
    return fake_transport::answer{
        .pieces = {toy_client::sse({t.with_output(t.sealed(output("sealed", "\"null\""))),
                                    t.with_output(output("nobody sealed this"))})}};
  };
  auto s = t.make().stream(input_client::ask());
  ASSERT_TRUE(s);
  std::string text;
  for (const event& e : *s)
    if (e.kind == event_kind::text) text += e.text;
  EXPECT_EQ(text, "sealed");
  ASSERT_TRUE(s->failure());
  EXPECT_EQ(s->failure()->code, errc::protocol);
}

TEST(sealed_input, an_answer_outside_of_the_frames_of_a_stream_is_not_given_in_clear) {
  input_client t;
  std::string body;
  t.respond = [&] { return fake_transport::answer{.pieces = {body}}; };
  const auto text = [&](std::string whole) {
    body = std::move(whole);
    auto s = t.make().stream(input_client::ask());
    EXPECT_TRUE(s);
    std::string all;
    if (!s) return all;
    for (const event& e : *s)
      if (e.kind == event_kind::text) all += e.text;
    EXPECT_TRUE(s->failure());
    if (s->failure()) EXPECT_EQ(s->failure()->code, errc::protocol) << to_string(*s->failure());
    return all;
  };
  EXPECT_EQ(text(input_client::with_output(output("nobody sealed this"))), "");
}

TEST(sealed_input, the_reasoning_is_sealed_too) {
  input_client t;
  t.respond = [&t] {
    return toy_client::whole(t.with_output(t.sealed(
        R"({"choices":[{"finish_reason":"stop","message":{"role":"assistant","content":"a",)"
        R"("reasoning_content":"a hidden thought"}}]})")));
  };
  const auto r = t.make().complete(input_client::ask());
  ASSERT_TRUE(r) << to_string(r.error());
  EXPECT_EQ(r->reasoning(), "a hidden thought");
  for (const std::string& note : r->notes) EXPECT_EQ(note.find("in clear"), note.npos) << note;
}

TEST(sealed_input, errors_come_in_clear) {
  input_client t;
  t.respond = [] {
    return toy_client::whole(R"({"code":"Arrearage","message":"no money","request_id":"r"})", 400);
  };
  const auto r = t.make().complete(input_client::ask());
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::quota);
}

TEST(sealed_input, nothing_is_sent_when_it_cannot_be_sealed) {
  const auto refused = [](input_client& t, const call& c) {
    const auto r = t.make().complete(c);
    EXPECT_FALSE(r);
    EXPECT_TRUE(t.bodies.empty());
    return r ? errc::internal : r.error().code;
  };
  input_client tools;
  call with_tool = input_client::ask();
  with_tool.tools = {{.name = "f", .description = "", .parameters = "{}"}};
  EXPECT_EQ(refused(tools, with_tool), errc::unsupported);
  for (const char* answer : {"{}", R"({"data":{"public_key":"","public_key_id":"7"}})",
                             R"({"data":{"public_key":"bm8ga2V5","public_key_id":"7"}})"}) {
    input_client t;
    t.public_key_answer = answer;
    EXPECT_EQ(refused(t, input_client::ask()), errc::protocol) << answer;
  }
  input_client checked;
  checked.parts->options.vendors["dashscope-native"].encryption.host = "enclave.example";
  EXPECT_EQ(refused(checked, input_client::ask()), errc::config);
}

}  // namespace
}  // namespace ark::testing
