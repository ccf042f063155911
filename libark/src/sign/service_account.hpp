#pragma once
#include "sign/signable.hpp"

#include <chrono>
#include <string>
#include <string_view>

/// OAuth 2.0 for programs (RFC 7523): a signed assertion is exchanged for an access token.
namespace ark::sign {

struct service_account {
  std::string email;      ///< the issuer
  std::string key_id;     ///< "kid" in the header; empty: left out
  secret private_key;     ///< RSA, PEM
  std::string token_url;  ///< the audience: where the assertion is exchanged
  std::string scope;      ///< what the token is for, several apart by spaces
};

/// {"iss", "scope", "aud", "iat", "exp"}, RS256. `valid_for` is at most one hour, as the vendor
/// takes it. errc::auth when a field but `key_id` is empty or the key cannot sign.
result<secret> service_assertion(const service_account& who, wire::wall_time at,
                                 std::chrono::seconds valid_for = std::chrono::hours(1));
/// The body of the exchange, to be sent as application/x-www-form-urlencoded.
secret token_request_body(const secret& assertion);

struct access_token {
  secret token;
  wire::wall_time expires;  ///< when it must have been replaced
};
/// What the exchange answered at `at`. errc::auth, with the vendor's code and words, for a refusal;
/// errc::protocol for what is neither.
result<access_token> read_access_token(std::string_view body, wire::wall_time at);

}  // namespace ark::sign
