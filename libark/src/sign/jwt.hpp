#pragma once
#include "sign/signable.hpp"

#include <chrono>
#include <string_view>

/// JSON web tokens (RFC 7519) as bearer tokens. A token proves who the sender is: it is a secret.
namespace ark::sign {

/// "header.claims.signature", each part base64url. `header` and `claims` are JSON and are signed as
/// they are. errc::auth for an empty key.
result<secret> jwt_hs256(std::string_view header, std::string_view claims, const secret& key);
/// As above with an RSA key in PEM (PKCS #8 or PKCS #1, without a passphrase): PKCS #1 v1.5 with
/// SHA-256 (RFC 7518, 3.3), which is the same for the same input. errc::auth for any other key.
result<secret> jwt_rs256(std::string_view header, std::string_view claims, const secret& pem);

struct api_key_token_options {
  std::chrono::milliseconds valid_for{210'000};  ///< after `at`, as the vendor's own client
  bool with_type = true;                         ///< "typ" in the header, which documents leave out
};
/// {"api_key", "exp", "timestamp"} with times in milliseconds, sign_type "SIGN" in the header.
result<secret> api_key_token(const credentials& who, wire::wall_time at,
                             const api_key_token_options& options = {});

/// {"iss", "exp", "nbf"} with times in seconds; `nbf` is 5 s before `at`, for clocks that differ.
result<secret> issuer_token(const credentials& who, wire::wall_time at,
                            std::chrono::seconds valid_for = std::chrono::seconds(1800));

}  // namespace ark::sign
