#include "bedrock_support.hpp"

namespace ark::test::bedrock {
namespace {

error named(int status, const std::string& name, const std::string& message = "m") {
  return decode_error(status, R"({"message":")" + message + "\"}",
                      {{"x-amzn-errortype", name + ":http://internal.amazon.com/coral/"},
                       {"x-amzn-requestid", "r1"}});
}

TEST(bedrock_error, the_exceptions_name_is_a_header) {
  const error e = named(403, "UnrecognizedClientException");
  EXPECT_EQ(e.code, errc::auth);
  EXPECT_EQ(e.retry, retry_class::never);
  EXPECT_EQ(e.vendor_code, "UnrecognizedClientException");
  EXPECT_EQ(e.vendor_message, "m");
  EXPECT_EQ(e.request_id, "r1");
  EXPECT_EQ(named(403, "AccessDeniedException").code, errc::permission);
  EXPECT_EQ(named(429, "ThrottlingException").retry, retry_class::safe);
  EXPECT_EQ(named(429, "ModelNotReadyException").code, errc::overloaded);
  EXPECT_EQ(named(400, "ServiceQuotaExceededException").code, errc::quota);
  EXPECT_EQ(named(424, "ModelErrorException").code, errc::server);
  EXPECT_EQ(named(408, "ModelTimeoutException").retry, retry_class::maybe_billed);
}

TEST(bedrock_error, sentences_tell_refusals_apart) {
  EXPECT_EQ(named(400, "ValidationException",
                  "The model returned the following errors: Input Tokens Exceeded: Number of "
                  "input tokens exceeds maximum length.")
                .code,
            errc::context_length);
  EXPECT_EQ(decode_error(400, R"({"message":"The provided model identifier is invalid."})").code,
            errc::not_found);
  EXPECT_EQ(named(400, "ValidationException").code, errc::invalid_request);
}

TEST(bedrock_error, names_and_messages_in_other_places) {
  const error e = decode_error(400, R"({"__type":"com.amazon.coral#ThrottlingException",
                                        "Message":"slow"})");
  EXPECT_EQ(e.code, errc::rate_limit);
  EXPECT_EQ(e.vendor_message, "slow");
  EXPECT_EQ(decode_error(503, "<html>busy</html>").code, errc::overloaded);
  EXPECT_EQ(decode_error(503, "<html>busy</html>").vendor_message, "<html>busy</html>");
  EXPECT_EQ(decode_error(500, "").code, errc::server);
}

TEST(bedrock_error, the_rows_words_go_first) {
  vendor row = plain_row();
  row.quirks = {quirk::error_code{"ValidationException", errc::quota, retry_class::never}};
  EXPECT_EQ(decode_error(400, "{}", {{"x-amzn-errortype", "ValidationException"}}, row).code,
            errc::quota);
}

TEST(bedrock_error, inside_a_200_is_an_error_and_never_safe) {
  const auto r =
      decode(R"({"message":"slow"})", 200, {{"x-amzn-errortype", "ThrottlingException"}});
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::rate_limit);
  EXPECT_EQ(r.error().retry, retry_class::maybe_billed);
}

}  // namespace
}  // namespace ark::test::bedrock
