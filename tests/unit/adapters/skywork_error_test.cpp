#include "skywork_support.hpp"

namespace ark::test::skywork {
namespace {

TEST(skywork_error, a_code_in_a_200_is_an_error_and_never_safe) {
  const std::string busy = R"({"code":400007,"code_msg":"busy","trace_id":"t1"})";
  const auto whole = decode(busy);
  ASSERT_FALSE(whole);
  EXPECT_EQ(whole.error().code, errc::overloaded);
  EXPECT_EQ(whole.error().vendor_code, "400007");
  EXPECT_EQ(whole.error().vendor_message, "busy");
  EXPECT_EQ(whole.error().request_id, "t1");
  EXPECT_EQ(whole.error().http_status, 200);
  EXPECT_NE(whole.error().retry, retry_class::safe);
  const auto inside = stream({piece("a"), busy});
  ASSERT_TRUE(inside.failure);
  EXPECT_EQ(inside.failure->code, errc::overloaded);
  EXPECT_NE(inside.failure->retry, retry_class::safe);
  // Without "data:", as clients of the vendor's search found it.
  const auto bare = stream_bytes(adapters::skywork_chat(), own_row(), busy + "\n");
  ASSERT_TRUE(bare.failure);
  EXPECT_EQ(bare.failure->code, errc::overloaded);
  EXPECT_EQ(decode(R"({"code":400000,"code_msg":"sign"})").error().code, errc::auth);
  EXPECT_EQ(decode(R"({"code":"E1","message":"no"})").error().vendor_code, "E1");
}

TEST(skywork_error, codes_that_are_none) {
  for (const char* code : {"200", "0", "null"}) {
    const auto s = stream({R"({"code":)" + std::string(code) + "," + piece("a").substr(1), last});
    EXPECT_FALSE(s.failure) << code;
    EXPECT_EQ(s.reply.text(), "a");
  }
}

TEST(skywork_error, statuses) {
  EXPECT_EQ(decode_error(401, R"({"code":400000,"code_msg":"sign"})").code, errc::auth);
  const auto slow = decode_error(429, "<html>");
  EXPECT_EQ(slow.code, errc::rate_limit);
  EXPECT_EQ(slow.vendor_message, "<html>");
  EXPECT_EQ(slow.retry_after, std::chrono::seconds(2));
  EXPECT_EQ(decode_error(500, R"({"msg":"oops"})").vendor_message, "oops");
  EXPECT_EQ(decode_error(500, "{}").code, errc::server);
}

}  // namespace
}  // namespace ark::test::skywork
