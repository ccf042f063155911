#include "base/text.hpp"
#include "sign/canonical.hpp"
#include "sign/digest.hpp"
#include "sign/sign.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace ark::sign {
namespace {

std::string hmac_v4_scope(const signable& what, const scope& where) {
  return fmt::format("{}/{}/{}/request", compact_date(what.at), where.region, where.service);
}

bool is_hmac_v4_signed(std::string_view name, const hmac_v4_options& options) {
  const std::string lower = text::lower(name);
  const auto& left_out = options.unsigned_headers;
  if (std::any_of(left_out.begin(), left_out.end(),
                  [&](const auto& n) { return text::same_ignoring_case(n, name); }))
    return false;
  return lower == "content-type" || lower == "content-md5" || lower.starts_with("x-");
}

/// A default port is never a part of the Host that is signed, even where the request spells it.
std::string hmac_v4_host(const signable& what) {
  std::string host = host_of(what);
  for (const std::string_view port : {":443", ":80"})
    if (host.ends_with(port)) return host.substr(0, host.size() - port.size());
  return host;
}

std::string hmac_v4_signature(const signable& what, const credentials& who, const scope& where,
                              std::string_view canonical) {
  const secret key =
      derive_key(secret(who.key), {compact_date(what.at), where.region, where.service, "request"});
  return hmac_sha256_hex(key.reveal_secret(),
                         fmt::format("HMAC-SHA256\n{}\n{}\n{}", compact_time(what.at),
                                     hmac_v4_scope(what, where), sha256_hex(canonical)));
}

}  // namespace

result<wire::header_list> hmac_v4_headers(const signable& what, const credentials& who,
                                          const scope& where, const hmac_v4_options& options) {
  if (auto ok = check_credentials(who); !ok) return ok.error();
  if (auto ok = check_unsigned(what.request,
                               {"X-Date", "X-Content-Sha256", "X-Security-Token", "Authorization"});
      !ok)
    return ok.error();
  const auto query = parameters_of(query_of(what.request));
  if (!query) return query.error();
  const auto path = decode(path_of(what.request));
  if (!path) return path.error();

  const std::string body_hash = sha256_hex(what.request.body);
  wire::header_list added = {{"X-Date", compact_time(what.at)}, {"X-Content-Sha256", body_hash}};
  if (!who.session_token.empty())
    added.push_back({"X-Security-Token", std::string(who.session_token.reveal_secret()), true});
  signed_headers headers;
  headers.add("host", hmac_v4_host(what));
  for (const auto& header : what.request.headers)
    if (is_hmac_v4_signed(header.name, options)) headers.add(header.name, header.value);
  for (const auto& header : added) headers.add(header.name, header.value);
  const std::string canonical = canonical_request(what.request.method, encode_path(*path),
                                                  canonical_query(*query), headers, body_hash);
  added.push_back({"Authorization",
                   fmt::format("HMAC-SHA256 Credential={}/{}, SignedHeaders={}, Signature={}",
                               who.id, hmac_v4_scope(what, where), headers.names(),
                               hmac_v4_signature(what, who, where, canonical)),
                   true});
  return added;
}

result<std::string> hmac_v4_target(const signable& what, const credentials& who,
                                   const scope& where) {
  if (auto ok = check_credentials(who); !ok) return ok.error();
  if (!who.session_token.empty())
    return error{.code = errc::unsupported,
                 .message =
                     "a target cannot be signed with temporary credentials: sign the "
                     "headers"};
  auto query = parameters_of(query_of(what.request));
  if (!query) return query.error();
  if (auto ok = check_unsigned(*query, {"X-Algorithm", "X-Credential", "X-Date", "X-NotSignBody",
                                        "X-SignedHeaders", "X-SignedQueries", "X-Signature"});
      !ok)
    return ok.error();
  const auto path = decode(path_of(what.request));
  if (!path) return path.error();

  query->insert(query->end(), {{"X-Algorithm", "HMAC-SHA256"},
                               {"X-Credential", who.id + "/" + hmac_v4_scope(what, where)},
                               {"X-Date", compact_time(what.at)},
                               {"X-NotSignBody", ""},
                               {"X-SignedHeaders", ""},
                               {"X-SignedQueries", ""}});
  std::vector<std::string> names;
  for (const auto& entry : *query) names.push_back(entry.first);
  std::sort(names.begin(), names.end());
  query->back().second = fmt::format("{}", fmt::join(names, ";"));
  // Not `canonical_request`: where no header is signed the vendor's clients still end the list of
  // headers with a line end.
  const std::string canonical =
      fmt::format("{}\n{}\n{}\n\n\n\n{}", what.request.method, encode_path(*path),
                  canonical_query(*query), sha256_hex(""));
  query->emplace_back("X-Signature", hmac_v4_signature(what, who, where, canonical));
  return std::string(path_of(what.request)) + "?" + canonical_query(*query);
}

}  // namespace ark::sign
