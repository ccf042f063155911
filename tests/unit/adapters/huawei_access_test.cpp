#include "adapters/dialect/huawei/huawei_access.hpp"

#include "dialect_support.hpp"

namespace ark::test::huawei {
namespace {

using std::chrono::seconds;
using std::chrono::system_clock;

constexpr system_clock::time_point asked_at{seconds(1'700'000'000)};
const dialect::access_dialect& family() { return adapters::huawei_iam(); }

vendor pangu_row(std::string region = "cn-southwest-2") {
  vendor v;
  v.name = "pangu-iam";
  v.auth_region = std::move(region);
  return v;
}

result<dialect::key_request> ask(const char* key, std::string_view project = {},
                                 const vendor& v = pangu_row()) {
  return family().encode_key({.model = "m", .project = project, .key = secret(key)}, v);
}

result<dialect::temporary_key> given(wire::header_list headers, std::string_view body) {
  const wire::http_head head{.status = 201, .headers = std::move(headers)};
  return family().decode_key({head, body}, pangu_row(), asked_at);
}

TEST(huawei_access, a_user_asks_for_a_token_of_a_project) {
  const auto asked = ask("Account:Eve:pass:word");
  ASSERT_TRUE(asked);
  EXPECT_EQ(asked->request.method, "POST");
  EXPECT_EQ(asked->request.target, "/v3/auth/tokens");
  EXPECT_EQ(asked->request.body,
            R"({"auth":{"identity":{"methods":["password"],"password":{"user":{"name":"Eve",)"
            R"("password":"pass:word","domain":{"name":"Account"}}}},)"
            R"("scope":{"project":{"name":"cn-southwest-2"}}}})");
  EXPECT_EQ(asked->scope, "cn-southwest-2");
  const auto other = ask("Account:Eve:pw", "cn-southwest-2_mine");
  EXPECT_EQ(other->scope, "cn-southwest-2_mine");
  EXPECT_NE(other->request.body.find(R"("name":"cn-southwest-2_mine")"), std::string::npos);
}

TEST(huawei_access, what_cannot_be_asked) {
  for (const char* key : {"Account:Eve", "Account::pw", ":Eve:pw", "Account:Eve:"}) {
    const auto asked = ask(key);
    ASSERT_FALSE(asked) << key;
    EXPECT_EQ(asked.error().code, errc::auth);
    EXPECT_NE(asked.error().message.find("DOMAIN:USER:PASSWORD"), std::string::npos);
    EXPECT_EQ(asked.error().message.find("Eve"), std::string::npos);
  }
  EXPECT_NE(ask("a:b:c", {}, pangu_row("")).error().message.find("set the vendor's project"),
            std::string::npos);
}

TEST(huawei_access, the_token_is_a_header) {
  const auto key = given({{"X-Subject-Token", "MIIabc"}},
                         R"({"token":{"expires_at":"2026-11-29T01:02:03.456000Z"}})");
  ASSERT_TRUE(key);
  EXPECT_EQ(key->key.reveal_secret(), "MIIabc");
  EXPECT_EQ(key->expires, std::chrono::sys_days{std::chrono::year{2026} / 11 / 29} +
                              std::chrono::hours(1) + std::chrono::minutes(2) + seconds(3));
  for (const char* body : {"", "{}", R"({"token":{"expires_at":7}})"})
    EXPECT_EQ(given({{"X-Subject-Token", "MIIabc"}}, body)->expires, asked_at + seconds(86'400));
  const auto none = given({}, R"({"token":{"id":"MIIsecret"}})");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, errc::protocol);
  EXPECT_EQ(to_string(none.error()).find("MIIsecret"), std::string::npos);
}

TEST(huawei_access, two_forms_of_errors) {
  const auto refused = [](int status, std::string_view body) {
    const wire::http_head head{.status = status, .headers = {}};
    return family().decode_key_error({head, body}, pangu_row());
  };
  const error wrong = refused(
      401, R"({"error":{"code":401,"message":"The password is wrong","title":"Unauthorized"}})");
  EXPECT_EQ(wrong.code, errc::auth);
  EXPECT_EQ(wrong.vendor_code, "Unauthorized");
  EXPECT_EQ(wrong.vendor_message, "The password is wrong");
  const error gateway = refused(429, R"({"error_code":"APIGW.0308","error_msg":"slow down"})");
  EXPECT_EQ(gateway.code, errc::rate_limit);
  EXPECT_EQ(gateway.vendor_code, "APIGW.0308");
  EXPECT_EQ(refused(503, "<html>").code, errc::overloaded);
}

}  // namespace
}  // namespace ark::test::huawei
