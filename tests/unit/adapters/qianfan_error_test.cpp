#include "qianfan_support.hpp"

namespace ark::test::qianfan {
namespace {

error decode_error(int status, const std::string& body, wire::header_list headers = {}) {
  const vendor v = own_row();
  const wire::http_head head{status, std::move(headers)};
  return adapters::qianfan_v1().decode_error({head, body}, v);
}

TEST(qianfan_error, the_numbers) {
  using enum errc;
  const std::pair<int, errc> known[] = {{1, server},
                                        {2, overloaded},
                                        {3, not_found},
                                        {4, rate_limit},
                                        {6, permission},
                                        {13, auth},
                                        {14, auth},
                                        {15, permission},
                                        {17, quota},
                                        {18, rate_limit},
                                        {19, quota},
                                        {100, auth},
                                        {110, auth},
                                        {111, auth},
                                        {336000, server},
                                        {336001, invalid_request},
                                        {336002, invalid_request},
                                        {336003, invalid_request},
                                        {336004, permission},
                                        {336005, not_found},
                                        {336100, overloaded},
                                        {336101, invalid_request},
                                        {336501, rate_limit},
                                        {336502, rate_limit},
                                        {500000, server},
                                        {987654, server}};
  for (const auto& [number, code] : known) {
    const std::string body =
        R"({"error_code":)" + std::to_string(number) + R"(,"error_msg":"m","id":"as-7"})";
    const auto r = decode(body);
    ASSERT_FALSE(r) << number;
    EXPECT_EQ(r.error().code, code) << number;
    EXPECT_NE(r.error().retry, retry_class::safe) << "inside a 200: " << number;
    EXPECT_EQ(r.error().vendor_code, std::to_string(number));
    EXPECT_EQ(r.error().vendor_message, "m");
    EXPECT_EQ(r.error().request_id, "as-7");
    EXPECT_EQ(r.error().http_status, 200);
  }
}

TEST(qianfan_error, a_prompt_that_is_too_long_says_so_in_words) {
  EXPECT_EQ(decode(R"({"error_code":336003,"error_msg":"prompt tokens too long"})").error().code,
            errc::context_length);
  EXPECT_EQ(decode(R"({"error_code":336000,"error_msg":"it took too long"})").error().code,
            errc::server);
}

TEST(qianfan_error, a_number_may_come_as_text_and_0_is_none) {
  EXPECT_EQ(decode(R"({"error_code":"110","error_msg":"m"})").error().code, errc::auth);
  EXPECT_TRUE(decode(R"({"error_code":0,"error_msg":"","result":"ok"})"));
}

TEST(qianfan_error, statuses_and_gateways) {
  EXPECT_EQ(decode_error(429, R"({"error_code":18,"error_msg":"m"})").retry, retry_class::safe);
  EXPECT_EQ(decode_error(502, "<html>bad gateway").code, errc::server);
  EXPECT_EQ(decode_error(502, "<html>bad gateway").vendor_message, "<html>bad gateway");
  EXPECT_EQ(decode_error(401, "{}", {{"x-baidu-request-id", "r1"}}).request_id, "r1");
  for (const char* body : {"", "[]", "{}", "<html>"})
    EXPECT_EQ(decode(body).error().code, errc::protocol) << body;
}

TEST(qianfan_error, a_row_may_know_better) {
  vendor v = own_row();
  v.quirks.emplace_back(quirk::error_code{"17", errc::rate_limit, retry_class::after});
  const wire::http_head head{200, {}};
  const auto r =
      adapters::qianfan_v1().decode_chat({head, R"({"error_code":17,"error_msg":"m"})"}, v);
  EXPECT_EQ(r.error().code, errc::rate_limit);
}

}  // namespace
}  // namespace ark::test::qianfan
