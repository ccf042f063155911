#pragma once
#include <ark/result.hpp>
#include <ark/secret.hpp>

#include <initializer_list>
#include <string>
#include <string_view>

namespace ark::sign {

/// 32 bytes (FIPS 180-4).
std::string sha256(std::string_view bytes);
std::string sha256_hex(std::string_view bytes);
/// 32 bytes (RFC 2104).
std::string hmac_sha256(std::string_view key, std::string_view bytes);
std::string hmac_sha256_hex(std::string_view key, std::string_view bytes);
/// 16 bytes (RFC 1321). errc::unsupported where OpenSSL is set up without it (FIPS).
result<std::string> md5(std::string_view bytes);

std::string hex(std::string_view bytes);  ///< lower case
/// RFC 4648, section 5, without padding: as JSON web tokens are written.
std::string base64url(std::string_view bytes);

/// The parts as one text that is never copied on the way, so that nothing of it is left in memory.
secret joined(std::initializer_list<std::string_view> parts);
/// HMAC-SHA256 over each part in turn, keyed by the one before: how a key is bound to a scope.
secret derive_key(secret first, std::initializer_list<std::string_view> parts);

}  // namespace ark::sign
