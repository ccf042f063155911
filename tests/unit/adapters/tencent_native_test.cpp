#include "tencent_support.hpp"

namespace ark::test::tencent {
namespace {

const std::string usage_13_5 =
    R"(,"Usage":{"PromptTokens":13,"CompletionTokens":5,"TotalTokens":18})";

TEST(tencent_native, whole_and_streamed_replies_are_the_same) {
  const auto r = decode(whole(R"({"Role":"assistant","Content":"Paris","ReasoningContent":"hm"})",
                              "stop", usage_13_5));
  ASSERT_TRUE(r) << r.error().message;
  const std::vector<part> expected = {reasoning_part{"hm", "", ""}, text_part{"Paris"}};
  EXPECT_EQ(r->message.parts, expected);
  EXPECT_EQ(r->finish, finish_reason::stop);
  EXPECT_EQ(r->id, "i1");
  EXPECT_EQ(r->request_id, "q1");
  const auto s = stream({chunk(R"({"Role":"assistant","Content":"","ReasoningContent":"hm"})"),
                         chunk(R"({"Content":"Pa"})"), chunk(R"({"Content":"ris"})"),
                         chunk(R"({"Content":""})", "stop", usage_13_5)});
  ASSERT_FALSE(s.failure) << s.failure->message;
  expect_lawful(s);
  EXPECT_EQ(s.reply.message, r->message);
  EXPECT_EQ(s.reply.usage, r->usage);
  EXPECT_EQ(s.reply.id, "i1");
}

TEST(tencent_native, tool_calls) {
  const auto s = stream(
      {chunk(R"({"ToolCalls":[{"Id":"c1","Type":"function",)"
             R"("Index":0,"Function":{"Name":"f","Arguments":""}}]})"),
       chunk(R"({"ToolCalls":[{"Id":"c1","Index":0,)"
             R"("Function":{"Name":"f","Arguments":"{\"a\":1}"}}]})"),
       chunk(R"({"ToolCalls":[{"Id":"c2","Index":1,"Function":{"Name":"g","Arguments":"{}"}}]})",
             "tool_calls")});
  ASSERT_FALSE(s.failure) << s.failure->message;
  expect_lawful(s);
  const std::vector<tool_call_part> expected = {{"c1", "f", R"({"a":1})"}, {"c2", "g", "{}"}};
  EXPECT_EQ(s.reply.tool_calls(), expected);
  const auto r = decode(
      whole(R"({"Content":"","ToolCalls":[{"Id":"c1","Function":{"Name":"f","Arguments":"{}"}},)"
            R"({"Id":"x"},)"
            R"({"Id":"c2","Function":{"Name":"g","Arguments":""}}]})"));
  ASSERT_TRUE(r);
  EXPECT_EQ(r->tool_calls().size(), 2u);
  EXPECT_EQ(r->finish, finish_reason::tool_calls);
  EXPECT_EQ(r->vendor_finish_reason, "stop");
}

TEST(tencent_native, the_words_of_the_end) {
  EXPECT_EQ(decode(whole("{}", "sensitive"))->finish, finish_reason::content_filter);
  EXPECT_EQ(decode(whole("{}", "new"))->finish, finish_reason::other);
  EXPECT_EQ(decode(whole("{}", "new"), plain_row({quirk::finish_map{"new", finish_reason::length}}))
                ->finish,
            finish_reason::length);
}

TEST(tencent_native, usage) {
  const auto used = [](const std::string& usage) {
    return *decode(whole(R"({"Content":"a"})", "stop", ",\"Usage\":" + usage));
  };
  reply r = used(R"({"PromptTokens":100,"CompletionTokens":5,"TotalTokens":105,
      "PromptTokensDetails":{"CachedTokens":30}})");
  EXPECT_EQ(r.usage.input, 70);
  EXPECT_EQ(r.usage.cache_read, 30);
  EXPECT_EQ(r.usage.output, 5);
  EXPECT_EQ(r.usage.vendor_total, 105);
  EXPECT_TRUE(r.notes.empty());
  r = used(R"({"PromptTokens":10,"CompletionTokens":5,"TotalTokens":20,
      "PromptTokensDetails":{"CachedTokens":30}})");
  EXPECT_TRUE(has_note(r.notes, "more cached tokens"));
  EXPECT_TRUE(has_note(r.notes, "5 more than the sum"));
  r = used(R"({"PromptTokens":-1,"CompletionTokens":5})");
  EXPECT_EQ(r.usage.input, -1);
  EXPECT_TRUE(has_note(r.notes, "cannot be"));
  EXPECT_FALSE(used("{}").usage.reported);
}

TEST(tencent_native, of_a_stream_the_last_usage_counts) {
  const auto s = stream(
      {chunk(R"({"Content":"a"})", "", R"(,"Usage":{"PromptTokens":3,"CompletionTokens":1})"),
       chunk(R"({"Content":"b"})", "stop", R"(,"Usage":{"PromptTokens":3,"CompletionTokens":2})")});
  EXPECT_EQ(s.reply.usage.output, 2);
}

TEST(tencent_native, only_the_first_choice_is_read) {
  const auto r = decode(
      R"({"Response":{"Choices":[{"Index":0,"FinishReason":"stop","Message":{"Content":"a"}},)"
      R"({"Index":1,"FinishReason":"stop","Message":{"Content":"b"}}]}})");
  ASSERT_TRUE(r);
  EXPECT_EQ(r->text(), "a");
  EXPECT_TRUE(has_note(r->notes, "several choices"));
}

TEST(tencent_native, the_family) {
  EXPECT_EQ(adapters::tencent_native().name(), "tencent");
  const wire::http_head head{200, {{"X-TC-RequestId", "h"}}};
  EXPECT_EQ(adapters::tencent_native().request_id(head), "h");
}

TEST(tencent_native, threat_P16_an_end_without_finish_reason_is_truncated) {
  const auto cut = stream({chunk(R"({"Content":"a"})")});
  ASSERT_TRUE(cut.failure);
  EXPECT_EQ(cut.failure->code, errc::truncated);
  EXPECT_EQ(cut.reply.text(), "a");
  expect_lawful(cut);
  EXPECT_FALSE(stream({chunk(R"({"Content":"a"})"), chunk("{}", "stop")}).failure);
  EXPECT_FALSE(stream({chunk(R"({"Content":"a"})", "stop"), "[DONE]"}).failure);
}

TEST(tencent_native, an_error_inside_a_stream) {
  auto s = stream({chunk(R"({"Content":"a"})"), R"({"ErrorMsg":{"Msg":"m","Code":"x"}})"});
  ASSERT_TRUE(s.failure);
  EXPECT_EQ(s.failure->code, errc::server);
  EXPECT_EQ(s.failure->retry, retry_class::maybe_billed);
  EXPECT_EQ(s.reply.text(), "a");
  expect_lawful(s);
  // Before the stream begins it is one JSON text, no event.
  s = stream_bytes(adapters::tencent_native(), plain_row(),
                   R"({"Response":{"Error":{"Code":"LimitExceeded","Message":"m"}}})");
  ASSERT_TRUE(s.failure);
  EXPECT_EQ(s.failure->code, errc::rate_limit);
}

TEST(tencent_native, unknown_and_corrupt_frames) {
  const auto s = stream({R"({"brand":"new"})", chunk(R"({"Content":"a"})", "stop")});
  ASSERT_FALSE(s.failure);
  EXPECT_EQ(s.events.front().kind, event_kind::unknown);
  for (const char* frame : {"not json", "[1]"})
    EXPECT_EQ(stream({frame}).failure->code, errc::protocol) << frame;
}

TEST(tencent_native, answers_that_are_not_ours) {
  for (const char* body : {"", "[]", "{}", R"({"Response":{}})", R"({"Response":{"Usage":{}}})",
                           R"({"Response":{"Choices":1}})"})
    EXPECT_EQ(decode(body).error().code, errc::protocol) << body;
  const auto broken =
      decode(whole(R"({"ToolCalls":[{"Function":{"Arguments":"{}"}}]})", "tool_calls"));
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().request_id, "q1");
}

std::string failed(const std::string& code) {
  return R"({"Response":{"Error":{"Code":")" + code + R"(","Message":"m"},"RequestId":"q9"}})";
}

error of(const std::string& code) {
  const auto r = decode(failed(code));
  if (r) ADD_FAILURE() << "a reply";
  return r ? error{} : r.error();
}

TEST(tencent_native, errors_stand_inside_a_200) {
  const error e = of("AuthFailure.SignatureExpire");
  EXPECT_EQ(e.code, errc::auth);
  EXPECT_EQ(e.retry, retry_class::never);
  EXPECT_EQ(e.vendor_code, "AuthFailure.SignatureExpire");
  EXPECT_EQ(e.vendor_message, "m");
  EXPECT_EQ(e.request_id, "q9");
  EXPECT_EQ(e.http_status, 200);
}

TEST(tencent_native, codes) {
  const std::vector<std::pair<const char*, errc>> table = {
      {"AuthFailure.UnauthorizedOperation", errc::permission},
      {"RequestLimitExceeded", errc::rate_limit},
      {"LimitExceeded", errc::rate_limit},
      {"FailedOperation.EngineServerLimitExceeded", errc::rate_limit},
      {"FailedOperation.EngineRequestTimeout", errc::timeout},
      {"FailedOperation.EngineServerError", errc::server},
      {"FailedOperation.FreeResourcePackExhausted", errc::quota},
      {"FailedOperation.ResourcePackExhausted", errc::quota},
      {"FailedOperation.ServiceStopArrears", errc::quota},
      {"FailedOperation.ServiceStop", errc::permission},
      {"FailedOperation.ServiceNotActivated", errc::permission},
      {"OperationDenied.TextIllegalDetected", errc::content_filter},
      {"OperationDenied.ImageIllegalDetected", errc::content_filter},
      {"ResourceUnavailable.InArrears", errc::quota},
      {"ResourceUnavailable.LowBalance", errc::quota},
      {"ResourceUnavailable.NotExist", errc::not_found},
      {"ResourceInsufficient.ChargeResourceExhaust", errc::quota},
      {"InvalidParameterValue.Model", errc::not_found},
      {"InvalidParameterValue", errc::invalid_request},
      {"InternalError", errc::server},
  };
  for (const auto& [code, meaning] : table) {
    EXPECT_EQ(of(code).code, meaning) << code;
    EXPECT_NE(of(code).retry, retry_class::safe) << code;
  }
  EXPECT_EQ(of("FailedOperation.ResourcePackExhausted").retry, retry_class::never);
  EXPECT_EQ(of("RequestLimitExceeded").retry, retry_class::maybe_billed);
}

TEST(tencent_native, a_row_s_words_go_first) {
  const vendor v = plain_row({quirk::error_code{"InternalError", errc::quota, retry_class::never}});
  EXPECT_EQ(decode(failed("InternalError"), v).error().code, errc::quota);
}

TEST(tencent_native, the_models_own_error) {
  const auto r =
      decode(R"({"Response":{"ErrorMsg":{"Code":2001,"Msg":"engine"},"RequestId":"q"}})");
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().vendor_code, "2001");
  EXPECT_EQ(r.error().vendor_message, "engine");
  EXPECT_EQ(r.error().code, errc::server);
  // An empty one is none.
  EXPECT_TRUE(decode(whole(R"({"Content":"a"})", "stop", R"(,"ErrorMsg":{"Msg":"","Code":""})")));
  EXPECT_TRUE(decode(whole(R"({"Content":"a"})", "stop", R"(,"ErrorMsg":null)")));
}

TEST(tencent_native, answers_that_are_not_2xx) {
  const error e =
      decode_error(503, "<html>", plain_row(), {{"retry-after", "1"}, {"X-TC-RequestId", "h"}});
  EXPECT_EQ(e.code, errc::overloaded);
  EXPECT_EQ(e.retry, retry_class::after);
  EXPECT_EQ(e.vendor_message, "<html>");
  EXPECT_EQ(e.request_id, "h");
  EXPECT_EQ(decode_error(403, failed("AuthFailure")).code, errc::auth);
  EXPECT_EQ(decode_error(429, "{}").code, errc::rate_limit);
}

}  // namespace
}  // namespace ark::test::tencent
