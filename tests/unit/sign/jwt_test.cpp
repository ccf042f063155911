#include "sign/jwt.hpp"

#include "tests/unit/sign/rsa_support.hpp"
#include "tests/unit/sign/sign_support.hpp"
#include "wire/base64.hpp"

namespace ark::sign {
namespace {

std::string bytes_of_base64url(std::string text) {
  for (char& c : text) {
    if (c == '-') c = '+';
    if (c == '_') c = '/';
  }
  while (text.size() % 4 != 0) text += '=';
  return wire::base64_decode(text).value();
}

TEST(jwt, shared_vectors) {
  ARK_SHARED_OR_SKIP(path, "vectors/jwt-zhipu-sensenova.json");
  const auto count = for_each_vector(path, [](json::element vector) {
    const auto in = member(vector, "inputs"), steps = member(vector, "intermediate");
    const std::string expected = text(member(vector, "expected"), "token");
    const secret key(text(in, "secret"));
    EXPECT_EQ(jwt_hs256(text(steps, "header_json"), text(steps, "payload_json"), key)
                  .value()
                  .reveal_secret(),
              expected);
    const wire::wall_time at{std::chrono::milliseconds(json::as_integer(member(in, "now_ms")))};
    json::reader reader;
    const std::string payload = text(steps, "payload_json");
    const auto claims = reader.parse(payload).value();
    if (const std::string id = text(claims, "api_key"); !id.empty()) {
      api_key_token_options options;
      options.with_type = text(steps, "header_json").find("\"typ\"") != std::string::npos;
      EXPECT_EQ(api_key_token(who(id, key.reveal_secret()), at, options).value().reveal_secret(),
                expected);
    } else {
      EXPECT_EQ(
          issuer_token(who(text(claims, "iss"), key.reveal_secret()), at).value().reveal_secret(),
          expected);
    }
  });
  EXPECT_EQ(count, 4u);
}

// RFC 7515, A.1.
TEST(jwt, published_example_of_hs256) {
  const secret key(bytes_of_base64url(
      "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"));
  EXPECT_EQ(jwt_hs256("{\"typ\":\"JWT\",\r\n \"alg\":\"HS256\"}",
                      "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n "
                      "\"http://example.com/is_root\":true}",
                      key)
                .value()
                .reveal_secret(),
            "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAs"
            "DQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
            "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
}

TEST(jwt, times_in_milliseconds_and_in_seconds) {
  const wire::wall_time at{std::chrono::milliseconds(1717243200999)};
  const auto claims_of = [](const result<secret>& token) {
    const std::string whole(token.value().reveal_secret());
    const auto first = whole.find('.') + 1;
    return bytes_of_base64url(whole.substr(first, whole.rfind('.') - first));
  };
  EXPECT_EQ(claims_of(api_key_token(who("id", "key"), at)),
            R"({"api_key":"id","exp":1717243410999,"timestamp":1717243200999})");
  EXPECT_EQ(claims_of(issuer_token(who("id", "key"), at, std::chrono::seconds(60))),
            R"({"iss":"id","exp":1717243260,"nbf":1717243195})");
}

TEST(jwt, rs256_verifies_and_is_the_same_each_time) {
  const rsa_pair& pair = some_rsa_pair();
  const auto token = jwt_rs256(R"({"alg":"RS256"})", R"({"iss":"a"})", pair.pem);
  ASSERT_TRUE(token) << token.error().message;
  const std::string whole(token->reveal_secret());
  const auto dot = whole.rfind('.');
  EXPECT_TRUE(pair.verifies(whole.substr(0, dot), bytes_of_base64url(whole.substr(dot + 1))));
  EXPECT_FALSE(pair.verifies("x", bytes_of_base64url(whole.substr(dot + 1))));
  EXPECT_EQ(jwt_rs256(R"({"alg":"RS256"})", R"({"iss":"a"})", pair.pem).value().reveal_secret(),
            whole);
}

TEST(jwt, refuses) {
  const auto at = at_unix(0);
  expect_refused(jwt_hs256("{}", "{}", secret()).error(), errc::auth);
  expect_refused(api_key_token(who("", "key-secret"), at).error(), errc::auth, "key-secret");
  expect_refused(issuer_token(who("id", ""), at).error(), errc::auth);
  expect_refused(jwt_rs256("{}", "{}", secret()).error(), errc::auth);
  expect_refused(jwt_rs256("{}", "{}",
                           secret("-----BEGIN PRIVATE KEY-----\nQUJD\n"
                                  "-----END PRIVATE KEY-----\n"))
                     .error(),
                 errc::auth, "QUJD");
  // Neither another algorithm's key nor one behind a passphrase, for which nobody is asked.
  expect_refused(jwt_rs256("{}", "{}", make_ec_pem()).error(), errc::auth);
  expect_refused(jwt_rs256("{}", "{}", pem_of(some_rsa_pair().key.get(), "passphrase")).error(),
                 errc::auth);
}

}  // namespace
}  // namespace ark::sign
