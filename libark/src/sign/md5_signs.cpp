#include "base/json.hpp"
#include "base/json_reader.hpp"
#include "base/text.hpp"
#include "sign/canonical.hpp"
#include "sign/digest.hpp"
#include "sign/sign.hpp"
#include "wire/base64.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace ark::sign {
namespace {

/// Decoded "name=value" texts, sorted.
result<std::string> plain_query(std::string_view query) {
  const auto parameters = parameters_of(query);
  if (!parameters) return parameters.error();
  std::vector<std::string> lines;
  for (const auto& [name, value] : *parameters) lines.push_back(name + "=" + value);
  std::sort(lines.begin(), lines.end());
  return fmt::format("{}", fmt::join(lines, "&"));
}

}  // namespace

result<std::vector<std::pair<std::string, std::string>>> md5_members(const credentials& who,
                                                                     wire::wall_time at) {
  if (auto ok = check_credentials(who); !ok) return ok.error();
  const std::string seconds = std::to_string(unix_seconds(at));
  const secret text = joined({who.id, "+", who.key.reveal_secret(), "+", seconds});
  const auto digest = md5(text.reveal_secret());
  if (!digest) return digest.error();
  return std::vector<std::pair<std::string, std::string>>{
      {"appkey", who.id}, {"timestamp", seconds}, {"signature", hex(*digest)}};
}

result<std::string> md5_body(std::string_view body, const credentials& who, wire::wall_time at) {
  const auto members = md5_members(who, at);
  if (!members) return members.error();
  json::reader reader;
  const auto root = reader.parse(body);
  simdjson::dom::object own;
  if (!root || root->get(own) != simdjson::SUCCESS)
    return error{.code = errc::invalid_request,
                 .message = "the request's body must be a JSON object to be signed"};
  std::string made;
  json::writer w(made);
  w.begin_object();
  for (const auto& [name, value] : *members) {
    if (json::element there; json::find(*root, name, there))
      return error{.code = errc::invalid_request,
                   .message = "the request's body has a member \"" + name +
                              "\", which the signature adds: leave it out"};
    w.key(name).string(value);
  }
  if (own.size() > 0) made += ',';
  made += text::trim(body).substr(1);
  return made;
}

result<wire::header_list> md5_headers(const credentials& who, wire::wall_time at) {
  if (auto ok = check_credentials(who); !ok) return ok.error();
  const std::string seconds = std::to_string(unix_seconds(at));
  const secret text = joined({who.id, who.key.reveal_secret(), seconds});
  const auto digest = md5(text.reveal_secret());
  if (!digest) return digest.error();
  return wire::header_list{
      {"app_key", who.id}, {"timestamp", seconds}, {"sign", hex(*digest), true}};
}

result<wire::header_list> content_md5_headers(const signable& what, const credentials& who,
                                              std::string_view nonce, std::string_view prefix) {
  const auto& request = what.request;
  const std::string method_name = std::string(prefix) + "-Method";
  const std::string nonce_name = std::string(prefix) + "-Nonce";
  if (auto ok = check_credentials(who); !ok) return ok.error();
  if (auto ok = check_unsigned(request,
                               {"Content-MD5", "Date", method_name, nonce_name, "Authorization"});
      !ok)
    return ok.error();
  for (const std::string_view name : {"Accept", "Content-Type"})
    if (!wire::has_header(request.headers, name))
      return error{.code = errc::invalid_request,
                   .message = fmt::format("the request needs a header \"{}\" to be signed", name)};
  const auto query = plain_query(query_of(request));
  if (!query) return query.error();
  const auto digest = md5(request.body);
  if (!digest) return digest.error();

  const std::string content_md5 = wire::base64_encode(*digest);
  const std::string date = http_date(what.at);
  const std::string text = fmt::format(
      "{}\n{}\n{}\n{}\n{}\nHMAC-SHA256\n{}\n{}", request.method,
      text::trim(wire::find_header(request.headers, "Accept")), content_md5,
      text::trim(wire::find_header(request.headers, "Content-Type")), date, nonce, *query);
  const std::string signature = wire::base64_encode(hmac_sha256(who.key.reveal_secret(), text));
  return wire::header_list{{"Content-MD5", content_md5},
                           {"Date", date},
                           {method_name, "HMAC-SHA256"},
                           {nonce_name, std::string(nonce)},
                           {"Authorization", who.id + ":" + signature, true}};
}

}  // namespace ark::sign
