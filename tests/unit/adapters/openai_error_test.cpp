#include "openai_support.hpp"

namespace ark::test::openai {
namespace {

struct expected {
  int status;
  const char* body;
  errc code;
  retry_class retry;
  const char* vendor_code;
};

// S19
TEST(openai_error, table) {
  using enum errc;
  constexpr auto never = retry_class::never, safe = retry_class::safe,
                 billed = retry_class::maybe_billed;
  const expected table[] = {
      {401, R"({"error":{"message":"m","type":"invalid_request_error","code":"invalid_api_key"}})",
       auth, never, "invalid_api_key"},
      {401,
       R"({"error":{"message":"m","type":"authentication_error","code":"invalid_request_error"}})",
       auth, never, "invalid_request_error"},
      {429, R"({"error":{"message":"m","type":"insufficient_quota","code":"insufficient_quota"}})",
       quota, never, "insufficient_quota"},
      {429, R"({"error":{"message":"m","type":"requests","code":"rate_limit_exceeded"}})",
       rate_limit, safe, "rate_limit_exceeded"},
      {429, R"({"error":{"message":"You exceeded your current quota, please check"}})", quota,
       never, ""},
      {402, R"({"error":{"message":"m","code":402}})", quota, never, "402"},
      {400, R"({"error":{"message":"m","code":"context_length_exceeded"}})", context_length, never,
       "context_length_exceeded"},
      {400, R"({"error":{"message":"This model's maximum context length is 10"}})", context_length,
       never, ""},
      {400, R"({"error":{"code":400,"message":"exceeds","type":"exceed_context_size_error"}})",
       context_length, never, "400"},
      {400, R"({"error":{"message":"m","code":"content_filter"}})", content_filter, never,
       "content_filter"},
      {400, R"({"error":{"message":"m","code":"InputTextSensitiveContentDetected.Policy"}})",
       content_filter, never, "InputTextSensitiveContentDetected.Policy"},
      {404, R"({"error":{"message":"m","code":"model_not_found","param":null}})", not_found, never,
       "model_not_found"},
      {400, R"({"error":{"message":"m","type":"invalid_request_error","code":"model_not_found"}})",
       not_found, never, "model_not_found"},
      {403, R"({"error":{"message":"requires moderation","code":403}})", content_filter, never,
       "403"},
      {503, R"({"error":{"message":"Loading","type":"unavailable_error","code":503}})", overloaded,
       safe, "503"},
      {529, "{}", overloaded, safe, ""},
      {500, R"({"error":{"message":"m","type":"server_error"}})", server, billed, "server_error"},
      {408, "", timeout, billed, ""},
      {400, R"({"error":"plain text"})", invalid_request, never, ""},
      {400, R"({"object":"error","message":"m","type":"BadRequestError","code":400})",
       invalid_request, never, "400"},
      {422, R"({"detail":[{"msg":"bad field","type":"missing"}]})", invalid_request, never,
       "missing"},
      {502, "<html>Bad gateway</html>", server, billed, ""},
      {503, R"({"error":{"message":"overloaded","type":"server_error","code":null}})", overloaded,
       safe, "server_error"},
      {529, R"({"error":{"message":"m","type":"internal_error"}})", overloaded, safe,
       "internal_error"},
      {429, R"({"error":{"message":"m","type":"server_error"}})", rate_limit, safe, "server_error"},
      {504, R"({"error":{"message":"m","type":"server_error"}})", timeout, billed, "server_error"},
      {503, R"({"error":{"message":"m","type":"server_error","code":"insufficient_quota"}})", quota,
       never, "insufficient_quota"},
      {500,
       R"({"error":{"code":500,"message":"input is too large to process","type":"server_error"}})",
       context_length, never, "500"},
  };
  for (const expected& row : table) {
    const auto e = decode_error(row.status, row.body);
    EXPECT_EQ(e.code, row.code) << row.body << " " << to_string(e.code);
    EXPECT_EQ(e.retry, row.retry) << row.body;
    EXPECT_EQ(e.vendor_code, row.vendor_code) << row.body;
    EXPECT_EQ(e.http_status, row.status);
    EXPECT_FALSE(e.message.empty());
  }
}

TEST(openai_error, inside_a_stream_nothing_is_said_of_http) {
  const auto s = stream({R"({"error":{"message":"busy","type":"server_error"}})"});
  ASSERT_TRUE(s.failure);
  EXPECT_EQ(s.failure->message, "the vendor failed: try later");
  const auto named = stream({R"({"error":{"message":"busy","type":"server_error","code":503}})"});
  EXPECT_EQ(named.failure->code, errc::overloaded);
  EXPECT_EQ(named.failure->retry, retry_class::maybe_billed) << "what was accepted may be billed";
}

TEST(openai_error, words_of_the_vendor_are_kept_apart) {
  const auto e = decode_error(400, R"({"error":{"message":"your prompt was: secret"}})");
  EXPECT_EQ(e.vendor_message, "your prompt was: secret");
  EXPECT_EQ(e.message.find("secret"), std::string::npos);
  EXPECT_EQ(decode_error(500, R"({"error":"text"})").vendor_message, "text");
  EXPECT_EQ(decode_error(500, "oops").vendor_message, "oops");
  EXPECT_EQ(decode_error(500, std::string(10'000, 'x')).vendor_message.size(), 500u);
}

TEST(openai_error, the_row_counts_first) {
  EXPECT_EQ(decode_error(429, R"({"error":{"code":"1113","message":"m"}})", row("zhipu")).code,
            errc::quota);
  EXPECT_EQ(decode_error(400, R"({"error":{"code":"1301","message":"m"}})", row("zhipu")).code,
            errc::content_filter);
  const auto busy = decode_error(
      429, R"({"error":{"type":"engine_overloaded_error","message":"m"}})", row("moonshot"));
  EXPECT_EQ(busy.code, errc::overloaded);
  EXPECT_EQ(busy.retry, retry_class::safe);
  EXPECT_EQ(decode_error(429, R"({"error":{"code":"SetLimitExceeded","message":"m"}})",
                         row("volcengine-ark"))
                .code,
            errc::quota);
  EXPECT_EQ(decode_error(498, R"({"error":{"message":"capacity"}})", row("groq")).code,
            errc::overloaded);
}

TEST(openai_error, headers) {
  const auto waits =
      decode_error(429, "{}", plain_row(), {{"retry-after-ms", "1500"}, {"x-request-id", "r1"}});
  EXPECT_EQ(waits.retry, retry_class::after);
  EXPECT_EQ(waits.retry_after, std::chrono::milliseconds(1500));
  EXPECT_EQ(waits.request_id, "r1");
  EXPECT_EQ(decode_error(503, "{}", plain_row(), {{"x-should-retry", "false"}}).retry,
            retry_class::never);
  EXPECT_EQ(decode_error(409, "{}", plain_row(), {{"x-should-retry", "true"}}).retry,
            retry_class::maybe_billed);
  EXPECT_EQ(decode_error(401, "{}", plain_row(), {{"x-should-retry", "true"}}).retry,
            retry_class::never);
  EXPECT_EQ(decode_error(500, "{}", plain_row(), {{"msh-request-id", "k1"}}).request_id, "k1");
}

}  // namespace
}  // namespace ark::test::openai
