#include "dialect/text_completion/text_completion.hpp"
#include "catalog/vendor_rows.hpp"
#include "dialect_support.hpp"
#include "rows.hpp"

#include <algorithm>

namespace ark::test::text_completion {
namespace {

vendor row(std::string_view name) {
  const auto rows = catalog::unpack_vendors(adapters::vendor_rows());
  if (rows)
    for (const vendor& v : *rows)
      if (v.name == name) return v;
  ADD_FAILURE() << "no row " << name;
  return {};
}

result<dialect::encoded> encode(const call& c, const vendor& v = row("openai-completions"),
                                bool stream = false) {
  return adapters::text_completion().encode_chat(c, "m", v, stream);
}

result<reply> decode(const std::string& body, const vendor& v = row("openai-completions")) {
  const wire::http_head head{200, {{"x-request-id", "r1"}}};
  return adapters::text_completion().decode_chat({head, body}, v);
}

streamed stream(std::string_view bytes, const vendor& v = row("openai-completions")) {
  return stream_bytes(adapters::text_completion(), v, bytes);
}

TEST(text_completion, a_text_and_its_sampling) {
  call c{.messages = {user("Once \"upon")}, .max_tokens = 5, .temperature = 0.5, .stop = {"\n"}};
  c.seed = 7;
  c.end_user = "u";
  c.extra = {{"suffix", R"("end")"}, {"n", "2"}, {"best_of", "3"}};
  auto e = encode(c);
  expect_json(body_of(e), R"({"model":"m","prompt":"Once \"upon","max_tokens":5,"temperature":0.5,
      "stop":["\n"],"seed":7,"user":"u","best_of":3,"n":2,"suffix":"end"})");
  EXPECT_EQ(e->request.target, "/completions");
  EXPECT_EQ(e->max_output_tokens, 15);  // all that are made are billed
  EXPECT_EQ(encode(c)->request.body, e->request.body);
  e = encode({.messages = {user("a")}}, row("openai-completions"), true);
  expect_json(body_of(e), R"({"model":"m","prompt":"a","stream":true,
      "stream_options":{"include_usage":true}})");
  EXPECT_EQ(wire::find_header(e->request.headers, "accept"), "text/event-stream");
  EXPECT_FALSE(e->max_output_tokens);
}

TEST(text_completion, what_it_cannot_say_is_refused_before_anything_is_sent) {
  EXPECT_EQ(encode({.messages = {system("a"), user("b")}}).error().code, errc::unsupported);
  EXPECT_EQ(encode({.messages = {user("a")}, .tools = {{.name = "f"}}}).error().code,
            errc::unsupported);
  for (const char* name : {"prompt", "stream_options", "top_k"})
    EXPECT_EQ(encode({.messages = {user("a")}, .extra = {{name, "1"}}}).error().code,
              errc::invalid_request);
  vendor none = row("openai-completions");
  none.chat_path = "-";
  EXPECT_EQ(encode({.messages = {user("a")}}, none).error().code, errc::unsupported);
  const auto& family = adapters::text_completion();
  EXPECT_EQ(family.encode_embed({.input = {"a"}}, "m", none).error().code, errc::unsupported);
}

TEST(text_completion, the_first_choice_is_the_reply) {
  const auto r = decode(R"({"id":"cmpl-1","object":"text_completion","model":"m1","choices":[
      {"text":"\n\nHi","index":0,"logprobs":null,"finish_reason":"length"},
      {"text":"other","index":1,"logprobs":null,"finish_reason":"stop"}],
      "usage":{"prompt_tokens":3,"completion_tokens":4,"total_tokens":7}})");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->text(), "\n\nHi");
  EXPECT_EQ(r->finish, finish_reason::length);
  EXPECT_EQ(r->id, "cmpl-1");
  EXPECT_EQ(r->model, "m1");
  EXPECT_EQ(r->usage.input, 3);
  EXPECT_EQ(r->usage.output, 4);
  EXPECT_EQ(r->request_id, "r1");
  EXPECT_TRUE(has_note(r->notes, "several choices"));
  EXPECT_EQ(decode(R"({"choices":[{"index":0,"finish_reason":"stop"}]})").error().code,
            errc::protocol);
}

TEST(text_completion, a_stream_with_null_usage_and_a_last_chunk_without_choices) {
  const auto s = stream(
      "data: {\"id\":\"c\",\"model\":\"m\",\"choices\":[{\"text\":\"a\",\"index\":0,"
      "\"finish_reason\":null}],\"usage\":null}\n\n"
      "data: {\"id\":\"c\",\"choices\":[{\"text\":\"b\",\"index\":0,\"finish_reason\":\"stop\"}]}"
      "\n\ndata: {\"id\":\"c\",\"choices\":[],\"usage\":{\"prompt_tokens\":5,"
      "\"completion_tokens\":2,\"total_tokens\":7}}\n\ndata: [DONE]\n\n");
  ASSERT_FALSE(s.failure) << s.failure->message;
  expect_lawful(s);
  EXPECT_EQ(s.reply.text(), "ab");
  EXPECT_EQ(s.reply.finish, finish_reason::stop);
  EXPECT_EQ(s.reply.usage.input, 5);
  const auto cut =
      stream("data: {\"choices\":[{\"text\":\"a\",\"index\":0,\"finish_reason\":\"stop\"}]}\n\n");
  ASSERT_TRUE(cut.failure);
  EXPECT_EQ(cut.failure->code, errc::truncated);
}

TEST(text_completion, a_chunk_that_has_its_text_twice_says_it_once) {
  const auto s = stream(
      "data: {\"choices\":[{\"index\":0,\"text\":\"a\",\"finish_reason\":null,"
      "\"delta\":{\"role\":\"assistant\",\"content\":\"a\"}}]}\n\n"
      "data: {\"choices\":[{\"index\":0,\"text\":\"\",\"finish_reason\":\"eos\","
      "\"delta\":{\"content\":\"\"}}],\"usage\":{\"prompt_tokens\":8,\"completion_tokens\":1}}\n\n"
      "data: [DONE]\n\n",
      row("together-completions"));
  ASSERT_FALSE(s.failure) << s.failure->message;
  EXPECT_EQ(s.reply.text(), "a");
  EXPECT_EQ(s.reply.finish, finish_reason::stop);
}

TEST(text_completion, code_with_a_gap_is_answered_in_the_shape_of_a_chat) {
  const vendor v = row("mistral-fim");
  const auto e =
      encode({.messages = {user("f(")}, .seed = 3, .extra = {{"suffix", R"(";")"}}}, v, true);
  expect_json(body_of(e), R"({"model":"m","prompt":"f(","random_seed":3,"suffix":";",
      "stream":true})");
  EXPECT_EQ(e->request.target, "/fim/completions");
  const auto r = decode(R"({"id":"f","model":"m","object":"chat.completion","choices":[{"index":0,
      "finish_reason":"stop","message":{"role":"assistant","content":"x","tool_calls":null}}],
      "usage":{"prompt_tokens":12,"completion_tokens":8,"total_tokens":20}})",
                        v);
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->text(), "x");
  const auto s = stream(
      "data: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},"
      "\"finish_reason\":null}]}\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"y\"},"
      "\"finish_reason\":\"length\"}],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":1}}\n\n"
      "data: [DONE]\n\n",
      v);
  ASSERT_FALSE(s.failure) << s.failure->message;
  EXPECT_EQ(s.reply.text(), "y");
  EXPECT_EQ(s.reply.finish, finish_reason::length);
}

TEST(text_completion, a_local_server_ends_with_an_empty_delta) {
  const auto s = stream(
      "data: {\"choices\":[{\"index\":0,\"text\":\"a\",\"finish_reason\":null}]}\n\n"
      "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n",
      row("custom-completions"));
  ASSERT_FALSE(s.failure) << s.failure->message;
  EXPECT_EQ(s.reply.text(), "a");
}

TEST(text_completion, errors_are_those_of_the_chat_family) {
  const vendor v = row("openai-completions");
  const wire::http_head head{404, {}};
  const auto e = adapters::text_completion().decode_error(
      {head, R"({"error":{"message":"no","type":"invalid_request_error","code":null}})"}, v);
  EXPECT_EQ(e.code, errc::not_found);
  EXPECT_EQ(e.vendor_message, "no");
  EXPECT_EQ(decode(R"({"error":{"message":"no","code":429}})").error().retry,
            retry_class::maybe_billed);
}

TEST(text_completion, a_row_may_name_its_model_in_the_path_only) {
  const vendor v = row("pangu-v1-completions");
  const auto e =
      adapters::text_completion().encode_chat({.messages = {user("q")}}, "d-1", v, false);
  ASSERT_TRUE(e) << e.error().message;
  EXPECT_EQ(e->request.target, "/deployments/d-1/text/completions");
  expect_json(body_of(e), R"({"prompt":"q"})");
}

TEST(text_completion, no_row_of_it_chats) {
  for (const char* name :
       {"openai-completions", "mistral-fim", "deepseek-fim", "vllm-completions",
        "together-completions", "huggingface-completions", "custom-completions",
        "anthropic-complete", "cohere-generate", "ollama-generate", "pangu-v1-completions"}) {
    const vendor v = row(name);
    EXPECT_EQ(std::count(v.capabilities.begin(), v.capabilities.end(), "chat"), 0) << name;
    EXPECT_FALSE(v.price_vendor.empty()) << name;
    EXPECT_EQ(v.embed_path, "-") << name;
  }
}

}  // namespace
}  // namespace ark::test::text_completion
