#include "dashscope_support.hpp"

namespace ark::test::dashscope {
namespace {

std::string body(const std::string& code, const std::string& message = "m") {
  return R"({"code":")" + code + R"(","message":")" + message + R"(","request_id":"r1"})";
}

struct meaning {
  errc code;
  retry_class retry;
  friend bool operator==(const meaning&, const meaning&) = default;
};

meaning of(int status, const std::string& code, const std::string& message = "m") {
  const error e = decode_error(status, body(code, message));
  return {e.code, e.retry};
}

constexpr auto never = retry_class::never;
constexpr auto safe = retry_class::safe;
constexpr auto maybe = retry_class::maybe_billed;

TEST(dashscope_error, the_vendors_words_are_kept) {
  const error e = decode_error(401, body("InvalidApiKey", "Invalid API-key provided."));
  EXPECT_EQ(e.code, errc::auth);
  EXPECT_EQ(e.vendor_code, "InvalidApiKey");
  EXPECT_EQ(e.vendor_message, "Invalid API-key provided.");
  EXPECT_EQ(e.request_id, "r1");
  EXPECT_EQ(e.http_status, 401);
  EXPECT_FALSE(e.message.empty());
}

TEST(dashscope_error, quota_is_no_rate_limit) {
  EXPECT_EQ(of(429, "Throttling"), (meaning{errc::rate_limit, safe}));
  EXPECT_EQ(of(429, "Throttling.RateQuota"), (meaning{errc::rate_limit, safe}));
  EXPECT_EQ(of(429, "Throttling.BurstRate"), (meaning{errc::rate_limit, safe}));
  EXPECT_EQ(of(429, "Throttling.AllocationQuota", "Free allocated quota exceeded."),
            (meaning{errc::quota, never}));
  EXPECT_EQ(of(429, "Throttling.AllocationQuota", "week allocated quota exceeded"),
            (meaning{errc::quota, never}));
  EXPECT_EQ(of(403, "AllocationQuota.FreeTierOnly"), (meaning{errc::quota, never}));
  EXPECT_EQ(of(400, "Arrearage"), (meaning{errc::quota, never}));
  EXPECT_EQ(of(429, "PostpaidBillOverdue"), (meaning{errc::quota, never}));
  EXPECT_EQ(of(429, "CommodityNotPurchased"), (meaning{errc::quota, never}));
  EXPECT_EQ(of(429, "insufficient_quota"), (meaning{errc::quota, never}));
  // Documented: the allocation of tokens per minute.
  EXPECT_EQ(of(429, "Throttling.AllocationQuota",
               "Allocated quota exceeded, please increase your quota limit."),
            (meaning{errc::rate_limit, safe}));
}

TEST(dashscope_error, codes) {
  EXPECT_EQ(of(400, "DataInspectionFailed"), (meaning{errc::content_filter, never}));
  // Not the content filter: a file could not be fetched.
  EXPECT_EQ(of(400, "InvalidParameter.DataInspection"), (meaning{errc::invalid_request, never}));
  EXPECT_EQ(of(403, "AccessDenied.Unpurchased"), (meaning{errc::permission, never}));
  EXPECT_EQ(of(403, "Workspace.AccessDenied"), (meaning{errc::permission, never}));
  EXPECT_EQ(of(404, "ModelNotFound"), (meaning{errc::not_found, never}));
  EXPECT_EQ(of(400, "InvalidParameter", "Model not exist."), (meaning{errc::not_found, never}));
  EXPECT_EQ(of(400, "InvalidParameter", "Range of input length should be [1, 30720]"),
            (meaning{errc::context_length, never}));
  EXPECT_EQ(of(400, "InvalidParameter"), (meaning{errc::invalid_request, never}));
  EXPECT_EQ(of(500, "InternalError.Algo"), (meaning{errc::server, maybe}));
  EXPECT_EQ(of(500, "InternalError.Timeout"), (meaning{errc::timeout, maybe}));
  EXPECT_EQ(of(500, "RequestTimeOut"), (meaning{errc::timeout, maybe}));
  EXPECT_EQ(of(503, "ModelServingError"), (meaning{errc::overloaded, safe}));
  EXPECT_EQ(of(503, "ModelUnavailable"), (meaning{errc::overloaded, safe}));
  EXPECT_EQ(of(400, "UnsupportedOperation"), (meaning{errc::unsupported, never}));
}

TEST(dashscope_error, a_row_s_words_go_first) {
  const vendor v = plain_row({quirk::error_code{"Throttling", errc::quota, never}});
  EXPECT_EQ(decode_error(429, body("Throttling"), v).code, errc::quota);
}

TEST(dashscope_error, what_says_nothing_means_its_status) {
  EXPECT_EQ(of(418, "Brand.New"), (meaning{errc::invalid_request, never}));
  const error e = decode_error(502, "<html>bad gateway</html>");
  EXPECT_EQ(e.code, errc::server);
  EXPECT_EQ(e.vendor_message, "<html>bad gateway</html>");
  EXPECT_EQ(decode_error(503, "").code, errc::overloaded);
  EXPECT_EQ(decode_error(400, R"({"error_code":"InvalidApiKey","error_message":"m"})").code,
            errc::auth);
}

TEST(dashscope_error, headers) {
  const error e = decode_error(429, body("Throttling"), plain_row(),
                               {{"retry-after", "2"}, {"x-request-id", "h1"}});
  EXPECT_EQ(e.retry, retry_class::after);
  EXPECT_EQ(e.retry_after, std::chrono::seconds(2));
  EXPECT_EQ(e.request_id, "h1");
}

TEST(dashscope_error, inside_a_200_nothing_is_safe_to_send_again) {
  const auto r = decode(body("Throttling.RateQuota"));
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::rate_limit);
  EXPECT_EQ(r.error().retry, maybe);
  EXPECT_EQ(r.error().request_id, "r1");
  // It may name its own status.
  EXPECT_EQ(decode(R"({"status_code":503,"code":"X","message":"m"})").error().code,
            errc::overloaded);
}

TEST(dashscope_error, an_empty_code_is_none) {
  EXPECT_TRUE(decode(R"({"status_code":200,"code":"","message":"","output":{"text":"a",
      "finish_reason":"stop"}})"));
}

}  // namespace
}  // namespace ark::test::dashscope
