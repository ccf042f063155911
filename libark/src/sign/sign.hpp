#pragma once
#include "sign/signable.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// One function for each algorithm: what to add to a request so that its receiver knows who sent
/// it. Pure: the same request, credentials and time give the same bytes. Errors are errc::auth
/// (credentials that cannot be used) and errc::invalid_request (a request that cannot be signed, or
/// that is signed already); they show neither keys nor values.
///
/// The headers come back in the order to send them, secret ones marked. A new target comes back
/// whole, and is as secret as a header: it proves who the sender is until it expires.
namespace ark::sign {

struct sigv4_options {
  /// Dots and double slashes in the path are resolved before it is signed.
  bool normalise_path = true;
  /// The path as sent is encoded once more ("%3A" is signed as "%253A"): all services but S3.
  bool encode_path_again = true;
  bool send_body_hash = false;        ///< adds x-amz-content-sha256; the body is signed in any case
  bool sign_session_token = true;     ///< false: the token is added after signing
  std::chrono::seconds expires{900};  ///< a signed target's, 1 s to 7 days
  std::vector<std::string> unsigned_headers = {};  ///< beside those that change on the way
};

/// AWS4-HMAC-SHA256 ("Signature Version 4" of the IAM user guide; its test suite passes). Signs all
/// headers of the request. Adds X-Amz-Security-Token, X-Amz-Date, Authorization.
result<wire::header_list> sigv4_headers(const signable& what, const credentials& who,
                                        const scope& where, const sigv4_options& options = {});
/// The same in the query: the target to send instead of the request's.
result<std::string> sigv4_target(const signable& what, const credentials& who, const scope& where,
                                 const sigv4_options& options = {});

struct hmac_v4_options {
  std::vector<std::string> unsigned_headers = {};  ///< "content-type", which some clients leave out
};

/// HMAC-SHA256 with the scope "day/region/service/request" and no prefix to the key. Signs Host,
/// Content-Type, Content-Md5 and every X- header. Adds X-Date, X-Content-Sha256, X-Security-Token,
/// Authorization.
result<wire::header_list> hmac_v4_headers(const signable& what, const credentials& who,
                                          const scope& where, const hmac_v4_options& options = {});
/// The same in the query, with all parameters signed and neither headers nor the body. errc::
/// unsupported with a session token: the vendor's own clients do not agree on how it is signed.
result<std::string> hmac_v4_target(const signable& what, const credentials& who,
                                   const scope& where);

struct tc3_options {
  bool sign_action = false;  ///< also X-TC-Action, as the document's example; the SDKs do not
};

/// TC3-HMAC-SHA256, scope "day/service/tc3_request". Signs Content-Type, which the request must
/// have, and Host. Adds X-TC-Timestamp, X-TC-Token, Authorization; the receiver allows 5 minutes of
/// difference between the clocks.
result<wire::header_list> tc3_headers(const signable& what, const credentials& who,
                                      std::string_view service, const tc3_options& options = {});

/// SDK-HMAC-SHA256: the key itself signs. The canonical path always ends in "/". Signs all headers
/// but those with "_" in their names. Adds X-Sdk-Date, X-Security-Token, Authorization.
result<wire::header_list> sdk_hmac_headers(const signable& what, const credentials& who);

struct bce_v1_options {
  std::chrono::seconds expires{1800};  ///< after `at`; positive
  /// Names to sign; empty: Host, Content-Length, Content-Type, Content-Md5 and every x-bce- header.
  std::vector<std::string> signed_headers = {};
};

/// bce-auth-v1. The body is not signed, only its Content-Md5 if the request has one. Adds
/// x-bce-date, x-bce-security-token, Authorization.
result<wire::header_list> bce_v1_headers(const signable& what, const credentials& who,
                                         const bce_v1_options& options = {});

/// HMAC-SHA256 over host, date and request line, in the query (`authorization`, `date`, `host`), as
/// WebSocket clients need it. Neither the query nor the body is signed. For a WebSocket the
/// request's method is "GET". The receiver allows 5 minutes between the clocks.
result<std::string> dated_target(const signable& what, const credentials& who);

/// MD5 of "id+key+seconds" as members of a JSON body: appkey, timestamp, signature. The request
/// itself is not signed.
result<std::vector<std::pair<std::string, std::string>>> md5_members(const credentials& who,
                                                                     wire::wall_time at);
/// `body`, a JSON object, with `md5_members` in front of its own. errc::invalid_request if it is no
/// object, or has one of them already.
result<std::string> md5_body(std::string_view body, const credentials& who, wire::wall_time at);
/// MD5 of id, key and seconds as headers: app_key, timestamp, sign. The request is not signed.
result<wire::header_list> md5_headers(const credentials& who, wire::wall_time at);
/// HMAC-SHA256 over method, Accept, Content-Type (both must be in the request), the body's MD5, the
/// date, `nonce` (never twice) and the query. Adds Content-MD5, Date, `prefix`-Method,
/// `prefix`-Nonce, Authorization. `prefix` is the vendor's, "X-Name-Signature".
result<wire::header_list> content_md5_headers(const signable& what, const credentials& who,
                                              std::string_view nonce, std::string_view prefix);

}  // namespace ark::sign
