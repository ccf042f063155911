#include "cohere_support.hpp"

namespace ark::test::cohere {
namespace {

std::string body(const std::string& message, const std::string& more = "") {
  return R"({"id":"i1","message":")" + message + "\"" + more + "}";
}

TEST(cohere_error, a_recorded_shape) {
  const auto e = decode_error(404, body("model 'x' not found, make sure"), plain_row(),
                              {{"x-debug-trace-id", "trace"}});
  EXPECT_EQ(e.code, errc::not_found);
  EXPECT_EQ(e.retry, retry_class::never);
  EXPECT_EQ(e.http_status, 404);
  EXPECT_EQ(e.vendor_message, "model 'x' not found, make sure");
  EXPECT_EQ(e.vendor_code, "");
  EXPECT_EQ(e.request_id, "trace");
  EXPECT_EQ(decode_error(404, body("m")).request_id, "i1");
}

TEST(cohere_error, statuses_and_words) {
  const auto code = [](int status, const std::string& b) { return decode_error(status, b).code; };
  EXPECT_EQ(code(400, body("invalid request: no")), errc::invalid_request);
  EXPECT_EQ(code(400, body("m", R"(,"error_type":"TOO_MANY_TOKENS")")), errc::context_length);
  EXPECT_EQ(code(400, body("too many tokens: size limit")), errc::context_length);
  EXPECT_EQ(code(401, body("invalid api token")), errc::auth);
  EXPECT_EQ(code(403, body("m")), errc::permission);
  EXPECT_EQ(code(422, body("No valid response generated")), errc::invalid_request);
  EXPECT_EQ(code(498, body("m")), errc::auth);
  EXPECT_EQ(code(499, body("m")), errc::cancelled);
  EXPECT_EQ(code(500, body("m")), errc::server);
  EXPECT_EQ(code(503, body("m")), errc::overloaded);
  EXPECT_EQ(code(504, body("m")), errc::timeout);
}

TEST(cohere_error, limits_of_a_minute_pass_and_those_of_a_month_do_not) {
  auto e = decode_error(429, body("limited to 10 API calls / minute"), plain_row(),
                        {{"retry-after", "2"}});
  EXPECT_EQ(e.code, errc::rate_limit);
  EXPECT_EQ(e.retry, retry_class::after);
  e = decode_error(429, body("limited to 1000 API calls / month"), plain_row(),
                   {{"retry-after", "2"}});
  EXPECT_EQ(e.code, errc::quota);
  EXPECT_EQ(e.retry, retry_class::never);
}

TEST(cohere_error, a_row_knows_better) {
  const auto v = plain_row({quirk::error_code{"TOO_MANY_TOKENS", errc::quota, retry_class::never}});
  EXPECT_EQ(decode_error(400, body("m", R"(,"error_type":"TOO_MANY_TOKENS")"), v).code,
            errc::quota);
}

TEST(cohere_error, bodies_of_others) {
  const auto e = decode_error(502, "<html>bad gateway</html>");
  EXPECT_EQ(e.code, errc::server);
  EXPECT_EQ(e.vendor_message, "<html>bad gateway</html>");
  EXPECT_FALSE(decode_error(500, "").message.empty());
}

}  // namespace
}  // namespace ark::test::cohere
