#pragma once
#include "wire/http_time.hpp"
#include "wire/http_types.hpp"

#include <ark/result.hpp>
#include <ark/secret.hpp>

#include <string>

namespace ark::sign {

/// A request as it will be sent, where to, and when. Borrowed for the length of a call. Its headers
/// and its body are signed as they are: what changes later makes the signature wrong, so sign last.
struct signable {
  const wire::http_request& request;
  const wire::origin& origin;  ///< the Host header, unless the request has one
  wire::wall_time at;          ///< the clock; signed to the second
};

/// What a signature is made with.
struct credentials {
  std::string id;        ///< names the key and is sent in clear: visible ASCII without quotes
  secret key;            ///< never sent
  secret session_token;  ///< of temporary credentials, sent as a secret header; empty: none
};

/// What a derived key is good for, beside the day.
struct scope {
  std::string region;   ///< "us-east-1"
  std::string service;  ///< "iam"
};

/// errc::auth, without showing either, when the id or the key is empty or cannot stand in a header.
result<void> check_credentials(const credentials& who);
/// "id.secret" taken apart at the first dot; errc::auth when it is not two parts.
result<credentials> split_key(const secret& id_and_key);

}  // namespace ark::sign
