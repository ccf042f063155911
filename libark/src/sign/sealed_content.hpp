#pragma once
#include "wire/http_time.hpp"

#include <ark/result.hpp>
#include <ark/secret.hpp>

#include <string>
#include <string_view>

/// Content that only the vendor's enclave can read: ECDH on P-256, HKDF-SHA256, AES-256-GCM.
/// Everything fails closed: content is either whole and authentic or an error.
///
/// How strong it is: the wire format uses one key and ONE nonce for all texts of a request and of
/// its reply. GCM then no longer hides equal beginnings of texts nor proves who wrote them to
/// somebody who sees several. And the vendor's certificate is trusted because TLS brought it: its
/// own clients check no chain (sign/content_trust does, where the user names authorities). Neither
/// is stronger here than the format allows.
namespace ark::sign {

struct content_key {
  secret key;         ///< 32 bytes
  std::string nonce;  ///< 12 bytes
};

struct key_agreement {
  content_key content;
  std::string session_token;  ///< the ephemeral public key, base64: the vendor derives from it
};

/// `ephemeral` is the private key: 32 random bytes, new for each request and never used again.
/// errc::protocol for a certificate without a P-256 key, errc::invalid_request for a scalar that
/// is none of the curve's.
result<key_agreement> agree_on_key(std::string_view certificate_pem, const secret& ephemeral);

struct certificate_facts {
  std::string ring_id;  ///< from the alternative names "ring.ID" and "key.ID"; empty: none
  std::string key_id;
  wire::wall_time expires;
};
result<certificate_facts> read_certificate(std::string_view pem);

/// base64 of the cipher text and its tag of 16 bytes.
result<std::string> seal_content(const content_key& with, std::string_view plain);
/// One sealed text, or several one after the other as a whole reply may hold them. errc::protocol,
/// with nothing of the text, when any byte of it is not authentic; "" is not sealed.
result<std::string> open_content(const content_key& with, std::string_view sealed);

/// The key of a content for whoever holds the private key of `public_key` (RSA, base64 of its DER):
/// base64 of the encryption (PKCS #1 v1.5, RFC 8017 section 7.2.1) of the key's base64. errc::
/// protocol when that is no such key.
result<std::string> wrap_key(std::string_view public_key, const secret& key);

}  // namespace ark::sign
