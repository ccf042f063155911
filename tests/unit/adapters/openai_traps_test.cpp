// What is particular about single vendors of the family, as recorded or as their documents say.
#include "openai_support.hpp"

namespace ark::test::openai {
namespace {

constexpr const char* text_chunk = R"({"choices":[{"index":0,"delta":{"content":"hi"}}]})";
constexpr const char* stop_chunk = R"({"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})";

call asked(reasoning_effort effort, std::optional<std::int64_t> budget = {}) {
  return {.messages = {user("q")}, .reasoning = effort, .reasoning_budget_tokens = budget};
}

message call_only() {
  return {.role = role::assistant, .parts = {tool_call_part{"c1", "f", "{}"}}};
}

TEST(openai_traps, the_model_stands_in_the_path) {
  const vendor v = row("azure");
  const auto target = [&](std::string_view model) {
    return adapters::openai_chat().encode_chat({.messages = {user("q")}}, model, v, false);
  };
  EXPECT_EQ(target("gpt-4.1 a/b?")->request.target,
            "/openai/deployments/gpt-4.1%20a%2Fb%3F/chat/completions?api-version=2024-10-21");
  for (const char* none : {"", ".", ".."})
    EXPECT_EQ(target(none).error().code, errc::invalid_request) << none;
  const auto e = adapters::openai_chat().encode_embed({.input = {"a"}}, "e-3", v);
  EXPECT_EQ(e->request.target, "/openai/deployments/e-3/embeddings?api-version=2024-10-21");
  EXPECT_EQ(v.auth_header, "api-key");
  EXPECT_EQ(v.auth, auth_kind::header);
}

TEST(openai_traps, azure_errors) {
  const vendor v = row("azure");
  const auto filtered = decode_error(400,
                                     R"({"error":{"code":"content_filter","message":"m",
          "innererror":{"code":"ResponsibleAIPolicyViolation"}}})",
                                     v, {{"apim-request-id", "r1"}});
  EXPECT_EQ(filtered.code, errc::content_filter);
  EXPECT_EQ(filtered.request_id, "r1");
  EXPECT_EQ(
      decode_error(
          404,
          R"({"error":{"type":"invalid_request_error","code":"DeploymentNotFound","message":"m"}})",
          v)
          .code,
      errc::not_found);
  const auto busy = decode_error(429, R"({"error":{"code":"RateLimitReached","message":"m"}})", v,
                                 {{"retry-after-ms", "0"}, {"retry-after", "1"}});
  EXPECT_EQ(busy.code, errc::rate_limit);
  EXPECT_EQ(busy.retry, retry_class::after);
  EXPECT_EQ(busy.retry_after, std::chrono::seconds(1)) << "the longer one: 0 is no answer";
}

TEST(openai_traps, azure_streams_begin_without_a_choice_and_may_lack_a_delta) {
  const auto s = stream(
      {R"({"choices":[],"id":"","model":"","object":"","prompt_filter_results":[]})", text_chunk,
       R"({"choices":[{"index":0,"content_filter_offsets":{}}]})", stop_chunk, "[DONE]"},
      row("azure"));
  ASSERT_FALSE(s.failure);
  EXPECT_EQ(s.reply.text(), "hi");
  expect_lawful(s);
}

TEST(openai_traps, xai_counts_reasoning_beside_the_completion_and_names_the_cost) {
  const auto r =
      decode(whole(R"({"content":"a"})", "",
                   R"(,"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":22,
      "completion_tokens_details":{"reasoning_tokens":7},"cost_in_usd_ticks":6815000})"),
             row("xai"));
  ASSERT_TRUE(r);
  EXPECT_EQ(r->usage.output, 5);
  EXPECT_EQ(r->usage.reasoning, 7);
  EXPECT_EQ(to_string(r->usage.vendor_cost.value()), "0.0006815 USD");
  EXPECT_TRUE(r->notes.empty());
  const auto wrong = decode_error(
      400,
      R"({"code":"Client specified an invalid argument","error":"Incorrect API key provided"})",
      row("xai"));
  EXPECT_EQ(wrong.code, errc::auth);
  EXPECT_EQ(wrong.vendor_message, "Incorrect API key provided");
}

TEST(openai_traps, mistral_has_names_of_its_own_and_thinking_among_the_contents) {
  const vendor v = row("mistral");
  expect_json(
      body_of(encode({.messages = {{.role = role::developer, .parts = {text_part{"s"}}}, user("q")},
                      .seed = 7},
                     v, true)),
      R"({"model":"m","messages":[{"role":"system","content":"s"},{"role":"user","content":"q"}],
                  "random_seed":7,"stream":true})");
  const auto r =
      decode(whole(R"({"content":[{"type":"thinking","thinking":[{"type":"text","text":"t"}]},
      {"type":"text","text":"a"}],"tool_calls":null})",
                   R"(,"finish_reason":"model_length")"),
             v);
  EXPECT_EQ(r->reasoning(), "t");
  EXPECT_EQ(r->text(), "a");
  EXPECT_EQ(r->finish, finish_reason::length);
  message called = r->message;
  called.parts.emplace_back(tool_call_part{"c1", "f", "{}"});
  const auto again = body_of(encode({.messages = {user("q"), called, tool("c1", "r")}}, v));
  expect_json(again.at("messages").at(1).at("content"),
              R"([{"type":"thinking","thinking":[{"type":"text","text":"t"}]},
                  {"type":"text","text":"a"}])");
  expect_json(body_of(encode({.messages = {user("q"), called, tool("c1", "r"), user("n")}}, v))
                  .at("messages")
                  .at(1)
                  .at("content"),
              R"("a")");
}

TEST(openai_traps, mistral_errors_have_three_shapes) {
  const vendor v = row("mistral");
  const auto key =
      decode_error(401, R"({"detail":"Invalid API Key"})", v, {{"mistral-correlation-id", "r2"}});
  EXPECT_EQ(key.code, errc::auth);
  EXPECT_EQ(key.request_id, "r2");
  const auto fields = decode_error(
      422, R"({"object":"error","message":{"detail":[{"loc":["body"]}]},"code":null})", v);
  EXPECT_EQ(fields.code, errc::invalid_request);
  EXPECT_NE(fields.vendor_message.find("loc"), std::string::npos);
  EXPECT_EQ(decode_error(400, R"({"object":"error","message":"m","type":"t","code":"3051"})", v)
                .vendor_code,
            "3051");
}

TEST(openai_traps, minimax_errors_come_with_status_200) {
  const vendor v = row("minimax");
  const auto failed = [&](const char* code) {
    return decode(R"({"choices":null,"base_resp":{"status_code":)" + std::string(code) +
                      R"(,"status_msg":"why"}})",
                  v, {{"minimax-request-id", "r3"}});
  };
  EXPECT_EQ(failed("1004").error().code, errc::auth);
  EXPECT_EQ(failed("1008").error().code, errc::quota);
  EXPECT_EQ(failed("1026").error().code, errc::content_filter);
  const auto limit = failed("1002").error();
  EXPECT_EQ(limit.code, errc::rate_limit);
  EXPECT_EQ(limit.retry, retry_class::maybe_billed) << "never safe: the answer was accepted";
  EXPECT_EQ(limit.vendor_message, "why");
  EXPECT_EQ(limit.vendor_code, "1002");
  EXPECT_EQ(limit.request_id, "r3");
  const auto good = decode(whole(R"({"content":"a"})", R"(,"finish_reason":"stop")",
                                 R"(,"base_resp":{"status_code":0,"status_msg":""})"),
                           v);
  EXPECT_TRUE(good) << good.error().message;
  const auto s = stream({text_chunk, R"({"base_resp":{"status_code":1027,"status_msg":"no"}})"}, v);
  ASSERT_TRUE(s.failure);
  EXPECT_EQ(s.failure->code, errc::content_filter);
}

TEST(openai_traps, minimax_parts_reasoning_from_text_and_gets_it_back) {
  const vendor v = row("minimax");
  const auto body = body_of(encode({.messages = {user("q")}, .max_tokens = 5}, v));
  EXPECT_EQ(body.at("reasoning_split"), true);
  EXPECT_EQ(body.at("max_completion_tokens"), 5);
  const auto s = stream({chunk(R"({"reasoning_content":"th",
           "reasoning_details":[{"type":"reasoning.text","index":0,"text":"th"}]})"),
                         chunk(R"({"reasoning_content":"ink",
           "reasoning_details":[{"type":"reasoning.text","index":0,"text":"ink"}]})"),
                         text_chunk, stop_chunk},
                        v);
  ASSERT_FALSE(s.failure) << "without [DONE], as recorded";
  EXPECT_EQ(s.reply.reasoning(), "think");
  EXPECT_EQ(body_of(encode({.messages = {user("q"), s.reply.message, user("r")}}, v))
                .at("messages")
                .at(1)
                .at("reasoning_details")
                .at(0)
                .at("text"),
            "think");
}

TEST(openai_traps, a_finish_reason_ends_the_streams_of_some) {
  for (const char* name : {"cerebras", "perplexity", "huggingface", "baseten", "writer", "tgi"}) {
    const auto s = stream({text_chunk, stop_chunk}, row(name));
    EXPECT_FALSE(s.failure) << name;
    EXPECT_TRUE(stream({text_chunk}, row(name)).failure) << name;
  }
  EXPECT_TRUE(stream({text_chunk, stop_chunk}, row("together")).failure);
}

TEST(openai_traps, usage_is_not_asked_for_where_it_comes_unasked) {
  for (const char* name : {"mistral", "together", "perplexity", "xiaomi", "databricks"})
    EXPECT_FALSE(body_of(encode({.messages = {user("q")}}, row(name), true))
                     .as_object()
                     .contains("stream_options"))
        << name;
}

TEST(openai_traps, perplexity_says_what_it_cost_and_its_citations) {
  const auto r = decode(whole(R"({"content":"<think>why</think>\n\nso"})", "",
                              R"(,"citations":["https://a.example"],"usage":{"prompt_tokens":11,
      "completion_tokens":16,"total_tokens":27,"cost":{"total_cost":0.005091}})"),
                        row("perplexity"));
  EXPECT_EQ(r->reasoning(), "why");
  EXPECT_EQ(r->text(), "so");
  EXPECT_EQ(to_string(r->usage.vendor_cost.value()), "0.005091 USD");
  EXPECT_EQ(r->citations, (std::vector<citation>{{.url = "https://a.example"}}));
}

TEST(openai_traps, perplexity_packs_vectors_as_signed_bytes) {
  const vendor v = row("perplexity");
  EXPECT_EQ(adapters::openai_chat().encode_embed({.input = {"a"}}, "e", v)->request.target,
            "/v1/embeddings");
  const wire::http_head head{200, {}};
  const auto r = adapters::openai_chat().decode_embed(
      {head, R"({"data":[{"index":0,"embedding":"AX+A/w=="}],"usage":{"prompt_tokens":1}})"}, v);
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->vectors, (std::vector<std::vector<float>>{{1, 127, -128, -1}}));
}

TEST(openai_traps, reasoning_is_switched_on_by_a_word_of_its_own) {
  for (const char* name : {"dashscope", "siliconflow", "qianfan", "hunyuan", "gpustack"}) {
    const auto on = encode(asked(reasoning_effort::high), row(name));
    EXPECT_EQ(body_of(on).at("enable_thinking"), true) << name;
    EXPECT_TRUE(has_note(on->notes, "levels")) << name;
    EXPECT_EQ(body_of(encode(asked(reasoning_effort::none), row(name))).at("enable_thinking"),
              false);
  }
  EXPECT_EQ(
      body_of(encode(asked(reasoning_effort::unset, 500), row("dashscope"))).at("thinking_budget"),
      500);
  const auto small = encode(asked(reasoning_effort::unset, 5), row("siliconflow"));
  EXPECT_EQ(body_of(small).at("thinking_budget"), 128);
  EXPECT_TRUE(has_note(small->notes, "limit"));
  EXPECT_EQ(body_of(encode(asked(reasoning_effort::high), row("baseten")))
                .at("chat_template_args")
                .at("enable_thinking"),
            true);
  EXPECT_EQ(body_of(encode(asked(reasoning_effort::none), row("xiaomi"))).at("thinking").at("type"),
            "disabled");
}

TEST(openai_traps, dashscope_errors_and_cache) {
  const vendor v = row("dashscope");
  EXPECT_EQ(decode_error(400, R"({"error":{"code":"Arrearage","message":"m"}})", v).code,
            errc::quota);
  EXPECT_EQ(
      decode_error(400, R"({"error":{"code":"data_inspection_failed","message":"m"}})", v).code,
      errc::content_filter);
  const auto quota =
      decode_error(429, R"({"error":{"code":"Throttling.AllocationQuota","message":"m"}})", v);
  EXPECT_EQ(quota.code, errc::quota);
  EXPECT_EQ(quota.retry, retry_class::never);
  EXPECT_EQ(
      decode_error(429, R"({"error":{"code":"Throttling.RateQuota","message":"m"}})", v).retry,
      retry_class::safe);
  const auto r = decode(whole(R"({"content":"a"})", "", R"(,"usage":{"prompt_tokens":10,
      "completion_tokens":1,"total_tokens":11,
      "prompt_tokens_details":{"cached_tokens":4,"cache_creation_input_tokens":3}})"),
                        v);
  EXPECT_EQ(r->usage.input, 3);
  EXPECT_EQ(r->usage.cache_read, 4);
  EXPECT_EQ(r->usage.cache_write, 3);
}

TEST(openai_traps, spark_errors_and_its_single_call) {
  for (const char* name : {"spark", "spark-x1"}) {
    const vendor v = row(name);
    const auto s = stream({R"({"code":10013,"message":"blocked","sid":"s"})"}, v);
    ASSERT_TRUE(s.failure) << name;
    EXPECT_EQ(s.failure->code, errc::content_filter);
    EXPECT_EQ(s.failure->vendor_code, "10013");
    EXPECT_EQ(decode(R"({"code":11201,"message":"m"})", v).error().code, errc::quota);
    const auto fine = stream(
        {R"({"code":0,"message":"Success","choices":[{"delta":{"content":"a"}}]})", "[DONE]"}, v);
    EXPECT_FALSE(fine.failure) << name;
    const auto called = decode(
        R"({"code":0,"choices":[{"message":{"content":"","tool_calls":{"id":"c","type":"function",
            "function":{"name":"f","arguments":"{}"}}}}]})",
        v);
    ASSERT_TRUE(called) << called.error().message;
    ASSERT_EQ(called->tool_calls().size(), 1u);
  }
}

TEST(openai_traps, sensenova_is_strict) {
  const vendor v = row("sensenova");
  const auto body =
      body_of(encode({.messages = {user("q"), call_only(), tool("c1", "r")}, .temperature = 3}, v));
  EXPECT_EQ(body.at("messages").at(1).at("content"), "");
  EXPECT_EQ(body.at("temperature"), 2);
  EXPECT_TRUE(body_of(encode({.messages = {user("q"), call_only(), tool("c1", "r")}}))
                  .at("messages")
                  .at(1)
                  .at("content")
                  .is_null());
  const auto s =
      stream({R"({"choices":[{"index":0,"delta":{"reasoning":"t"},"finish_reason":""}]})",
              text_chunk, stop_chunk, "[DONE]"},
             v);
  EXPECT_EQ(s.reply.reasoning(), "t");
  EXPECT_EQ(s.reply.finish, finish_reason::stop);
}

struct failure {
  const char* vendor;
  int status;
  const char* body;
  errc code;
};

TEST(openai_traps, errors_by_vendor) {
  using enum errc;
  const failure failures[] = {
      {"huawei-maas", 401, R"({"error_code":"ModelArts.81003","error_msg":"m"})", auth},
      {"huawei-maas", 403, R"({"error_code":"ModelArts.81011","error_msg":"m"})", content_filter},
      {"huawei-maas", 403, R"({"error_code":"ModelArts.81006","error_msg":"m"})", quota},
      {"huawei-maas", 401, R"({"error_code":"ModelArts.81004","error_msg":"m"})", permission},
      {"huawei-maas", 403, R"({"error_code":"ModelArts.81015","error_msg":"m"})", permission},
      {"huawei-maas", 404, R"({"error_code":"ModelArts.81009","error_msg":"m"})", not_found},
      {"huawei-maas", 429, R"({"error_code":"ModelArts.81101","error_msg":"m"})", rate_limit},
      {"huawei-maas", 504, R"({"error_code":"APIG.0203","error_msg":"m"})", timeout},
      {"huawei-maas-v1", 403, R"({"error_code":"ModelArts.81011","error_msg":"m"})",
       content_filter},
      {"huawei-maas", 400,
       R"({"object":"error","message":"m","type":"BadRequestError","code":400})", invalid_request},
      {"stepfun", 451, R"({"error":{"message":"m","type":"t"}})", content_filter},
      {"siliconflow", 401, R"("Invalid token")", auth},
      {"siliconflow", 404, "404 page not found", not_found},
      {"siliconflow", 403, R"({"code":30001,"message":"m","data":null})", quota},
      {"siliconflow", 503, R"({"code":50505,"message":"m","data":null})", overloaded},
      {"qianfan", 400, R"({"error":{"code":"tokens_too_long","message":"m"},"id":"as-1"})",
       context_length},
      {"qianfan", 429, R"({"error":{"code":"tpm_rate_limit_exceeded","message":"m"}})", rate_limit},
      {"byteplus-modelark", 429, R"({"error":{"code":"SetLimitExceeded","message":"m"}})", quota},
      {"baichuan", 401, R"({"error":{"type":"api_key_empty","message":"m"}})", auth},
      {"huggingface", 402, R"({"error":"You have exceeded your monthly included credits"})", quota},
      {"tgi", 424, R"({"error":"m","error_type":"generation"})", server},
      {"tgi", 429, R"({"error":"m","error_type":"overloaded"})", overloaded},
      {"cloudflare", 401, R"({"success":false,"errors":[{"code":10000,"message":"m"}]})", auth},
      {"cerebras", 401, R"({"message":"m","type":"invalid_request_error","code":"wrong_api_key"})",
       auth},
      {"pollinations", 500, R"({"error":"400 Bad Request","status":500})", server},
  };
  for (const failure& f : failures) {
    const auto e = decode_error(f.status, f.body, row(f.vendor));
    EXPECT_EQ(e.code, f.code) << f.vendor << " " << f.body << " " << e.message;
  }
  EXPECT_EQ(
      decode_error(500, failures[std::size(failures) - 1].body, row("pollinations")).vendor_code,
      "500");
  EXPECT_EQ(decode_error(403, failures[1].body, row("huawei-maas")).vendor_message, "m");
}

TEST(openai_traps, comments_of_a_stream_are_no_frames) {
  const auto s = stream_bytes(adapters::openai_chat(), row("qianfan"),
                              ": keep-alive\n\ndata: " + chunk(R"({"content":"a"})") +
                                  "\n\n: OPENROUTER PROCESSING\n\ndata: " +
                                  chunk(R"({"content":"b"})", R"(,"finish_reason":"stop")") +
                                  "\n\ndata: [DONE]\n\n");
  EXPECT_FALSE(s.failure);
  EXPECT_EQ(s.reply.text(), "ab");
}

std::string pangu_message(const std::string& text, const std::string& more = "") {
  return R"({"id":"p1","created":1,"choices":[{"index":0,"message":{"role":"assistant","content":")" +
         text + R"("})" + more + "}]}";
}

TEST(openai_traps, streams_of_pangu_may_have_messages) {
  const vendor v = row("pangu-v1");
  const auto done = stream({pangu_message("a"), pangu_message("b"), "[DONE]"}, v);
  EXPECT_FALSE(done.failure);
  EXPECT_EQ(done.reply.text(), "ab");
  expect_lawful(done);
  const auto finished =
      stream({pangu_message("a"), pangu_message("b", R"(,"finish_reason":"stop")")}, v);
  EXPECT_FALSE(finished.failure);
  EXPECT_EQ(finished.reply.text(), "ab");
  for (const auto& cut :
       {stream({pangu_message("a"), pangu_message("b")}, v), stream({pangu_message("a")}, v),
        stream({pangu_message("a"), pangu_message("b")}, plain_row())}) {
    ASSERT_TRUE(cut.failure) << "a message is no whole completion here";
    EXPECT_EQ(cut.failure->code, errc::truncated);
  }
}

TEST(openai_traps, a_stream_of_pangu_may_end_behind_an_event) {
  const std::string text = "data: " + pangu_message("a") + "\n\n";
  const std::string verdict = "event: moderation\ndata: {\"suggestion\":\"pass\"}\n\n";
  for (const char* name : {"pangu-v1", "pangu-v1-iam"}) {
    const auto ended = stream_bytes(adapters::openai_chat(), row(name), text + verdict);
    EXPECT_FALSE(ended.failure) << name;
    EXPECT_EQ(ended.reply.text(), "a");
    const auto goes_on = stream_bytes(adapters::openai_chat(), row(name), text + verdict + text);
    ASSERT_TRUE(goes_on.failure) << "what comes behind it is no end";
    EXPECT_EQ(goes_on.failure->code, errc::truncated);
  }
  EXPECT_TRUE(stream_bytes(adapters::openai_chat(), row("pangu"), text + text + verdict).failure);
}

TEST(openai_traps, pangu_names_its_model_in_the_path_only) {
  const auto e = encode({.messages = {user("q")}, .max_tokens = 5}, row("pangu-v1"), true);
  expect_json(body_of(e),
              R"({"messages":[{"role":"user","content":"q"}],"stream":true,"max_tokens":5})");
  EXPECT_EQ(e->request.target, "/deployments/m/chat/completions");
  EXPECT_TRUE(
      body_of(encode({.messages = {user("q")}}, row("pangu"))).as_object().contains("model"));
}

TEST(openai_traps, pangu_may_run_out_of_resources) {
  const auto r =
      decode(whole(R"({"content":"half"})", R"(,"finish_reason":"insufficient_system_resource")"),
             row("pangu"));
  ASSERT_TRUE(r);
  EXPECT_EQ(r->finish, finish_reason::other);
  EXPECT_EQ(r->vendor_finish_reason, "insufficient_system_resource");
}

TEST(openai_traps, hunyuan_calls_its_filter_sensitive) {
  const auto r =
      decode(whole(R"({"content":""})", R"(,"finish_reason":"sensitive")"), row("hunyuan"));
  EXPECT_EQ(r->finish, finish_reason::content_filter);
}

TEST(openai_traps, gateways_report_their_price) {
  for (const char* name : {"vercel-gateway", "avian"}) {
    const auto r = decode(whole(R"({"content":"a"})", "", R"(,"usage":{"prompt_tokens":1,
        "completion_tokens":1,"total_tokens":2,"cost":0.001982})"),
                          row(name));
    EXPECT_EQ(to_string(r->usage.vendor_cost.value()), "0.001982 USD") << name;
  }
}

TEST(openai_traps, snowflake_may_give_no_finish_reason) {
  const auto r =
      decode(whole(R"({"content":"a","function_call":{"arguments":"","name":""},"refusal":"",
      "tool_calls":null})",
                   R"(,"finish_reason":"")"),
             row("snowflake"));
  ASSERT_TRUE(r);
  EXPECT_EQ(r->text(), "a");
  EXPECT_TRUE(r->tool_calls().empty());
}

}  // namespace
}  // namespace ark::test::openai
