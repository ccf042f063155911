#include "qianfan_support.hpp"

namespace ark::test::qianfan {
namespace {

using std::chrono::seconds;
using std::chrono::system_clock;

constexpr system_clock::time_point asked_at{seconds(1'700'000'000)};

result<dialect::temporary_key> given(const dialect::access_dialect& d, std::string_view body) {
  const wire::http_head head{.status = 200, .headers = {}};
  return d.decode_key({head, body}, own_row(), asked_at);
}
error refused(const dialect::access_dialect& d, int status, std::string_view body) {
  const wire::http_head head{.status = status, .headers = {}};
  return d.decode_key_error({head, body}, own_row());
}

TEST(qianfan_access, oauth_has_its_secret_in_a_form) {
  const auto asked = adapters::qianfan_oauth().encode_key(
      {.model = "m", .project = {}, .key = secret("an id:a secret&")}, own_row());
  ASSERT_TRUE(asked);
  EXPECT_EQ(asked->request.method, "POST");
  EXPECT_EQ(asked->request.target, "/oauth/2.0/token");
  EXPECT_EQ(asked->request.body,
            "grant_type=client_credentials&client_id=an%20id&client_secret=a%20secret%26");
  EXPECT_EQ(wire::find_header(asked->request.headers, "content-type"),
            "application/x-www-form-urlencoded");
  EXPECT_EQ(asked->proof, dialect::key_proof::in_body);
}

TEST(qianfan_access, an_access_token_lives_from_now) {
  const auto key =
      given(adapters::qianfan_oauth(), R"({"access_token":"24.abc","expires_in":2592000})");
  ASSERT_TRUE(key);
  EXPECT_EQ(key->key.reveal_secret(), "24.abc");
  EXPECT_EQ(key->expires, asked_at + seconds(2'592'000));
  EXPECT_TRUE(given(adapters::qianfan_oauth(),
                    R"({"access_token":"24.abc","expires_in":9223372036854775807})"));
  for (const char* body : {"", "{}", R"({"access_token":"24.secret"})",
                           R"({"access_token":"24.secret","expires_in":-1})",
                           R"({"access_token":"24.secret\n","expires_in":5})"}) {
    const auto none = given(adapters::qianfan_oauth(), body);
    ASSERT_FALSE(none) << body;
    EXPECT_EQ(none.error().code, errc::protocol);
    EXPECT_EQ(to_string(none.error()).find("24.secret"), std::string::npos);
  }
}

TEST(qianfan_access, oauth_tells_what_is_wrong) {
  constexpr std::string_view body =
      R"({"error":"invalid_client","error_description":"unknown client id"})";
  for (const error& e : {given(adapters::qianfan_oauth(), body).error(),
                         refused(adapters::qianfan_oauth(), 400, body)}) {
    EXPECT_EQ(e.code, errc::auth);
    EXPECT_EQ(e.vendor_code, "invalid_client");
    EXPECT_EQ(e.vendor_message, "unknown client id");
  }
  EXPECT_EQ(refused(adapters::qianfan_oauth(), 502, "<html>").code, errc::server);
}

TEST(qianfan_access, the_bearers_question_is_signed) {
  const auto asked = adapters::qianfan_bearer().encode_key(
      {.model = "", .project = {}, .key = secret("id:secret")}, own_row());
  ASSERT_TRUE(asked) << "for lists and files too";
  EXPECT_EQ(asked->request.method, "GET");
  EXPECT_EQ(asked->request.target, "/v1/BCE-BEARER/token?expireInSeconds=43200");
  EXPECT_EQ(asked->request.body, "");
  EXPECT_EQ(asked->proof, dialect::key_proof::bce_v1);
}

TEST(qianfan_access, a_bearer_token_names_its_end) {
  const auto key = given(adapters::qianfan_bearer(),
                         R"({"userId":"u","token":"bce-v3/ALTAK-1/2","status":"enable",
                             "createTime":"2026-11-28T00:00:00Z",
                             "expireTime":"2026-11-28T12:00:00Z"})");
  ASSERT_TRUE(key);
  EXPECT_EQ(key->key.reveal_secret(), "bce-v3/ALTAK-1/2");
  EXPECT_EQ(key->expires,
            std::chrono::sys_days{std::chrono::year{2026} / 11 / 28} + std::chrono::hours(12));
  const auto unsaid = given(adapters::qianfan_bearer(), R"({"token":"t","expireTime":"soon"})");
  ASSERT_TRUE(unsaid);
  EXPECT_EQ(unsaid->expires, asked_at + seconds(43'200)) << "as long as was asked for";
  EXPECT_EQ(given(adapters::qianfan_bearer(), R"({"userId":"u"})").error().code, errc::protocol);
}

TEST(qianfan_access, the_clouds_errors) {
  const auto body = [](const char* code) {
    return R"({"requestId":"r1","code":")" + std::string(code) + R"(","message":"m"})";
  };
  const auto& d = adapters::qianfan_bearer();
  const error e = refused(d, 403, body("InvalidAccessKeyId"));
  EXPECT_EQ(e.code, errc::auth);
  EXPECT_EQ(e.request_id, "r1");
  EXPECT_EQ(e.vendor_message, "m");
  EXPECT_EQ(refused(d, 400, body("SignatureDoesNotMatch")).code, errc::auth);
  EXPECT_EQ(refused(d, 403, body("AccessDenied")).code, errc::permission);
  EXPECT_EQ(refused(d, 500, body("InternalError")).code, errc::server);
  EXPECT_EQ(given(d, body("AccessDenied")).error().code, errc::permission) << "in a 200";
}

TEST(qianfan_access, neither_seals) {
  for (const auto* d : {&adapters::qianfan_oauth(), &adapters::qianfan_bearer()}) {
    EXPECT_EQ(d->seals(own_row()), ark::dialect::sealing::none);
    const wire::http_head head{.status = 200, .headers = {}};
    EXPECT_EQ(d->decode_certificate({head, "{}"}, own_row()).error().code, errc::unsupported);
  }
}

}  // namespace
}  // namespace ark::test::qianfan
