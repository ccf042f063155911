#include "sign/canonical.hpp"
#include "sign/digest.hpp"
#include "sign/sign.hpp"
#include "wire/base64.hpp"

#include <fmt/format.h>

namespace ark::sign {
namespace {

/// As HTML forms write a value: a space is "+" (the vendor's own clients do).
std::string form_encode(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == ' ' ? "+" : encode({&c, 1});
  return out;
}

}  // namespace

result<std::string> dated_target(const signable& what, const credentials& who) {
  if (auto ok = check_credentials(who); !ok) return ok.error();
  const auto query = parameters_of(query_of(what.request));
  if (!query) return query.error();
  if (auto ok = check_unsigned(*query, {"authorization", "date", "host"}); !ok) return ok.error();
  const std::string host = host_of(what);
  const std::string date = http_date(what.at);
  const std::string signature = wire::base64_encode(hmac_sha256(
      who.key.reveal_secret(), fmt::format("host: {}\ndate: {}\n{} {} HTTP/1.1", host, date,
                                           what.request.method, path_of(what.request))));
  const std::string authorization = wire::base64_encode(
      fmt::format("api_key=\"{}\", algorithm=\"hmac-sha256\", headers=\"host date request-line\", "
                  "signature=\"{}\"",
                  who.id, signature));
  const std::string target = what.request.target.empty() ? "/" : what.request.target;
  return fmt::format("{}{}authorization={}&date={}&host={}", target,
                     target.find('?') == std::string::npos ? '?' : '&', form_encode(authorization),
                     form_encode(date), form_encode(host));
}

}  // namespace ark::sign
