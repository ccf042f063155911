#pragma once
#include "dialect/access_dialect.hpp"
#include "model/vendor.hpp"
#include "wire/http_types.hpp"

#include <ark/result.hpp>
#include <ark/secret.hpp>

#include <chrono>
#include <cstdint>
#include <string_view>
#include <vector>

namespace ark {

/// What makes the signature of one attempt another than that of the next.
struct signing_moment {
  std::chrono::system_clock::time_point at;
  std::uint64_t nonce = 0;  ///< random
};

/// Is a key of this row used to sign each request, so that the time counts?
bool signs_requests(const vendor& row) noexcept;

/// Adds to `request` what proves to the vendor who sends it: the key in a header or in the query,
/// or a signature made with it. For signatures a key is "ID:SECRET" or "ID:SECRET:SESSION_TOKEN"
/// ("id.secret" for tokens); any other key of a row that may sign goes as a bearer token where the
/// vendor takes one (auth SIGV4 and the JWTs) or in the row's header (SDK_HMAC), and is errc::auth
/// where not. The target or the body changes where the proof stands in it. The request must be
/// whole: its body, path and headers are signed as they are. Nothing for an empty key. Pure.
result<void> authorize(const vendor& row, const wire::origin& origin, const secret& key,
                       const signing_moment& moment, wire::http_request& request);

/// Signs the request for a temporary key with the lasting key "ID:SECRET[:SESSION_TOKEN]", by
/// `proof`: HMAC-SHA256 V4 for the row's service and region, BCE V1; nothing where the request
/// holds the key already. Pure.
result<void> sign_exchange(const vendor& row, const wire::origin& origin, dialect::key_proof proof,
                           const secret& key, std::chrono::system_clock::time_point at,
                           wire::http_request& request);

/// The proof in the body of a request that was authorized; "" where it stands elsewhere.
std::string_view body_proof(const vendor& row, std::string_view body);

/// The parts of a key that must never be shown: itself, what stands between its colons or dots, and
/// all behind its second colon, which may hold more of them (a session token, a password).
std::vector<std::string_view> secret_parts(const secret& key);

}  // namespace ark
