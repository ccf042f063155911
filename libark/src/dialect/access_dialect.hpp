#pragma once
#include "base/json_reader.hpp"
#include "dialect/dialect.hpp"

#include <ark/secret.hpp>

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

namespace ark::dialect {

/// What a temporary key is wanted for.
struct key_question {
  std::string_view model;    ///< on the wire; "" when the request names none
  std::string_view project;  ///< the caller's at the vendor; "" if none was given
  secret key{};              ///< the lasting one, its parts joined by colons: "ID:SECRET"
};

/// How the question for a temporary key proves who asks: by the parts of the lasting key in its
/// body, or by a signature that the client makes with them (sign/sign.hpp).
enum class key_proof : std::uint8_t { in_body, hmac_v4, bce_v1 };

/// The question for a temporary key: goes to the row's `access_url`.
struct key_request {
  wire::http_request request;
  key_proof proof = key_proof::in_body;
  std::string scope;          ///< requests with the same one share the temporary key
  wire::header_list headers;  ///< of each request that is made with the temporary key
};

struct temporary_key {
  secret key;
  std::chrono::system_clock::time_point expires;
};

/// What an answer gave: a text of visible ASCII, and its end in seconds since 1970, at most in the
/// year 2100. `no_temporary_key` for anything else.
result<temporary_key> make_temporary_key(std::string_view text, std::int64_t ends_s, int status);
/// An answer without a key: errc::protocol. It is never quoted, as it may hold one.
error no_temporary_key(int status);
/// `now` and the so many seconds that a key lives, in seconds since 1970; 0 unless it lives.
std::int64_t end_of_life(std::chrono::system_clock::time_point now, std::int64_t life_s);
/// The error that an answer tells, with the meaning of its code or else of its status.
error key_error(const answer& a, std::string_view code, std::string_view message,
                std::optional<errc> meaning);

/// What the vendor must be told beside a sealed request.
struct seal_facts {
  std::string_view session_token;                 ///< the ephemeral public key, base64
  std::string_view ring_id, key_id;               ///< of the certificate; "" if it names none
  std::chrono::system_clock::time_point expires;  ///< the certificate
  // with `sealing::input`, beside `key_id`
  std::string_view wrapped_key, nonce;  ///< base64
};

/// Gives the JSON of a member's value for that value.
using member_change = std::function<result<std::string>(json::element value)>;
/// The object `object` with another value of the member `name`, which must be there.
result<std::string> change_member(json::element object, std::string_view name,
                                  const member_change& change);

/// What of a chat is sealed.
enum class sealing : std::uint8_t {
  none,
  texts,  ///< each text of messages and answer, for the holder of a certificate
  input   ///< a member of the request and one of each answer, for the holder of an RSA key
};

/// What is fetched from a vendor before calls: a temporary key for a lasting one, which goes where
/// the row's `auth` puts keys; the certificate that contents are sealed for. The client signs,
/// seals and opens (sign/sealed_content), and keeps what it fetched; this is only how it looks on
/// the wire. Pure and thread safe, as a `dialect` is.
class access_dialect {
 public:
  virtual ~access_dialect() = default;
  virtual std::string_view name() const = 0;

  /// errc::unsupported, errc::invalid_request when there is no temporary key for this.
  virtual result<key_request> encode_key(const key_question& q, const vendor& v) const = 0;
  /// `now`: for vendors that say how long a key lives, not until when. Never quotes the answer.
  virtual result<temporary_key> decode_key(const answer& a, const vendor& v,
                                           std::chrono::system_clock::time_point now) const = 0;
  /// An answer to the question for a key that is not 2xx.
  virtual error decode_key_error(const answer& a, const vendor& v) const = 0;

  /// How the interface that this row asks takes sealed chats. The rest is asked of such rows only.
  virtual sealing seals(const vendor&) const noexcept { return sealing::none; }
  /// The names of what is sealed with `sealing::input`.
  virtual std::string_view sealed_input() const noexcept { return "input"; }
  virtual std::string_view sealed_output() const noexcept { return "output"; }
  /// The question for the certificate of a model: below the row's base URL, with the row's key.
  virtual wire::http_request encode_certificate(std::string_view, const vendor&) const {
    return {};
  }
  /// The certificate, PEM. With `sealing::input`: the public key's id, "\n", the key (base64, DER).
  virtual result<std::string> decode_certificate(const answer&, const vendor& v) const {
    return error{.code = errc::unsupported, .message = v.name + " gives no certificates"};
  }
  /// The headers that make a chat request a sealed one.
  virtual wire::header_list seal_headers(const seal_facts&) const { return {}; }
};

}  // namespace ark::dialect
