#include "base/text.hpp"
#include "sign/canonical.hpp"
#include "sign/digest.hpp"
#include "sign/sign.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace ark::sign {
namespace {

constexpr std::string_view sigv4_name = "AWS4-HMAC-SHA256";

std::string sigv4_scope(const signable& what, const scope& where) {
  return fmt::format("{}/{}/{}/aws4_request", compact_date(what.at), where.region, where.service);
}

std::string sigv4_path(const signable& what, const sigv4_options& options) {
  const std::string_view sent = path_of(what.request);
  const std::string path = options.normalise_path ? normalise_path(sent) : std::string(sent);
  return options.encode_path_again ? encode_path(path) : path;
}

signed_headers sigv4_signed(const signable& what, const sigv4_options& options) {
  const auto is_left_out = [&](std::string_view name) {
    return is_changed_on_the_way(name) || text::same_ignoring_case(name, "Host") ||
           std::any_of(options.unsigned_headers.begin(), options.unsigned_headers.end(),
                       [&](const auto& n) { return text::same_ignoring_case(n, name); });
  };
  signed_headers out;
  out.add("host", host_of(what));
  for (const auto& header : what.request.headers)
    if (!is_left_out(header.name)) out.add(header.name, header.value);
  return out;
}

std::string sigv4_signature(const signable& what, const credentials& who, const scope& where,
                            std::string_view canonical) {
  const secret key =
      derive_key(joined({"AWS4", who.key.reveal_secret()}),
                 {compact_date(what.at), where.region, where.service, "aws4_request"});
  return hmac_sha256_hex(key.reveal_secret(),
                         fmt::format("{}\n{}\n{}\n{}", sigv4_name, compact_time(what.at),
                                     sigv4_scope(what, where), sha256_hex(canonical)));
}

}  // namespace

result<wire::header_list> sigv4_headers(const signable& what, const credentials& who,
                                        const scope& where, const sigv4_options& options) {
  if (auto ok = check_credentials(who); !ok) return ok.error();
  if (auto ok = check_unsigned(what.request, {"X-Amz-Date", "X-Amz-Security-Token",
                                              "X-Amz-Content-Sha256", "Authorization"});
      !ok)
    return ok.error();
  const auto query = parameters_of(query_of(what.request));
  if (!query) return query.error();

  wire::header_list added;
  signed_headers headers = sigv4_signed(what, options);
  const std::string body_hash = sha256_hex(what.request.body);
  const auto add = [&](std::string name, std::string value, bool is_signed = true) {
    if (is_signed) headers.add(name, value);
    added.push_back({std::move(name), std::move(value)});
  };
  if (!who.session_token.empty()) {
    add("X-Amz-Security-Token", std::string(who.session_token.reveal_secret()),
        options.sign_session_token);
    added.back().is_secret = true;
  }
  add("X-Amz-Date", compact_time(what.at));
  if (options.send_body_hash) add("x-amz-content-sha256", body_hash);
  const std::string canonical = canonical_request(what.request.method, sigv4_path(what, options),
                                                  canonical_query(*query), headers, body_hash);
  added.push_back({"Authorization",
                   fmt::format("{} Credential={}/{}, SignedHeaders={}, Signature={}", sigv4_name,
                               who.id, sigv4_scope(what, where), headers.names(),
                               sigv4_signature(what, who, where, canonical)),
                   true});
  return added;
}

result<std::string> sigv4_target(const signable& what, const credentials& who, const scope& where,
                                 const sigv4_options& options) {
  using namespace std::chrono_literals;
  if (auto ok = check_credentials(who); !ok) return ok.error();
  if (options.expires < 1s || options.expires > 7 * 24h)
    return error{.code = errc::invalid_request,
                 .message = "a signed target expires after 1 second at least and 7 days at most"};
  auto parameters = parameters_of(query_of(what.request));
  if (!parameters) return parameters.error();
  if (auto ok = check_unsigned(
          *parameters, {"X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-SignedHeaders",
                        "X-Amz-Expires", "X-Amz-Security-Token", "X-Amz-Signature"});
      !ok)
    return ok.error();

  const signed_headers headers = sigv4_signed(what, options);
  std::string target = what.request.target.empty() ? "/" : what.request.target;
  const auto add = [&](std::string_view name, std::string_view value, bool is_signed = true) {
    target += target.find('?') == std::string::npos ? '?' : '&';
    target.append(name).append("=").append(encode(value));
    if (is_signed) parameters->emplace_back(name, value);
  };
  add("X-Amz-Algorithm", sigv4_name);
  add("X-Amz-Credential", who.id + "/" + sigv4_scope(what, where));
  add("X-Amz-Date", compact_time(what.at));
  add("X-Amz-SignedHeaders", headers.names());
  add("X-Amz-Expires", std::to_string(options.expires.count()));
  if (!who.session_token.empty())
    add("X-Amz-Security-Token", who.session_token.reveal_secret(), options.sign_session_token);
  const std::string canonical =
      canonical_request(what.request.method, sigv4_path(what, options),
                        canonical_query(*parameters), headers, sha256_hex(what.request.body));
  add("X-Amz-Signature", sigv4_signature(what, who, where, canonical), false);
  return target;
}

}  // namespace ark::sign
