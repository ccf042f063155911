// The rows of Volcengine Ark and BytePlus ModelArk: what is their own beside where they go.
#include "catalog/vendor_rows.hpp"
#include "dialect/openai_chat.hpp"
#include "dialect/openai_responses/openai_responses.hpp"
#include "dialect/volcengine/volcengine_access.hpp"
#include "dialect_support.hpp"
#include "rows.hpp"

#include <algorithm>

namespace ark::test::volcengine_ark {
namespace {

vendor row(const std::string& name) {
  const auto rows = catalog::unpack_vendors(adapters::vendor_rows());
  if (rows)
    for (const vendor& v : *rows)
      if (v.name == name) return v;
  ADD_FAILURE() << "no row " << name;
  return {};
}

const dialect::dialect& family_of(const vendor& v) {
  return v.dialect == "openai_responses" ? adapters::openai_responses() : adapters::openai_chat();
}

result<dialect::encoded> encode(const call& c, const std::string& name, bool stream = false) {
  const vendor v = row(name);
  return family_of(v).encode_chat(c, "m", v, stream);
}

result<reply> decode(const std::string& body, const std::string& name) {
  const vendor v = row(name);
  const wire::http_head head{200, {}};
  return family_of(v).decode_chat({head, body}, v);
}

constexpr const char* all[] = {
    "volcengine-ark",          "volcengine-ark-responses",    "volcengine-ark-bots",
    "volcengine-ark-batch",    "volcengine-ark-context",      "byteplus-modelark",
    "byteplus-modelark-batch", "byteplus-modelark-responses", "byteplus-modelark-context",
};

/// Codes of the data plane (documents 1299023 and SDKs, 2026-11), with what they mean to a caller.
struct known_error {
  int status;
  const char* code;
  errc meaning;
  retry_class retry;
};
constexpr auto never = retry_class::never;
constexpr auto safe = retry_class::safe;
using enum errc;
constexpr known_error errors[] = {
    {400, "MissingParameter.messages", invalid_request, never},
    {400, "InvalidParameter.UnknownRole", invalid_request, never},
    {400, "InvalidArgumentError.UnknownRole", invalid_request, never},
    {400, "InvalidImageURL.EmptyURL", invalid_request, never},
    {400, "OutofContextError", context_length, never},
    {400, "InvalidEndpoint.ClosedEndpoint", not_found, never},
    {400, "SensitiveContentDetected", content_filter, never},
    {400, "SensitiveContentDetected.SevereViolation", content_filter, never},
    {400, "InputTextSensitiveContentDetected", content_filter, never},
    {400, "InputImageSensitiveContentDetected.PrivacyInformation", content_filter, never},
    {400, "InputVideoSensitiveContentDetected.PolicyViolation", content_filter, never},
    {400, "InputAudioSensitiveContentDetected", content_filter, never},
    {400, "OutputTextSensitiveContentDetected", content_filter, never},
    {400, "OutputImageSensitiveContentDetected", content_filter, never},
    {400, "OutputVideoSensitiveContentDetected", content_filter, never},
    {400, "InputTextRiskDetection", content_filter, never},
    {400, "OutputImageRiskDetection", content_filter, never},
    {400, "ContentSecurityDetectionError", content_filter, never},
    {400, "InvalidSubscription", permission, never},
    {401, "AuthenticationError", auth, never},
    {401, "InvalidAccountStatus", permission, never},
    {403, "AccessDenied", permission, never},
    {403, "AccountOverdueError", quota, never},
    {403, "OperationDenied.PermissionDenied", permission, never},
    {403, "OperationDenied.ServiceNotOpen", permission, never},
    {403, "OperationDenied.ServiceOverdue", quota, never},
    {403, "OperationDenied.FileQuotaExceeded", quota, never},
    {403, "OperationDenied.InvalidState", invalid_request, never},
    {403, "OperationDenied.UnsupportedPhase", invalid_request, never},
    {403, "OperationDenied.ConflictedValidationSet", invalid_request, never},
    {403, "OperationDenied.UnsupportedCustomizationType", unsupported, never},
    {403, "OperationDenied.CustomizationNotSupported", unsupported, never},
    {404, "InvalidEndpointOrModel.NotFound", not_found, never},
    {404, "InvalidEndpointOrModel.ModelIDAccessDisabled", not_found, never},
    {404, "ModelNotOpen", not_found, never},
    {404, "NotFound.file", not_found, never},
    {404, "UnsupportedModel", not_found, never},
    {429, "RateLimitExceeded.EndpointRPMExceeded", rate_limit, safe},
    {429, "RateLimitExceeded.EndpointTPMExceeded", rate_limit, safe},
    {429, "ModelAccountRpmRateLimitExceeded", rate_limit, safe},
    {429, "ModelAccountTpmRateLimitExceeded", rate_limit, safe},
    {429, "ModelAccountIpmRateLimitExceeded", rate_limit, safe},
    {429, "APIAccountRpmRateLimitExceeded", rate_limit, safe},
    {429, "AccountRateLimitExceeded", rate_limit, safe},
    {429, "QuotaExceeded", quota, never},
    {429, "SetLimitExceeded", quota, never},
    {429, "InflightBatchsizeExceeded", rate_limit, never},
    {429, "ServerOverloaded", overloaded, safe},
    {429, "RequestBurstTooFast", rate_limit, safe},
    {500, "InternalServiceError", server, retry_class::maybe_billed},
};

TEST(volcengine_ark, every_code_of_the_data_plane_has_its_meaning_in_every_row) {
  for (const char* name : all) {
    const vendor v = row(name);
    for (const known_error& k : errors) {
      const wire::http_head head{k.status, {{"x-request-id", "021"}}};
      const std::string body = R"({"error":{"code":")" + std::string(k.code) +
                               R"(","message":"m","param":"","type":"BadRequest"}})";
      const error e = family_of(v).decode_error({head, body}, v);
      EXPECT_EQ(e.code, k.meaning) << name << " " << k.code << " " << to_string(e.code);
      EXPECT_EQ(e.retry, k.retry) << name << " " << k.code << " " << to_string(e.retry);
      EXPECT_EQ(e.vendor_code, k.code);
      EXPECT_EQ(e.request_id, "021");
    }
  }
}

TEST(volcengine_ark, a_wait_is_obeyed_and_what_is_no_refusal_for_now_is_not_met_again) {
  const vendor v = row("volcengine-ark-batch");
  const std::string busy = R"({"error":{"code":"ServerOverloaded","message":"m"}})";
  const wire::http_head wait{429, {{"retry-after", "30"}}};
  const error later = family_of(v).decode_error({wait, busy}, v);
  EXPECT_EQ(later.retry, retry_class::after);
  EXPECT_EQ(later.retry_after, std::chrono::seconds(30));
  const wire::http_head told_not_to{429, {{"x-should-retry", "false"}}};
  EXPECT_EQ(family_of(v).decode_error({told_not_to, busy}, v).retry, never);
  const wire::http_head bad{400, {{"retry-after", "30"}}};
  EXPECT_EQ(family_of(v).decode_error({bad, "{}"}, v).retry, never);
}

TEST(volcengine_ark, batch_chat_is_whole_and_priced_as_a_batch) {
  for (const char* name : {"volcengine-ark-batch", "byteplus-modelark-batch"}) {
    const auto e = encode({.messages = {user("q")}}, name);
    ASSERT_TRUE(e) << e.error().message;
    EXPECT_EQ(e->request.target, "/batch/chat/completions");
    EXPECT_EQ(encode({.messages = {user("q")}}, name, true).error().code, errc::unsupported);
    EXPECT_TRUE(row(name).batch_prices) << name;
    const vendor v = row(name);
    const auto texts = family_of(v).encode_embed({.input = {"a"}}, "e", v);
    ASSERT_TRUE(texts);
    EXPECT_EQ(texts->request.target, "/batch/embeddings");
    const auto parts = family_of(v).encode_embed({.parts = {{text_part{"a"}}}}, "e", v);
    ASSERT_TRUE(parts);
    EXPECT_EQ(parts->request.target, "/batch/embeddings/multimodal");
  }
  EXPECT_FALSE(row("volcengine-ark").batch_prices);
}

TEST(volcengine_ark, only_the_home_row_has_bots_tokens_and_sound) {
  EXPECT_EQ(row("volcengine-ark").count_path, "/tokenization");
  EXPECT_EQ(row("byteplus-modelark").count_path, "");
  const auto bot = encode({.messages = {user("q")}, .extra = {{"metadata", R"({"a":1})"}}},
                          "volcengine-ark-bots");
  ASSERT_TRUE(bot) << bot.error().message;
  EXPECT_EQ(bot->request.target, "/bots/chat/completions");
  const call sound{.messages = {message{role::user, {audio_part{.url = "https://h/a.mp3"}}}}};
  const auto heard = encode(sound, "volcengine-ark");
  ASSERT_TRUE(heard) << heard.error().message;
  expect_json(body_of(heard).at("messages").at(0).at("content"),
              R"([{"type":"input_audio","input_audio":{"url":"https://h/a.mp3"}}])");
  EXPECT_EQ(encode(sound, "byteplus-modelark").error().code, errc::unsupported);
  EXPECT_EQ(encode(sound, "byteplus-modelark-responses").error().code, errc::unsupported);
}

TEST(volcengine_ark, parts_take_what_the_call_adds_to_their_kind) {
  call c{.messages = {message{
             role::user, {image_url("https://h/i"), video_url("https://h/v"), text_part{"what?"}}}},
         .extra = {{"video_url", R"({"fps":2})"},
                   {"image_url", R"({"min_pixels":4,"max_pixels":9})"}}};
  const auto e = encode(c, "volcengine-ark");
  ASSERT_TRUE(e) << e.error().message;
  expect_json(body_of(e), R"({"model":"m","messages":[{"role":"user","content":[
      {"type":"image_url","image_url":{"url":"https://h/i","min_pixels":4,"max_pixels":9}},
      {"type":"video_url","video_url":{"url":"https://h/v","fps":2}},
      {"type":"text","text":"what?"}]}]})");
  EXPECT_TRUE(e->notes.empty());
  c.messages = {user("no part")};
  EXPECT_TRUE(has_note(encode(c, "volcengine-ark")->notes, "no such part"));
  c.messages = {message{role::user, {video_url("https://h/v")}}};
  c.extra = {{"video_url", R"({"url":"https://other"})"}};
  EXPECT_EQ(encode(c, "volcengine-ark").error().code, errc::invalid_request);
  c.extra = {{"video_url", "2"}};
  EXPECT_EQ(encode(c, "volcengine-ark").error().code, errc::invalid_request);
  c.extra = {{"video_url", R"({"fps":2})"}};
  EXPECT_EQ(encode(c, "volcengine-ark-bots").error().code, errc::invalid_request)
      << "a row that does not list it takes it neither here nor there";
}

TEST(volcengine_ark, usage_on_every_chunk_is_an_option_of_streams) {
  call c{.messages = {user("q")}, .extra = {{"chunk_include_usage", "true"}}};
  expect_json(body_of(encode(c, "volcengine-ark", true)).at("stream_options"),
              R"({"include_usage":true,"chunk_include_usage":true})");
  const auto still = encode(c, "volcengine-ark");
  EXPECT_FALSE(body_of(still).as_object().contains("chunk_include_usage"));
  EXPECT_TRUE(has_note(still->notes, "only a stream"));
  c.extra["chunk_include_usage"] = "1";
  EXPECT_EQ(encode(c, "volcengine-ark", true).error().code, errc::invalid_request);
  // The counts go on: the last ones are the reply's.
  const auto s =
      stream_frames(adapters::openai_chat(), row("volcengine-ark"),
                    {R"({"choices":[{"index":0,"delta":{"content":"a"}}],
          "usage":{"prompt_tokens":3,"completion_tokens":1,"total_tokens":4}})",
                     R"({"choices":[{"index":0,"delta":{"content":"b"},"finish_reason":"stop"}],
          "usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5,
                   "prompt_tokens_details":{"cached_tokens":1,"provisioned_tokens":3}}})",
                     "[DONE]"});
  ASSERT_FALSE(s.failure);
  expect_lawful(s);
  EXPECT_EQ(s.reply.usage.input, 2);
  EXPECT_EQ(s.reply.usage.output, 2);
  EXPECT_EQ(s.reply.text(), "ab");
}

TEST(volcengine_ark, what_moderation_found_is_told) {
  const auto r = decode(
      R"({"choices":[{"index":0,"message":{"content":"a"},"finish_reason":"content_filter",
          "moderation_hit_type":"violence"}]})",
      "volcengine-ark");
  ASSERT_TRUE(r);
  EXPECT_EQ(r->finish, finish_reason::content_filter);
  EXPECT_TRUE(has_note(r->notes, "\"violence\""));
  const auto clean =
      decode(R"({"choices":[{"index":0,"message":{"content":"a"},"moderation_hit_type":null}]})",
             "volcengine-ark");
  ASSERT_TRUE(clean);
  EXPECT_TRUE(clean->notes.empty());
}

TEST(volcengine_ark, sealed_reasoning_goes_back_with_the_tools_answers) {
  const auto s = stream_frames(
      adapters::openai_chat(), row("volcengine-ark"),
      {R"({"choices":[{"index":0,"delta":{"reasoning_content":"hm","encrypted_content":"se"}}]})",
       R"({"choices":[{"index":0,"delta":{"encrypted_content":"al"}}]})",
       R"({"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"c1",
           "function":{"name":"f","arguments":"{}"}}]},"finish_reason":"tool_calls"}]})",
       "[DONE]"});
  ASSERT_FALSE(s.failure);
  call c{.messages = {user("q"), s.reply.message, tool("c1", "1")}, .tools = {{.name = "f"}}};
  const auto e = encode(c, "volcengine-ark");
  ASSERT_TRUE(e) << e.error().message;
  const auto back = body_of(e).at("messages").at(1).as_object();
  EXPECT_EQ(back.at("encrypted_content"), "seal");
  EXPECT_EQ(back.at("reasoning_content"), "hm");
  // Others neither read nor are told it.
  vendor other = row("volcengine-ark");
  std::erase_if(other.quirks, [](const quirk_item& q) {
    return std::holds_alternative<quirk::reasoning_replay>(q);
  });
  other.quirks.push_back(quirk::reasoning_replay{quirk::replay_rule::always, "reasoning_content"});
  const auto away = adapters::openai_chat().encode_chat(c, "m", other, false);
  EXPECT_FALSE(body_of(away).at("messages").at(1).as_object().contains("encrypted_content"));
}

TEST(volcengine_ark, only_chats_and_those_of_a_batch_are_sealed) {
  for (const char* name : all) {
    const std::string_view door(name);
    const bool plain = door.find("responses") == door.npos && door.find("bots") == door.npos &&
                       door.find("context") == door.npos;
    EXPECT_EQ(adapters::volcengine_access().seals(row(name)),
              plain ? dialect::sealing::texts : dialect::sealing::none)
        << name;
  }
}

TEST(volcengine_ark, responses_say_thinking_beside_the_effort) {
  for (const char* name : {"volcengine-ark-responses", "byteplus-modelark-responses"}) {
    call c{.messages = {user("q")},
           .reasoning = reasoning_effort::low,
           .end_user = "u1",
           .extra = {{"caching", R"({"type":"enabled","prefix":true})"},
                     {"expire_at", "1800000000"},
                     {"store", "true"},
                     {"session", R"({"id":"s"})"},
                     {"previous_response_id", "\"resp_1\""}}};
    const auto e = encode(c, name);
    ASSERT_TRUE(e) << e.error().message;
    expect_json(body_of(e), R"({"model":"m",
        "input":[{"type":"message","role":"user","content":"q"}],
        "thinking":{"type":"enabled"},"reasoning":{"effort":"low"},"safety_identifier":"u1",
        "caching":{"type":"enabled","prefix":true},"expire_at":1800000000,
        "previous_response_id":"resp_1","session":{"id":"s"},"store":true})");
    c = {.messages = {user("q")}, .reasoning = reasoning_effort::none};
    const auto off = body_of(encode(c, name)).as_object();
    expect_json(off.at("thinking"), R"({"type":"disabled"})");
    EXPECT_FALSE(off.contains("reasoning"));
    expect_json(off.at("store"), "false");
    EXPECT_EQ(encode({.messages = {user("q")}, .top_logprobs = 0}, name).error().code,
              errc::unsupported);
    EXPECT_EQ(encode({.messages = {user("q")}, .extra = {{"metadata", "{}"}}}, name).error().code,
              errc::invalid_request);
  }
}

TEST(volcengine_ark, a_header_asks_for_each_of_the_vendors_own_tools) {
  call c{.messages = {user("q")},
         .tools = {{.name = "f"}},
         .extra = {{"tools", R"([{"type":"web_search"},{"type":"web_search"},{"type":"mcp"}])"}}};
  const auto e = encode(c, "volcengine-ark-responses");
  ASSERT_TRUE(e) << e.error().message;
  const auto& headers = e->request.headers;
  EXPECT_EQ(wire::find_header(headers, "ark-beta-web-search"), "true");
  EXPECT_EQ(wire::find_header(headers, "ark-beta-mcp"), "true");
  EXPECT_EQ(wire::find_header(headers, "ark-beta-doubao-app"), "");
  EXPECT_EQ(std::count_if(headers.begin(), headers.end(),
                          [](const auto& h) { return h.name == "ark-beta-web-search"; }),
            1);
  c.extra.clear();
  EXPECT_EQ(wire::find_header(encode(c, "volcengine-ark-responses")->request.headers,
                              "ark-beta-web-search"),
            "");
}

TEST(volcengine_ark, responses_take_sound_and_video) {
  const call c{.messages = {message{role::user,
                                    {video_url("https://h/v"), audio_part{.url = "https://h/a"},
                                     video_part{.file_id = "file-1"}, image_url("https://h/i")}}},
               .extra = {{"input_video", R"({"fps":0.5})"},
                         {"input_image", R"({"image_pixel_limit":{"max_pixels":9}})"}}};
  const auto e = encode(c, "volcengine-ark-responses");
  ASSERT_TRUE(e) << e.error().message;
  expect_json(body_of(e).at("input").at(0).at("content"), R"([
      {"type":"input_video","fps":0.5,"video_url":"https://h/v"},
      {"type":"input_audio","audio_url":"https://h/a"},
      {"type":"input_video","fps":0.5,"file_id":"file-1"},
      {"type":"input_image","image_pixel_limit":{"max_pixels":9},"image_url":"https://h/i"}])");
  EXPECT_EQ(
      adapters::openai_responses().encode_chat(c, "m", row("openai-responses"), false).error().code,
      errc::unsupported);
}

TEST(volcengine_ark, responses_stumble_on_no_event_of_the_vendors) {
  std::vector<std::string> frames = {
      R"({"type":"response.created","response":{"id":"r1","model":"m1","output":[]}})"};
  for (const char* type : {"in_progress",
                           "web_search_call.in_progress",
                           "web_search_call.searching",
                           "web_search_call.completed",
                           "mcp_list_tools.in_progress",
                           "mcp_list_tools.completed",
                           "mcp_call.in_progress",
                           "mcp_call_arguments.delta",
                           "mcp_call_arguments.done",
                           "mcp_call.completed",
                           "mcp_call.failed",
                           "mcp_approval_request",
                           "knowledge_search_call.searching",
                           "knowledge_search_call.failed",
                           "image_process_call.processing",
                           "image_process_call.completed",
                           "transcription_part.added",
                           "transcription_text.delta",
                           "transcription_text.done",
                           "doubao_app_call.in_progress",
                           "doubao_app_call.completed",
                           "doubao_app_call_search.searching",
                           "reasoning_summary_part.added",
                           "reasoning_summary_text.done",
                           "output_text.annotation.added",
                           "content_part.done"})
    frames.push_back(R"({"type":"response.)" + std::string(type) +
                     R"(","output_index":0,"item_id":"i","sequence_number":1})");
  frames.emplace_back(
      R"({"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"hi"})");
  frames.emplace_back(R"({"type":"response.completed","response":{"id":"r1","model":"m1",
      "status":"completed","service_tier":"default","output":[{"type":"message","id":"i",
      "role":"assistant","content":[{"type":"output_text","text":"hi"}]}],
      "usage":{"input_tokens":10,"output_tokens":4,"total_tokens":14,
        "input_tokens_details":{"cached_tokens":6},"output_tokens_details":{"reasoning_tokens":3},
        "tool_usage":{"web_search":2,"mcp":1,"image_process":0},
        "tool_usage_details":{"web_search":{"search_engine":2}}}}})");
  frames.emplace_back("[DONE]");
  const auto s =
      stream_frames(adapters::openai_responses(), row("volcengine-ark-responses"), frames);
  ASSERT_FALSE(s.failure) << s.failure->message;
  expect_lawful(s);
  EXPECT_EQ(s.reply.text(), "hi");
  const usage& u = s.reply.usage;
  EXPECT_EQ(u.input, 4);
  EXPECT_EQ(u.cache_read, 6);
  EXPECT_EQ(u.output, 1);
  EXPECT_EQ(u.reasoning, 3);
  EXPECT_EQ(u.units, (std::map<std::string, std::int64_t>{{"web_search", 2}, {"mcp", 1}}));
  EXPECT_EQ(u.service_tier, "default");
}

TEST(volcengine_ark, an_assistant_behind_the_model_is_the_reply) {
  const std::string item = R"({"type":"doubao_app_call","id":"d","feature":"chat",
      "status":"completed","blocks":[{"type":"reasoning_text","reasoning_text":"hm"},
      {"type":"search","summary":"2 words"},{"type":"output_text","text":"yes"}]})";
  const std::string done = R"({"id":"r1","model":"m1","status":"completed","output":[)" + item +
                           R"(],"usage":{"input_tokens":1,"output_tokens":1,"total_tokens":2,
                           "tool_usage":{"doubao_app":1}}})";
  const auto whole = decode(done, "volcengine-ark-responses");
  ASSERT_TRUE(whole) << whole.error().message;
  const auto s = stream_frames(
      adapters::openai_responses(), row("volcengine-ark-responses"),
      {R"({"type":"response.output_item.added","output_index":0,"item":{"type":"doubao_app_call",
          "id":"d","blocks":[]}})",
       R"({"type":"response.doubao_app_call_reasoning_text.delta","output_index":0,
          "block_index":0,"delta":"hm"})",
       R"({"type":"response.doubao_app_call_output_text.delta","output_index":0,"block_index":2,
          "delta":"yes"})",
       R"({"type":"response.completed","response":)" + done + "}"});
  ASSERT_FALSE(s.failure) << s.failure->message;
  for (const reply& r : {*whole, s.reply}) {
    EXPECT_EQ(r.text(), "yes");
    EXPECT_EQ(r.reasoning(), "hm");
    EXPECT_EQ(r.usage.units.at("doubao_app"), 1);
    EXPECT_TRUE(has_note(r.notes, "\"search\""));
  }
}

TEST(volcengine_ark, responses_end_in_their_statuses) {
  const auto finish = [](const std::string& more) {
    return decode(R"({"id":"r","model":"m","output":[],)" + more + "}", "volcengine-ark-responses");
  };
  const auto cut = finish(R"("status":"incomplete","incomplete_details":{"reason":"length"})");
  ASSERT_TRUE(cut);
  EXPECT_EQ(cut->finish, finish_reason::length);
  const auto failed = finish(
      R"("status":"failed","error":{"code":"OutputTextSensitiveContentDetected","message":"m"})");
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, errc::content_filter);
  EXPECT_NE(failed.error().retry, retry_class::safe);
  const auto s = stream_frames(
      adapters::openai_responses(), row("byteplus-modelark-responses"),
      {R"({"type":"error","code":"ServerOverloaded","message":"m","sequence_number":1})"});
  ASSERT_TRUE(s.failure);
  EXPECT_EQ(s.failure->code, errc::overloaded);
  EXPECT_EQ(s.failure->retry, retry_class::maybe_billed);
}

TEST(volcengine_ark, an_input_of_parts_is_one_vector_in_an_object) {
  const vendor v = row("volcengine-ark");
  const embed_call c{.parts = {{text_part{"a"}, image_bytes("\x01\x02\x03", "image/png"),
                                video_url("https://h/v")}},
                     .dimensions = 1024,
                     .extra = {{"instructions", "\"find\""}, {"video_url", R"({"fps":1})"}}};
  const auto e = adapters::openai_chat().encode_embed(c, "doubao-embedding-vision", v);
  ASSERT_TRUE(e) << e.error().message;
  EXPECT_EQ(e->request.target, "/embeddings/multimodal");
  expect_json(body_of(e), R"({"model":"doubao-embedding-vision","input":[
      {"type":"text","text":"a"},
      {"type":"image_url","image_url":{"url":"data:image/png;base64,AQID"}},
      {"type":"video_url","video_url":{"url":"https://h/v","fps":1}}],
      "dimensions":1024,"instructions":"find"})");
  const auto code = [&v](const embed_call& bad) {
    return adapters::openai_chat().encode_embed(bad, "e", v).error().code;
  };
  EXPECT_EQ(code({.input = {"a"}, .parts = {{text_part{"b"}}}}), errc::unsupported);
  EXPECT_EQ(code({.parts = {{text_part{"a"}}, {text_part{"b"}}}}), errc::unsupported);
  EXPECT_EQ(code({.parts = {{audio_bytes("x", "audio/wav")}}}), errc::unsupported);
  EXPECT_EQ(code({.parts = {{}}}), errc::invalid_request);
  EXPECT_EQ(code({.parts = {{text_part{"a"}}}, .extra = {{"sparse_embedding", "{}"}}}),
            errc::invalid_request);

  const wire::http_head head{200, {}};
  const auto read = [&](const std::string& body) {
    return adapters::openai_chat().decode_embed({head, body}, v);
  };
  const auto r = read(R"({"id":"x","model":"m1","object":"list","data":{"object":"embedding",
      "embedding":[1,-2]},"usage":{"prompt_tokens":30,"total_tokens":30,
      "prompt_tokens_details":{"text_tokens":4,"image_tokens":26}}})");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->vectors, (std::vector<std::vector<float>>{{1, -2}}));
  EXPECT_EQ(r->usage.input, 4);
  EXPECT_EQ(r->usage.input_image, 26);
  EXPECT_EQ(read(R"({"data":{"embedding":"AACAPwAAIMA="}})")->vectors.at(0),
            (std::vector<float>{1.0F, -2.5F}));
  EXPECT_EQ(read(R"({"data":{"sparse_embedding":[]}})").error().code, errc::protocol);
}

}  // namespace
}  // namespace ark::test::volcengine_ark
