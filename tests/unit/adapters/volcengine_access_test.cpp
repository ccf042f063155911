#include "adapters/dialect/volcengine/volcengine_access.hpp"

#include <gtest/gtest.h>

namespace ark::test::volcengine {
namespace {

const dialect::access_dialect& family() { return adapters::volcengine_access(); }

vendor ark_row() {
  vendor v;
  v.name = "volcengine-ark";
  return v;
}

std::string asked(std::string_view model, std::string_view project = {}) {
  const auto made = family().encode_key({.model = model, .project = project}, ark_row());
  return made ? made->request.body : made.error().message;
}

result<dialect::temporary_key> given(std::string_view body) {
  const wire::http_head head{.status = 200, .headers = {}};
  return family().decode_key({head, body}, ark_row(), {});
}

TEST(volcengine_access, names_the_kind_of_what_the_key_is_for) {
  EXPECT_EQ(asked("ep-1"),
            R"({"DurationSeconds":604800,"ResourceType":"endpoint","ResourceIds":["ep-1"]})");
  EXPECT_NE(asked("bot-1").find(R"("bot")"), std::string::npos);
  EXPECT_NE(asked("ep-m-1", "p").find(R"("presetendpoint")"), std::string::npos);
  EXPECT_NE(asked("doubao-1-5", "p").find(R"("ProjectName":"p")"), std::string::npos);
  EXPECT_NE(asked("doubao-1-5").find("project"), std::string::npos);
  EXPECT_NE(asked("").find("API key"), std::string::npos);
}

TEST(volcengine_access, keys_of_different_projects_are_different) {
  const auto one = family().encode_key({.model = "m", .project = "a"}, ark_row());
  const auto two = family().encode_key({.model = "m", .project = "b"}, ark_row());
  ASSERT_TRUE(one && two);
  EXPECT_NE(one->scope, two->scope);
  EXPECT_EQ(wire::find_header(one->headers, "x-project-name"), "a");
}

TEST(volcengine_access, reads_a_key_and_its_end) {
  const auto key = given(R"({"Result":{"ApiKey":"k1","ExpiredTime":1767225600}})");
  ASSERT_TRUE(key);
  EXPECT_EQ(key->key.reveal_secret(), "k1");
  EXPECT_EQ(key->expires.time_since_epoch(), std::chrono::seconds(1767225600));
}

TEST(volcengine_access, an_answer_without_a_usable_key_is_an_error_that_does_not_quote_it) {
  for (const std::string_view body :
       {"", "ApiKey=secret-key", R"({"Result":{}})", R"({"Result":{"ApiKey":"secret-key"}})",
        R"({"Result":{"ApiKey":"secret-key\r\nx: y","ExpiredTime":1767225600}})",
        R"({"Result":{"ApiKey":"secret-key","ExpiredTime":-5}})"}) {
    const auto key = given(body);
    ASSERT_FALSE(key) << body;
    EXPECT_EQ(to_string(key.error()).find("secret-key"), std::string::npos);
    EXPECT_EQ(key.error().vendor_message, "");
  }
  EXPECT_TRUE(given(R"({"Result":{"ApiKey":"k","ExpiredTime":9223372036854775807}})"));
}

TEST(volcengine_access, an_envelope_with_an_error_is_one_whatever_its_status) {
  constexpr std::string_view body =
      R"({"ResponseMetadata":{"RequestId":"r1","Error":{"Code":"AccessDenied","Message":"no"}}})";
  const auto key = given(body);
  ASSERT_FALSE(key);
  EXPECT_EQ(key.error().code, errc::permission);
  const wire::http_head head{.status = 403, .headers = {}};
  const error e = family().decode_key_error({head, body}, ark_row());
  EXPECT_EQ(e.code, errc::permission);
  EXPECT_EQ(e.request_id, "r1");
  EXPECT_EQ(e.vendor_code, "AccessDenied");
  const wire::http_head gateway{.status = 502, .headers = {}};
  EXPECT_EQ(family().decode_key_error({gateway, "<html>"}, ark_row()).code, errc::server);
}

TEST(volcengine_access, every_code_of_the_gateway_has_its_meaning) {
  struct known {
    int status;
    const char* code;
    errc meaning;
    retry_class retry;
  };
  using enum errc;
  constexpr auto never = retry_class::never;
  constexpr known codes[] = {
      {400, "MissingParameter", invalid_request, never},
      {400, "MissingParameter.ResourceIds", invalid_request, never},
      {400, "MissingRequestInfo", invalid_request, never},
      {401, "InvalidTimestamp", auth, never},
      {404, "ServiceNotFound", not_found, never},
      {404, "InvalidActionOrVersion", not_found, never},
      {401, "InvalidAccessKey", auth, never},
      {401, "SignatureDoesNotMatch", auth, never},
      {403, "AccessDenied", permission, never},
      {500, "InternalError", server, retry_class::maybe_billed},
      {504, "InternalServiceTimeout", timeout, retry_class::maybe_billed},
      {429, "FlowLimitExceeded", rate_limit, retry_class::safe},
      {503, "ServiceUnavailableTemp", overloaded, retry_class::safe},
      {500, "InternalServiceError", server, retry_class::maybe_billed},
      {400, "InvalidAuthorization", auth, never},
      {400, "InvalidCredential", auth, never},
      {400, "InvalidSecretToken", auth, never},
      {409, "SomethingNew", invalid_request, never},
  };
  for (const known& k : codes) {
    // The word counts, whatever the status: the gateway may answer 400 to all of them.
    for (const int status : {k.status, 400}) {
      const wire::http_head head{.status = status, .headers = {}};
      const std::string body =
          R"({"ResponseMetadata":{"RequestId":"r","Action":"GetApiKey","Error":{"CodeN":100010,)"
          R"("Code":")" +
          std::string(k.code) + R"(","Message":"m"}}})";
      const error e = family().decode_key_error({head, body}, ark_row());
      EXPECT_EQ(e.code, k.meaning) << k.code << " " << to_string(e.code);
      EXPECT_EQ(e.retry, k.retry) << k.code << " " << to_string(e.retry);
      EXPECT_EQ(e.vendor_code, k.code);
    }
  }
}

TEST(volcengine_access, a_certificate_or_the_reason_why_not) {
  const wire::http_head head{.status = 200, .headers = {}};
  const auto pem =
      family().decode_certificate({head, R"({"Certificate":"-----BEGIN"})"}, ark_row());
  ASSERT_TRUE(pem);
  EXPECT_EQ(*pem, "-----BEGIN");
  const auto none = family().decode_certificate({head, R"({"error":{"code":"X"}})"}, ark_row());
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().vendor_code, "X");
}

TEST(volcengine_access, only_a_certificate_with_a_ring_speaks_of_one) {
  const auto at = std::chrono::system_clock::time_point(std::chrono::seconds(2335219200));
  const auto plain =
      family().seal_headers({.session_token = "t", .ring_id = {}, .key_id = {}, .expires = at});
  EXPECT_EQ(wire::find_header(plain, "x-encrypt-info"), R"({"ExpireTime":2335219200})");
  EXPECT_EQ(wire::find_header(plain, "x-is-encrypted"), "true");
  EXPECT_EQ(wire::find_header(plain, "x-session-token"), "t");
}

}  // namespace
}  // namespace ark::test::volcengine
