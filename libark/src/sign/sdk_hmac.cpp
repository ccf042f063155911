#include "base/text.hpp"
#include "sign/canonical.hpp"
#include "sign/digest.hpp"
#include "sign/sign.hpp"

#include <fmt/format.h>

namespace ark::sign {
namespace {

bool is_sdk_hmac_signed(std::string_view name) {
  return name.find('_') == std::string_view::npos && !is_changed_on_the_way(name) &&
         !text::same_ignoring_case(name, "Host");
}

}  // namespace

result<wire::header_list> sdk_hmac_headers(const signable& what, const credentials& who) {
  const auto& request = what.request;
  if (auto ok = check_credentials(who); !ok) return ok.error();
  // The receiver would take the hash from X-Sdk-Content-Sha256 instead of the body's own.
  if (auto ok = check_unsigned(
          request, {"X-Sdk-Date", "X-Security-Token", "X-Sdk-Content-Sha256", "Authorization"});
      !ok)
    return ok.error();
  const auto query = parameters_of(query_of(request));
  if (!query) return query.error();
  const auto decoded = decode(path_of(request));
  if (!decoded) return decoded.error();
  std::string path = encode_path(*decoded);
  if (!path.ends_with('/')) path += '/';

  wire::header_list added = {{"X-Sdk-Date", compact_time(what.at)}};
  if (!who.session_token.empty())
    added.push_back({"X-Security-Token", std::string(who.session_token.reveal_secret()), true});
  signed_headers headers;
  headers.add("host", host_of(what));
  for (const auto& header : request.headers)
    if (is_sdk_hmac_signed(header.name)) headers.add(header.name, header.value);
  for (const auto& header : added) headers.add(header.name, header.value);
  const std::string canonical = canonical_request(request.method, path, canonical_query(*query),
                                                  headers, sha256_hex(request.body));
  const std::string signature = hmac_sha256_hex(
      who.key.reveal_secret(),
      fmt::format("SDK-HMAC-SHA256\n{}\n{}", compact_time(what.at), sha256_hex(canonical)));
  added.push_back({"Authorization",
                   fmt::format("SDK-HMAC-SHA256 Access={}, SignedHeaders={}, Signature={}", who.id,
                               headers.names(), signature),
                   true});
  return added;
}

}  // namespace ark::sign
