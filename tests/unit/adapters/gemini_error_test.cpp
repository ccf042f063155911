#include "gemini_support.hpp"

namespace ark::test::gemini {
namespace {

std::string body(int code, const std::string& status, const std::string& message = "m",
                 const std::string& details = "") {
  return R"({"error":{"code":)" + std::to_string(code) + R"(,"message":")" + message +
         R"(","status":")" + status + "\"" +
         (details.empty() ? "" : R"(,"details":[)" + details + "]") + "}}";
}

std::string quota(const std::string& id, const std::string& value = "1000") {
  return R"({"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaId":")" +
         id + R"(","quotaValue":")" + value + "\"}]}";
}

const std::string retry_info =
    R"({"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"48s"})";

TEST(gemini_error, statuses) {
  const struct {
    int http;
    const char* status;
    errc code;
    retry_class retry;
  } rows[] = {{400, "INVALID_ARGUMENT", errc::invalid_request, retry_class::never},
              {400, "FAILED_PRECONDITION", errc::invalid_request, retry_class::never},
              {401, "UNAUTHENTICATED", errc::auth, retry_class::never},
              {403, "PERMISSION_DENIED", errc::permission, retry_class::never},
              {404, "NOT_FOUND", errc::not_found, retry_class::never},
              {429, "RESOURCE_EXHAUSTED", errc::rate_limit, retry_class::safe},
              {500, "INTERNAL", errc::server, retry_class::maybe_billed},
              {503, "UNAVAILABLE", errc::overloaded, retry_class::safe},
              {504, "DEADLINE_EXCEEDED", errc::timeout, retry_class::maybe_billed}};
  for (const auto& row : rows) {
    const error e = decode_error(row.http, body(row.http, row.status));
    EXPECT_EQ(e.code, row.code) << row.status;
    EXPECT_EQ(e.retry, row.retry) << row.status;
    EXPECT_EQ(e.vendor_code, row.status);
    EXPECT_EQ(e.vendor_message, "m");
    EXPECT_EQ(e.http_status, row.http);
  }
}

TEST(gemini_error, a_quota_of_minutes_is_a_rate_limit_and_its_delay_is_obeyed) {
  const error e = decode_error(
      429, body(429, "RESOURCE_EXHAUSTED", "You exceeded your current quota",
                quota("GenerateContentPaidTierInputTokensPerModelPerMinute") + "," + retry_info));
  EXPECT_EQ(e.code, errc::rate_limit);
  EXPECT_EQ(e.retry, retry_class::after);
  EXPECT_EQ(e.retry_after, std::chrono::seconds(48));
}

TEST(gemini_error, a_quota_that_is_spent_is_never_retried) {
  for (const std::string& details :
       {quota("GenerateRequestsPerDayPerProjectPerModel-FreeTier"), quota("PerMinute", "0")}) {
    const error e =
        decode_error(429, body(429, "RESOURCE_EXHAUSTED", "m", details + "," + retry_info));
    EXPECT_EQ(e.code, errc::quota) << details;
    EXPECT_EQ(e.retry, retry_class::never) << details;
  }
}

TEST(gemini_error, delays) {
  const auto delay = [](const std::string& text) {
    return decode_error(429, body(429, "RESOURCE_EXHAUSTED", "m",
                                  R"({"@type":"x.RetryInfo","retryDelay":")" + text + "\"}"))
        .retry_after;
  };
  EXPECT_EQ(delay("0.25s"), std::chrono::milliseconds(250));
  for (const char* text : {"", "s", "12", "-1s", "nan", "nans", "1e9s", "12sx"})
    EXPECT_FALSE(delay(text)) << text;
  // The header is the server's last word.
  const error e =
      decode_error(429, body(429, "RESOURCE_EXHAUSTED", "m", retry_info), {{"retry-after", "3"}});
  EXPECT_EQ(e.retry_after, std::chrono::seconds(3));
}

TEST(gemini_error, what_only_the_sentence_or_the_reason_says) {
  EXPECT_EQ(decode_error(400, body(400, "INVALID_ARGUMENT",
                                   "The input token count (9) exceeds the maximum number of tokens "
                                   "allowed (8)."))
                .code,
            errc::context_length);
  EXPECT_EQ(decode_error(400, body(400, "INVALID_ARGUMENT", "API key not valid.",
                                   R"({"@type":"x.ErrorInfo","reason":"API_KEY_INVALID"})"))
                .code,
            errc::auth);
  vendor v = row();
  v.quirks.push_back(quirk::error_code{"NOT_FOUND", errc::overloaded, retry_class::safe});
  EXPECT_EQ(decode_error(404, body(404, "NOT_FOUND"), {}, v).code, errc::overloaded);
}

TEST(gemini_error, an_error_may_stand_in_a_list) {
  const error e = decode_error(400, "[" + body(400, "INVALID_ARGUMENT") + "]");
  EXPECT_EQ(e.vendor_code, "INVALID_ARGUMENT");
  EXPECT_EQ(e.vendor_message, "m");
}

TEST(gemini_error, a_page_of_a_gateway) {
  const error e =
      decode_error(502, "<html>bad</html>", {{"x-vertex-ai-received-request-id", "q1"}});
  EXPECT_EQ(e.code, errc::server);
  EXPECT_EQ(e.vendor_message, "<html>bad</html>");
  EXPECT_EQ(e.request_id, "q1");
  EXPECT_EQ(decode_error(404, "").code, errc::not_found);
  EXPECT_EQ(decode_error(400, R"({"error":{"code":"invalid_request"}})").vendor_code,
            "invalid_request");
  EXPECT_EQ(decode_error(400, R"({"error":{"code":400}})").vendor_code, "400");
}

TEST(gemini_error, an_error_inside_a_200_is_never_safe_to_retry) {
  const std::string unavailable = body(503, "UNAVAILABLE", "m", retry_info);
  const auto whole = decode(unavailable);
  ASSERT_FALSE(whole);
  EXPECT_EQ(whole.error().code, errc::overloaded);
  EXPECT_EQ(whole.error().retry, retry_class::maybe_billed);
  const auto s = stream({answer(R"({"text":"a"})", ""), unavailable});
  ASSERT_TRUE(s.failure);
  EXPECT_EQ(s.failure->code, errc::overloaded);
  EXPECT_EQ(s.failure->retry, retry_class::maybe_billed);
  EXPECT_EQ(s.reply.text(), "a");
  expect_lawful(s);
}

}  // namespace
}  // namespace ark::test::gemini
