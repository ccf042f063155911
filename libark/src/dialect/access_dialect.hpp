#pragma once
#include "dialect/dialect.hpp"

#include <ark/secret.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace ark::dialect {

/// What a temporary key is wanted for.
struct key_question {
  std::string_view model;    ///< on the wire; "" when the request names none
  std::string_view project;  ///< the caller's at the vendor; "" if none was given
};

/// The question for a temporary key: goes to the row's `access_url`, signed with the lasting key.
struct key_request {
  wire::http_request request;
  std::string scope;          ///< requests with the same one share the temporary key
  wire::header_list headers;  ///< of each request that is made with the temporary key
};

struct temporary_key {
  secret key;
  std::chrono::system_clock::time_point expires;
};

/// What the vendor must be told beside a sealed request.
struct seal_facts {
  std::string_view session_token;                 ///< the ephemeral public key, base64
  std::string_view ring_id, key_id;               ///< of the certificate; "" if it names none
  std::chrono::system_clock::time_point expires;  ///< the certificate
};

/// What is fetched from a vendor before calls: a temporary key for a lasting one "ID:SECRET", the
/// certificate that contents are sealed for. The client signs (sign/hmac_v4), seals and opens
/// (sign/sealed_content), and keeps what it fetched; this is only how it looks on the wire. Pure
/// and thread safe, as a `dialect` is.
class access_dialect {
 public:
  virtual ~access_dialect() = default;
  virtual std::string_view name() const = 0;

  /// errc::unsupported, errc::invalid_request when there is no temporary key for this.
  virtual result<key_request> encode_key(const key_question& q, const vendor& v) const = 0;
  virtual result<temporary_key> decode_key(const answer& a, const vendor& v) const = 0;
  /// An answer to the question for a key that is not 2xx.
  virtual error decode_key_error(const answer& a, const vendor& v) const = 0;

  /// The question for the certificate of a model: below the row's base URL, with the row's key.
  virtual wire::http_request encode_certificate(std::string_view model, const vendor& v) const = 0;
  /// The certificate, PEM.
  virtual result<std::string> decode_certificate(const answer& a, const vendor& v) const = 0;
  /// The headers that make a chat request a sealed one.
  virtual wire::header_list seal_headers(const seal_facts& facts) const = 0;
};

}  // namespace ark::dialect
