#include "base/text.hpp"
#include "dialect/dashscope/dashscope_wire.hpp"
#include "dialect/error_table.hpp"

#include <algorithm>
#include <array>

namespace ark::adapters::dashscope {
namespace {

using ark::dialect::error_meaning;

struct error_word {
  std::string_view part;
  errc code;
  retry_class retry;
};
constexpr auto never = retry_class::never;
constexpr auto safe = retry_class::safe;
constexpr auto maybe = retry_class::maybe_billed;

/// The vendor's codes (its error documents of June 2026), in lower case. One matches as a part of
/// what came; the first match counts.
constexpr std::array<error_word, 24> words = {{
    {"allocationquota", errc::quota, never},
    {"insufficient_quota", errc::quota, never},
    {"arrearage", errc::quota, never},
    {"billoverdue", errc::quota, never},
    {"commoditynotpurchased", errc::quota, never},
    {"throttling", errc::rate_limit, safe},
    {"datainspectionfailed", errc::content_filter, never},
    {"data_inspection_failed", errc::content_filter, never},
    {"invalidapikey", errc::auth, never},
    {"invalid_api_key", errc::auth, never},
    {"accessdenied", errc::permission, never},
    {"access_denied", errc::permission, never},
    {"modelnotfound", errc::not_found, never},
    {"model_not_found", errc::not_found, never},
    {"requesttimeout", errc::timeout, maybe},
    {"internalerror.timeout", errc::timeout, maybe},
    {"modelunavailable", errc::overloaded, safe},
    {"modelservingerror", errc::overloaded, safe},
    {"serviceunavailable", errc::overloaded, safe},
    {"unsupportedoperation", errc::unsupported, never},
    {"internalerror", errc::server, maybe},
    {"systemerror", errc::server, maybe},
    {"invalidparameter", errc::invalid_request, never},
    {"badrequest", errc::invalid_request, never},
}};

/// What one code means several of, told apart by the sentence only.
error_meaning refine(error_meaning found, std::string_view message) {
  // The allocation of tokens per minute comes back; free quotas and plans do not.
  if (found.code == errc::quota && message.starts_with("Allocated quota exceeded"))
    return {errc::rate_limit, safe};
  if (found.code != errc::invalid_request) return found;
  if (message.find("Range of input length") != std::string_view::npos)
    return {errc::context_length, never};
  if (message.find("Model not exist") != std::string_view::npos) return {errc::not_found, never};
  return found;
}

error_meaning meaning_of(int status, const error& e, const quirk_view& quirks) {
  if (const auto* row = quirks.error(e.vendor_code)) return {row->code, row->retry};
  const std::string code = text::lower(e.vendor_code);
  const auto hit = std::find_if(words.begin(), words.end(), [&](const error_word& w) {
    return code.find(w.part) != std::string::npos;
  });
  const error_meaning plain = ark::dialect::meaning_of_status(status);
  if (hit == words.end()) return refine(plain, e.vendor_message);
  return ark::dialect::more_telling(refine({hit->code, hit->retry}, e.vendor_message), status);
}

}  // namespace

bool is_error(element root) {
  element code;
  return json::find(root, "code", code) && !json::as_text(code).empty();
}

error read_error(int status, element root, const quirk_view& quirks) {
  error e{.http_status = status};
  e.vendor_code = json::text_at(root, "code");
  e.vendor_message = json::text_at(root, "message");
  // The vendor's SDK knows these names too.
  if (e.vendor_code.empty()) e.vendor_code = json::text_at(root, "error_code");
  if (e.vendor_message.empty()) e.vendor_message = json::text_at(root, "error_message");
  e.request_id = json::text_at(root, "request_id");
  element own;
  const int named = json::find(root, "status_code", own)
                        ? static_cast<int>(std::clamp<std::int64_t>(json::as_integer(own), 0, 999))
                        : 0;
  if (status < 400 && named >= 400) status = named;
  ark::dialect::set_meaning(e, meaning_of(status, e, quirks), status);
  return e;
}

error decode_failure(const answer& a, const vendor& v) {
  const quirk_view quirks(v);
  json::reader reader;
  error e;
  if (const auto root = reader.parse(a.body); root && root->is_object()) {
    e = read_error(a.head.status, *root, quirks);
  } else {
    // A gateway's page: its beginning is all there is to say.
    e.http_status = a.head.status;
    e.vendor_message = a.body.substr(0, 500);
    ark::dialect::set_meaning(e, meaning_of(a.head.status, e, quirks));
  }
  if (auto id = request_id(a.head); !id.empty()) e.request_id = std::move(id);
  ark::dialect::read_retry_headers(a.head.headers, e);
  return e;
}

error not_ours(const answer& a) {
  return ark::dialect::unreadable(
      a.head.status, a.body, "not of the DashScope family: check the base URL", request_id(a.head));
}

std::string request_id(const wire::http_head& head) {
  for (const std::string_view name : {"x-request-id", "x-dashscope-request-id"})
    if (const auto value = wire::find_header(head.headers, name); !value.empty())
      return std::string(value);
  return {};
}

}  // namespace ark::adapters::dashscope
