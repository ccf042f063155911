#include "client/authorize.hpp"

#include "sign/jwt.hpp"
#include "sign/sign.hpp"
#include "wire/url.hpp"

#include <iterator>

namespace ark {
namespace {

void add_header(const vendor& row, const secret& key, wire::http_request& request) {
  request.headers.push_back({row.auth_header, std::string(key.reveal_secret()), true});
}

void add_bearer(wire::http_request& request, const secret& key) {
  request.headers.push_back({"authorization", "Bearer " + std::string(key.reveal_secret()), true});
}

/// "ID:SECRET[:TOKEN]"; nothing for a key of another form. A session token may hold colons.
std::optional<sign::credentials> signing_key(const secret& key) {
  const std::string_view text = key.reveal_secret();
  const auto first = text.find(':');
  if (first == text.npos) return std::nullopt;
  const auto second = text.find(':', first + 1);
  sign::credentials who{.id = std::string(text.substr(0, first)),
                        .key = secret(std::string(text.substr(first + 1, second - first - 1))),
                        .session_token = {}};
  if (second != text.npos) who.session_token = secret(std::string(text.substr(second + 1)));
  return who;
}

/// Whether signatures of this kind have a place for a session token.
bool takes_token(auth_kind kind) {
  return kind != auth_kind::md5_headers && kind != auth_kind::md5_members &&
         kind != auth_kind::content_md5;
}

error no_signing_key(const vendor& row) {
  const std::string or_token = takes_token(row.auth) ? " or \"ID:SECRET:SESSION_TOKEN\"" : "";
  return {.code = errc::auth,
          .message = "the key of " + row.name + " must be \"ID:SECRET\"" + or_token +
                     ", as requests are signed with it"};
}

/// The row's region, or the second label of the host: "service.REGION.provider.example".
std::string region_of(const vendor& row, const wire::origin& origin) {
  if (!row.auth_region.empty()) return row.auth_region;
  const auto first = origin.host.find('.');
  if (first == std::string::npos) return {};
  return origin.host.substr(first + 1, origin.host.find('.', first + 1) - first - 1);
}

result<void> add_headers(result<wire::header_list> headers, wire::http_request& request) {
  if (!headers) return headers.error();
  std::move(headers->begin(), headers->end(), std::back_inserter(request.headers));
  return {};
}

/// Host, date and request line are signed; what proves it goes into the query.
result<void> sign_target(const sign::signable& what, const sign::credentials& who,
                         wire::http_request& request) {
  auto target = sign::dated_target(what, who);
  if (!target) return target.error();
  request.target = std::move(*target);
  return {};
}

result<void> sign_body(const sign::credentials& who, wire::wall_time at,
                       wire::http_request& request) {
  auto body = sign::md5_body(request.body, who, at);
  if (!body) return body.error();
  request.body = std::move(*body);
  return {};
}

/// What the row's algorithm makes of the request: headers, another target, another body.
result<void> add_signature(const vendor& row, const sign::signable& what,
                           const sign::credentials& who, std::uint64_t nonce,
                           wire::http_request& request) {
  const sign::scope where{.region = region_of(row, what.origin), .service = row.auth_service};
  switch (row.auth) {
    case auth_kind::sigv4:
      return add_headers(sign::sigv4_headers(what, who, where), request);
    case auth_kind::tc3:
      return add_headers(sign::tc3_headers(what, who, row.auth_service), request);
    case auth_kind::sdk_hmac:
      return add_headers(sign::sdk_hmac_headers(what, who), request);
    case auth_kind::dated_target:
      return sign_target(what, who, request);
    case auth_kind::md5_headers:
      return add_headers(sign::md5_headers(who, what.at), request);
    case auth_kind::md5_members:
      return sign_body(who, what.at, request);
    case auth_kind::content_md5:
      return add_headers(
          sign::content_md5_headers(what, who, std::to_string(nonce), row.auth_header), request);
    case auth_kind::none:
    case auth_kind::bearer:
    case auth_kind::header:
    case auth_kind::query:
    case auth_kind::api_key_jwt:
    case auth_kind::issuer_jwt:
      break;
  }
  return {};
}

/// A token made of "id.secret", or the key itself: vendors with tokens take plain keys as well.
result<void> add_token(const vendor& row, const secret& key, wire::wall_time at,
                       wire::http_request& request) {
  const auto who = sign::split_key(key);
  if (!who) {
    add_bearer(request, key);
    return {};
  }
  const auto token = row.auth == auth_kind::api_key_jwt ? sign::api_key_token(*who, at)
                                                        : sign::issuer_token(*who, at);
  if (!token) return token.error();
  add_bearer(request, *token);
  return {};
}

}  // namespace

bool signs_requests(const vendor& row) noexcept {
  return row.auth != auth_kind::none && row.auth != auth_kind::bearer &&
         row.auth != auth_kind::header;
}

result<void> authorize(const vendor& row, const wire::origin& origin, const secret& key,
                       const signing_moment& moment, wire::http_request& request) {
  if (key.empty() || row.auth == auth_kind::none) return {};
  const auto now = std::chrono::floor<std::chrono::milliseconds>(moment.at);
  switch (row.auth) {
    case auth_kind::none:
      return {};
    case auth_kind::bearer:
      add_bearer(request, key);
      return {};
    case auth_kind::header:
      add_header(row, key, request);
      return {};
    case auth_kind::query:
      wire::append_query(request.target, row.auth_header, key.reveal_secret());
      return {};
    case auth_kind::api_key_jwt:
    case auth_kind::issuer_jwt:
      return add_token(row, key, now, request);
    case auth_kind::sigv4:
    case auth_kind::tc3:
    case auth_kind::sdk_hmac:
    case auth_kind::dated_target:
    case auth_kind::md5_headers:
    case auth_kind::md5_members:
    case auth_kind::content_md5:
      break;
  }
  const auto who = signing_key(key);
  if (who && (who->session_token.empty() || takes_token(row.auth)))
    return add_signature(row, {request, origin, now}, *who, moment.nonce, request);
  if (row.auth == auth_kind::sdk_hmac && !row.auth_header.empty()) {
    add_header(row, key, request);
    return {};
  }
  if (row.auth != auth_kind::sigv4) return no_signing_key(row);
  add_bearer(request, key);
  return {};
}

result<void> sign_exchange(const vendor& row, const wire::origin& origin, dialect::key_proof proof,
                           const secret& key, std::chrono::system_clock::time_point at,
                           wire::http_request& request) {
  if (proof == dialect::key_proof::in_body) return {};
  const auto who = signing_key(key);
  if (!who) return no_signing_key(row);
  const sign::signable what{request, origin, std::chrono::floor<std::chrono::milliseconds>(at)};
  const sign::scope where{.region = region_of(row, origin), .service = row.auth_service};
  if (proof == dialect::key_proof::hmac_v4 && where.service.empty())
    return error{
        .code = errc::config,
        .message = "the row of " + row.name +
                   " needs auth_service: the question for a temporary key is signed for it"};
  return add_headers(proof == dialect::key_proof::bce_v1 ? sign::bce_v1_headers(what, *who)
                                                         : sign::hmac_v4_headers(what, *who, where),
                     request);
}

std::string_view body_proof(const vendor& row, std::string_view body) {
  constexpr std::string_view before = R"("signature":")";
  if (row.auth != auth_kind::md5_members) return {};
  // It is the last of the members in front, whose values hold no quotes.
  const auto at = body.find(before);
  if (at == body.npos) return {};
  body.remove_prefix(at + before.size());
  return body.substr(0, body.find('"'));
}

std::vector<std::string_view> secret_parts(const secret& key) {
  const std::string_view text = key.reveal_secret();
  std::vector<std::string_view> parts{text};
  int colons = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find_first_of(":.", at), text.size());
    // The first part is the id, which is no secret and stands in vendors' messages.
    if (at > 0) parts.push_back(text.substr(at, end - at));
    if (end < text.size() && text[end] == ':' && ++colons == 2)
      parts.push_back(text.substr(end + 1));
    at = end + 1;
  }
  return parts;
}

}  // namespace ark
