#include "sim/answer.hpp"

#include <gtest/gtest.h>
#include <boost/json.hpp>

namespace ark::testing {

namespace {
namespace bj = boost::json;

chat_request request_of(wire_family family, bool stream) {
  chat_request r;
  r.family = family;
  r.model = "m";
  r.stream = stream;
  return r;
}
generation both() {
  generation g;
  g.reasoning = "think a bit";
  g.text = "Hello, world";
  g.calls = {{"f", R"({"x":1})"}};
  g.end = generation::ending::tool_calls;
  g.tokens = {.input = 5, .cache_read = 3, .output = 6, .reasoning = 3};
  return g;
}
bj::value payload(const frame& f) {
  const auto at = f.bytes.find("data: ");
  return bj::parse(std::string_view(f.bytes).substr(at + 6));
}
}  // namespace

TEST(openai_answer, whole_reply_has_the_vendors_shape) {
  const auto a = openai_chat_answer(request_of(wire_family::openai, false), both(), {});
  const auto reply = bj::parse(a.body);
  EXPECT_EQ(reply.at_pointer("/choices/0/message/content").as_string(), "Hello, world");
  EXPECT_EQ(reply.at_pointer("/choices/0/message/tool_calls/0/function/arguments").as_string(),
            R"({"x":1})");
  EXPECT_EQ(reply.at_pointer("/usage/prompt_tokens").as_int64(), 8);
  EXPECT_EQ(reply.at_pointer("/usage/completion_tokens").as_int64(), 9);
  EXPECT_EQ(reply.at_pointer("/usage/prompt_tokens_details/cached_tokens").as_int64(), 3);
  EXPECT_EQ(reply.at_pointer("/usage/completion_tokens_details/reasoning_tokens").as_int64(), 3);
}

TEST(openai_answer, stream_says_the_same_and_ends_with_done) {
  const auto a = openai_chat_answer(request_of(wire_family::openai, true), both(), {});
  std::string text, arguments;
  for (std::size_t i = 0; i + 2 < a.frames.size(); ++i) {
    const auto delta = payload(a.frames[i]).at_pointer("/choices/0/delta").as_object();
    text += text_of(delta, "content");
    if (const auto* calls = array_of(delta, "tool_calls"))
      arguments += text_of(calls->at(0).at("function").as_object(), "arguments");
  }
  EXPECT_EQ(text, "Hello, world");
  EXPECT_EQ(arguments, R"({"x":1})");
  EXPECT_EQ(a.frames.back().bytes, "data: [DONE]\n\n");
  EXPECT_EQ(payload(a.frames[a.frames.size() - 2]).at_pointer("/usage/total_tokens").as_int64(),
            17);
  EXPECT_EQ(a.frames.back().output, 6);
}

TEST(openai_answer, usage_comes_only_when_asked_for) {
  auto r = request_of(wire_family::openai, true);
  r.include_usage = false;
  const auto a = openai_chat_answer(r, both(), {});
  for (const auto& f : a.frames) EXPECT_EQ(f.bytes.find("usage"), std::string::npos);
}

TEST(anthropic_answer, whole_reply_has_the_vendors_shape) {
  const auto a = anthropic_messages_answer(request_of(wire_family::anthropic, false), both(), {});
  const auto reply = bj::parse(a.body);
  EXPECT_EQ(reply.at_pointer("/content/0/type").as_string(), "thinking");
  EXPECT_EQ(reply.at_pointer("/content/2/input/x").as_int64(), 1);
  EXPECT_EQ(reply.at("stop_reason").as_string(), "tool_use");
  EXPECT_EQ(reply.at_pointer("/usage/input_tokens").as_int64(), 5);
  EXPECT_EQ(reply.at_pointer("/usage/output_tokens").as_int64(), 9);
}

TEST(anthropic_answer, stream_opens_and_closes_each_block) {
  const auto a = anthropic_messages_answer(request_of(wire_family::anthropic, true), both(), {});
  int open = 0, blocks = 0;
  std::string json;
  for (const auto& f : a.frames) {
    const auto event = payload(f).as_object();
    const auto type = text_of(event, "type");
    EXPECT_EQ(f.bytes.substr(0, 7 + type.size()), "event: " + std::string(type));
    if (type == "content_block_start") ++open, ++blocks;
    if (type == "content_block_stop") --open;
    if (type == "content_block_delta") json += text_of(*object_of(event, "delta"), "partial_json");
  }
  EXPECT_EQ(open, 0);
  EXPECT_EQ(blocks, 3);
  EXPECT_EQ(json, R"({"x":1})");
  EXPECT_NE(a.frames.back().bytes.find("message_stop"), std::string::npos);
}

TEST(error_answer, each_family_in_its_own_shape) {
  const auto o = bj::parse(error_answer(wire_family::openai, {.status = 429}, "r").body);
  EXPECT_EQ(o.at_pointer("/error/code").as_string(), "rate_limit_exceeded");
  const auto q = bj::parse(
      error_answer(wire_family::openai, {.status = 429, .code = "insufficient_quota"}, "r").body);
  EXPECT_EQ(q.at_pointer("/error/type").as_string(), "insufficient_quota");
  const auto a = bj::parse(error_answer(wire_family::anthropic, {.status = 529}, "r").body);
  EXPECT_EQ(a.at_pointer("/error/type").as_string(), "overloaded_error");
  EXPECT_EQ(a.at("request_id").as_string(), "r");
}

}  // namespace ark::testing
