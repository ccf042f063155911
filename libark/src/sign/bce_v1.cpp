#include "base/text.hpp"
#include "sign/canonical.hpp"
#include "sign/digest.hpp"
#include "sign/sign.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace ark::sign {
namespace {

bool is_bce_v1_signed(std::string_view name, const bce_v1_options& options) {
  const auto& chosen = options.signed_headers;
  if (!chosen.empty())
    return std::any_of(chosen.begin(), chosen.end(),
                       [&](const auto& n) { return text::same_ignoring_case(n, name); });
  const std::string lower = text::lower(name);
  return lower == "host" || lower == "content-length" || lower == "content-type" ||
         lower == "content-md5" || lower.starts_with("x-bce-");
}

/// Sorted as whole "name=value" texts, unlike the other algorithms.
result<std::string> bce_v1_query(std::string_view query) {
  const auto parameters = parameters_of(query);
  if (!parameters) return parameters.error();
  std::vector<std::string> lines;
  for (const auto& [name, value] : *parameters)
    if (!text::same_ignoring_case(name, "authorization"))
      lines.push_back(encode(name) + "=" + encode(value));
  std::sort(lines.begin(), lines.end());
  return fmt::format("{}", fmt::join(lines, "&"));
}

/// Empty values are left out.
std::vector<std::pair<std::string, std::string>> bce_v1_signed(const signable& what,
                                                               const wire::header_list& added,
                                                               const bce_v1_options& options) {
  wire::header_list all = what.request.headers;
  if (!wire::has_header(all, "Host")) all.push_back({"Host", host_of(what)});
  all.insert(all.end(), added.begin(), added.end());
  std::vector<std::pair<std::string, std::string>> out;
  for (const auto& header : all) {
    const std::string value = encode(text::trim(header.value));
    if (is_bce_v1_signed(header.name, options) && !value.empty())
      out.emplace_back(text::lower(encode(header.name)), value);
  }
  return out;
}

}  // namespace

result<wire::header_list> bce_v1_headers(const signable& what, const credentials& who,
                                         const bce_v1_options& options) {
  const auto& request = what.request;
  if (auto ok = check_credentials(who); !ok) return ok.error();
  if (auto ok = check_unsigned(request, {"x-bce-date", "x-bce-security-token", "Authorization"});
      !ok)
    return ok.error();
  if (options.expires.count() <= 0)
    return error{.code = errc::invalid_request,
                 .message = "a signature must be valid for 1 second at least"};
  const auto query = bce_v1_query(query_of(request));
  if (!query) return query.error();
  const auto path = decode(path_of(request));
  if (!path) return path.error();

  wire::header_list added = {{"x-bce-date", rfc3339_time(what.at)}};
  if (!who.session_token.empty())
    added.push_back({"x-bce-security-token", std::string(who.session_token.reveal_secret()), true});
  std::vector<std::string> lines, names;
  for (const auto& [name, value] : bce_v1_signed(what, added, options)) {
    lines.push_back(name + ":" + value);
    names.push_back(name);
  }
  std::sort(lines.begin(), lines.end());
  std::sort(names.begin(), names.end());
  const std::string prefix =
      fmt::format("bce-auth-v1/{}/{}/{}", who.id, rfc3339_time(what.at), options.expires.count());
  const secret key(hmac_sha256_hex(who.key.reveal_secret(), prefix));
  const std::string signature = hmac_sha256_hex(
      key.reveal_secret(), fmt::format("{}\n{}\n{}\n{}", request.method, encode_path(*path), *query,
                                       fmt::join(lines, "\n")));
  added.push_back(
      {"Authorization", fmt::format("{}/{}/{}", prefix, fmt::join(names, ";"), signature), true});
  return added;
}

}  // namespace ark::sign
