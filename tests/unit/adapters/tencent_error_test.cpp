#include "tencent_support.hpp"

namespace ark::test::tencent {
namespace {

std::string failed(const std::string& code) {
  return R"({"Response":{"Error":{"Code":")" + code + R"(","Message":"m"},"RequestId":"q9"}})";
}

error of(const std::string& code) {
  const auto r = decode(failed(code));
  if (r) ADD_FAILURE() << "a reply";
  return r ? error{} : r.error();
}

TEST(tencent_error, errors_stand_inside_a_200) {
  const error e = of("AuthFailure.SignatureExpire");
  EXPECT_EQ(e.code, errc::auth);
  EXPECT_EQ(e.retry, retry_class::never);
  EXPECT_EQ(e.vendor_code, "AuthFailure.SignatureExpire");
  EXPECT_EQ(e.vendor_message, "m");
  EXPECT_EQ(e.request_id, "q9");
  EXPECT_EQ(e.http_status, 200);
}

TEST(tencent_error, codes) {
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

TEST(tencent_error, a_row_s_words_go_first) {
  const vendor v = plain_row({quirk::error_code{"InternalError", errc::quota, retry_class::never}});
  EXPECT_EQ(decode(failed("InternalError"), v).error().code, errc::quota);
}

TEST(tencent_error, the_models_own_error) {
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

TEST(tencent_error, answers_that_are_not_2xx) {
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
