#include "sign/service_account.hpp"

#include "tests/unit/sign/rsa_support.hpp"
#include "tests/unit/sign/sign_support.hpp"
#include "wire/base64.hpp"

namespace ark::sign {
namespace {

std::string decoded_part(const secret& token, int part) {
  std::string rest(token.reveal_secret());
  for (; part > 0; --part) rest.erase(0, rest.find('.') + 1);
  rest = rest.substr(0, rest.find('.'));
  for (char& c : rest) c = c == '-' ? '+' : c == '_' ? '/' : c;
  while (rest.size() % 4 != 0) rest += '=';
  return wire::base64_decode(rest).value();
}

service_account example_account(secret pem) {
  return {"robot@example.com", "k1", std::move(pem), "https://token.example.com/token",
          "https://example.com/auth/all"};
}

TEST(service_account, an_assertion_says_who_asks_whom_for_what_and_until_when) {
  const rsa_pair& pair = some_rsa_pair();
  service_account account = example_account(pair.pem);
  const auto token = service_assertion(account, at_unix(1717243200)).value();
  EXPECT_EQ(decoded_part(token, 0), R"({"alg":"RS256","typ":"JWT","kid":"k1"})");
  EXPECT_EQ(decoded_part(token, 1),
            R"({"iss":"robot@example.com","scope":"https://example.com/auth/all",)"
            R"("aud":"https://token.example.com/token","iat":1717243200,"exp":1717246800})");
  const std::string whole(token.reveal_secret());
  EXPECT_TRUE(pair.verifies(whole.substr(0, whole.rfind('.')), decoded_part(token, 2)));
  EXPECT_EQ(service_assertion(account, at_unix(1717243200)).value().reveal_secret(), whole);
  account.key_id.clear();
  EXPECT_EQ(decoded_part(service_assertion(account, at_unix(0)).value(), 0),
            R"({"alg":"RS256","typ":"JWT"})");
}

TEST(service_account, refuses) {
  const auto at = at_unix(0);
  expect_refused(service_assertion(example_account(secret("key-secret")), at).error(), errc::auth,
                 "key-secret");
  service_account account = example_account(some_rsa_pair().pem);
  expect_refused(service_assertion(account, at, std::chrono::hours(2)).error(),
                 errc::invalid_request);
  account.scope.clear();
  expect_refused(service_assertion(account, at).error(), errc::auth);
}

TEST(service_account, the_body_of_the_exchange) {
  EXPECT_EQ(token_request_body(secret("a.b-c.d_e")).reveal_secret(),
            "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=a.b-c.d_e");
}

TEST(service_account, reads_tokens) {
  const auto token = read_access_token(
      R"({"access_token":"tok.1","expires_in":3599,"token_type":"Bearer"})", at_unix(100));
  ASSERT_TRUE(token);
  EXPECT_EQ(token->token.reveal_secret(), "tok.1");
  EXPECT_EQ(token->expires, at_unix(3699));
}

TEST(service_account, reads_refusals) {
  const auto refused = read_access_token(
      R"({"error":"invalid_grant","error_description":"Invalid JWT Signature."})", at_unix(0));
  expect_refused(refused.error(), errc::auth);
  EXPECT_EQ(refused.error().vendor_code, "invalid_grant");
  EXPECT_EQ(refused.error().vendor_message, "Invalid JWT Signature.");
  for (const std::string_view body :
       {"", "<html>", "[]", "{}", R"({"access_token":"tok.1"})",
        R"({"access_token":"","expires_in":10})", R"({"access_token":"tok.1","expires_in":0})",
        R"({"access_token":"tok.1","expires_in":-5})", R"({"access_token":1,"expires_in":10})",
        R"({"access_token":"tok.1","expires_in":9223372036854775807})"})
    expect_refused(read_access_token(body, at_unix(0)).error(), errc::protocol, "tok.1");
}

}  // namespace
}  // namespace ark::sign
