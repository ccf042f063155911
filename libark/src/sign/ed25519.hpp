#pragma once
#include <ark/result.hpp>

#include <string_view>

namespace ark::sign {

/// Checks an Ed25519 signature (RFC 8032) of `message`. `public_key`: PEM, as `openssl pkey
/// -pubout` writes it, or its 32 bytes. `signature`: its 64 bytes, or those in base64 or hex with
/// white space around. errc::config when the key or the signature cannot be read, errc::auth when
/// the signature is not that key's of this message. Pure.
result<void> check_ed25519(std::string_view message, std::string_view signature,
                           std::string_view public_key);

}  // namespace ark::sign
