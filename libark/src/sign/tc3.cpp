#include "base/text.hpp"
#include "sign/canonical.hpp"
#include "sign/digest.hpp"
#include "sign/sign.hpp"

#include <fmt/format.h>

namespace ark::sign {

result<wire::header_list> tc3_headers(const signable& what, const credentials& who,
                                      std::string_view service, const tc3_options& options) {
  const auto& request = what.request;
  if (auto ok = check_credentials(who); !ok) return ok.error();
  if (auto ok = check_unsigned(request, {"X-TC-Timestamp", "X-TC-Token", "Authorization"}); !ok)
    return ok.error();
  for (const std::string_view name : {"Content-Type", "X-TC-Action"})
    if (!wire::has_header(request.headers, name))
      return error{.code = errc::invalid_request,
                   .message = fmt::format("the request needs a header \"{}\" to be signed", name)};

  signed_headers headers;
  headers.add("content-type", wire::find_header(request.headers, "Content-Type"));
  headers.add("host", host_of(what));
  if (options.sign_action)
    headers.add("x-tc-action", text::lower(wire::find_header(request.headers, "X-TC-Action")));
  const std::string seconds = std::to_string(unix_seconds(what.at));
  const std::string day = dashed_date(what.at);
  const std::string scope_text = fmt::format("{}/{}/tc3_request", day, service);
  const std::string canonical = canonical_request(
      request.method, path_of(request), query_of(request), headers, sha256_hex(request.body));
  const secret key =
      derive_key(joined({"TC3", who.key.reveal_secret()}), {day, service, "tc3_request"});
  const std::string signature = hmac_sha256_hex(
      key.reveal_secret(),
      fmt::format("TC3-HMAC-SHA256\n{}\n{}\n{}", seconds, scope_text, sha256_hex(canonical)));
  wire::header_list added = {{"X-TC-Timestamp", seconds}};
  if (!who.session_token.empty())
    added.push_back({"X-TC-Token", std::string(who.session_token.reveal_secret()), true});
  added.push_back({"Authorization",
                   fmt::format("TC3-HMAC-SHA256 Credential={}/{}, SignedHeaders={}, Signature={}",
                               who.id, scope_text, headers.names(), signature),
                   true});
  return added;
}

}  // namespace ark::sign
