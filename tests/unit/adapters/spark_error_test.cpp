#include "spark_support.hpp"

namespace ark::test::spark {
namespace {

errc frame_code(int number) {
  const auto s = stream({R"({"header":{"code":)" + std::to_string(number) + R"(,"message":"m"}})"});
  return s.failure ? s.failure->code : errc::internal;
}

TEST(spark_error, numbers) {
  for (const int n : {10000, 10001, 10002, 10009, 10010, 10011, 10012, 10017, 10222, 99999})
    EXPECT_EQ(frame_code(n), errc::server) << n;
  for (const int n : {10003, 10004, 10005, 10163})
    EXPECT_EQ(frame_code(n), errc::invalid_request) << n;
  for (const int n : {10006, 11202, 11203}) EXPECT_EQ(frame_code(n), errc::rate_limit) << n;
  for (const int n : {10007, 10008, 10110}) EXPECT_EQ(frame_code(n), errc::overloaded) << n;
  for (const int n : {10013, 10014, 10019}) EXPECT_EQ(frame_code(n), errc::content_filter) << n;
  for (const int n : {10015, 10016, 11200}) EXPECT_EQ(frame_code(n), errc::permission) << n;
  EXPECT_EQ(frame_code(10907), errc::context_length);
  EXPECT_EQ(frame_code(11201), errc::quota);
}

TEST(spark_error, the_row_goes_first) {
  vendor v = own_row();
  v.quirks.emplace_back(quirk::error_code{"10012", errc::overloaded, retry_class::never});
  dialect::frame_driver driver(adapters::spark_ws(), v, {});
  EXPECT_EQ(driver.feed(R"({"header":{"code":10012}})").error().code, errc::overloaded);
}

TEST(spark_error, a_refused_handshake) {
  const auto e = decode_error(401, R"({"message":"HMAC signature cannot be verified"})");
  EXPECT_EQ(e.code, errc::auth);
  EXPECT_EQ(e.http_status, 401);
  EXPECT_EQ(e.vendor_message, "HMAC signature cannot be verified");
  EXPECT_EQ(e.vendor_code, "");
  EXPECT_NE(e.message.find("clocks"), std::string::npos);
  EXPECT_EQ(decode_error(403, "{}").code, errc::permission);
  EXPECT_EQ(decode_error(500, R"({"code":11202,"message":"m","sid":"s1"})").code, errc::rate_limit);
  const auto page = decode_error(502, "<html>bad gateway</html>");
  EXPECT_EQ(page.code, errc::server);
  EXPECT_EQ(page.vendor_message, "<html>bad gateway</html>");
  EXPECT_EQ(page.message.find("clocks"), std::string::npos);
}

}  // namespace
}  // namespace ark::test::spark
