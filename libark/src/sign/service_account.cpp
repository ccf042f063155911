#include "sign/service_account.hpp"

#include "base/json.hpp"
#include "base/json_reader.hpp"
#include "sign/canonical.hpp"
#include "sign/digest.hpp"
#include "sign/jwt.hpp"

namespace ark::sign {
namespace {

using namespace std::chrono_literals;

std::string assertion_header(const service_account& who) {
  std::string out;
  json::writer header(out);
  header.begin_object().key("alg").string("RS256").key("typ").string("JWT");
  if (!who.key_id.empty()) header.key("kid").string(who.key_id);
  header.end_object();
  return out;
}

error refusal(const json::element& reply) {
  return {.code = errc::auth,
          .message =
              "the service account got no access token: check the key, its rights and this "
              "computer's clock",
          .vendor_message = std::string(json::text_at(reply, "error_description")),
          .vendor_code = std::string(json::text_at(reply, "error"))};
}

}  // namespace

result<secret> service_assertion(const service_account& who, wire::wall_time at,
                                 std::chrono::seconds valid_for) {
  if (who.email.empty() || who.token_url.empty() || who.scope.empty())
    return error{
        .code = errc::auth,
        .message = "a service account needs its address, a scope and the URL of its tokens"};
  if (valid_for < 1s || valid_for > 1h)
    return error{.code = errc::invalid_request,
                 .message = "an assertion is valid for 1 second at least and an hour at most"};
  std::string claims;
  json::writer(claims)
      .begin_object()
      .key("iss")
      .string(who.email)
      .key("scope")
      .string(who.scope)
      .key("aud")
      .string(who.token_url)
      .key("iat")
      .number(unix_seconds(at))
      .key("exp")
      .number(unix_seconds(at) + valid_for.count())
      .end_object();
  return jwt_rs256(assertion_header(who), claims, who.private_key);
}

secret token_request_body(const secret& assertion) {
  // A token has unreserved characters and dots only: nothing in it needs encoding.
  return joined({"grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=",
                 assertion.reveal_secret()});
}

result<access_token> read_access_token(std::string_view body, wire::wall_time at) {
  json::reader reader;
  const auto reply = reader.parse(body);
  if (!reply) return reply.error();
  json::element field;
  if (json::find(*reply, "error", field)) return refusal(*reply);
  const std::string_view token = json::text_at(*reply, "access_token");
  const std::int64_t seconds =
      json::find(*reply, "expires_in", field) ? json::as_integer(field) : 0;
  // Ten years bound the addition; no vendor issues tokens for longer than days.
  if (token.empty() || seconds <= 0 || seconds > std::int64_t{10} * 366 * 86400)
    return error{.code = errc::protocol,
                 .message =
                     "the answer to the request for an access token has none, or no time "
                     "for which it is valid"};
  return access_token{secret(std::string(token)), at + std::chrono::seconds(seconds)};
}

}  // namespace ark::sign
