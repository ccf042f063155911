#include "dialect/error_table.hpp"
#include "dialect/tencent/tencent_wire.hpp"

#include <algorithm>
#include <array>

namespace ark::adapters::tencent {
namespace {

using ark::dialect::error_meaning;

struct code_word {
  std::string_view begin;
  error_meaning meaning;
};
constexpr auto never = retry_class::never;
constexpr auto maybe = retry_class::maybe_billed;

/// The vendor's codes (SDK 3.1.162) by their beginnings; the first match counts. API 3.0 answers
/// 200 whatever happened, so that nothing here is safe to send again.
constexpr std::array<code_word, 24> codes = {{
    {"AuthFailure.UnauthorizedOperation", {errc::permission, never}},
    {"AuthFailure", {errc::auth, never}},
    {"UnauthorizedOperation", {errc::permission, never}},
    {"RequestLimitExceeded", {errc::rate_limit, maybe}},
    {"LimitExceeded", {errc::rate_limit, maybe}},
    {"FailedOperation.EngineServerLimitExceeded", {errc::rate_limit, maybe}},
    {"FailedOperation.EngineRequestTimeout", {errc::timeout, maybe}},
    {"FailedOperation.FreeResourcePackExhausted", {errc::quota, never}},
    {"FailedOperation.ResourcePackExhausted", {errc::quota, never}},
    {"FailedOperation.ServiceStopArrears", {errc::quota, never}},
    {"FailedOperation.ServiceStop", {errc::permission, never}},
    {"FailedOperation.ServiceNotActivated", {errc::permission, never}},
    {"FailedOperation.UserUnAuthError", {errc::permission, never}},
    {"OperationDenied.TextIllegalDetected", {errc::content_filter, never}},
    {"OperationDenied.ImageIllegalDetected", {errc::content_filter, never}},
    {"ResourceUnavailable.InArrears", {errc::quota, never}},
    {"ResourceUnavailable.LowBalance", {errc::quota, never}},
    {"ResourceUnavailable.NotExist", {errc::not_found, never}},
    {"ResourceInsufficient.ChargeResourceExhaust", {errc::quota, never}},
    {"InvalidParameterValue.Model", {errc::not_found, never}},
    {"InvalidParameter", {errc::invalid_request, never}},
    {"MissingParameter", {errc::invalid_request, never}},
    {"UnknownParameter", {errc::invalid_request, never}},
    {"UnsupportedOperation", {errc::unsupported, never}},
}};

error_meaning meaning_of(int status, const error& e, const quirk_view& quirks) {
  if (const auto* row = quirks.error(e.vendor_code)) return {row->code, row->retry};
  const auto hit = std::find_if(codes.begin(), codes.end(), [&](const code_word& w) {
    return e.vendor_code.starts_with(w.begin);
  });
  if (hit != codes.end()) return hit->meaning;
  return ark::dialect::meaning_of_status(status);
}

std::string scalar(element holder, std::string_view name) {
  element found;
  if (!json::find(holder, name, found)) return {};
  return found.is_number() ? simdjson::minify(found) : std::string(json::as_text(found));
}

}  // namespace

element unwrapped(element root) {
  element inner;
  return json::find(root, "Response", inner) && inner.is_object() ? inner : root;
}

bool is_error(element body) {
  element inner;
  for (const std::string_view name : {"Error", "ErrorMsg"})
    if (json::find(body, name, inner) && inner.is_object() &&
        !(scalar(inner, "Code").empty() && scalar(inner, "Msg").empty()))
      return true;
  return false;
}

error read_error(int status, element body, const quirk_view& quirks) {
  error e{.http_status = status};
  element inner;
  if (json::find(body, "Error", inner) || json::find(body, "ErrorMsg", inner)) {
    e.vendor_code = scalar(inner, "Code");
    e.vendor_message = json::text_at(inner, "Message");
    if (e.vendor_message.empty()) e.vendor_message = json::text_at(inner, "Msg");
  }
  e.request_id = json::text_at(body, "RequestId");
  ark::dialect::set_meaning(e, meaning_of(status, e, quirks));
  return e;
}

error decode_failure(const answer& a, const vendor& v) {
  const quirk_view quirks(v);
  json::reader reader;
  error e;
  if (const auto root = reader.parse(a.body); root && root->is_object()) {
    e = read_error(a.head.status, unwrapped(*root), quirks);
  } else {
    // A gateway's page: its beginning is all there is to say.
    e.http_status = a.head.status;
    e.vendor_message = a.body.substr(0, 500);
    ark::dialect::set_meaning(e, ark::dialect::meaning_of_status(a.head.status));
  }
  if (auto id = request_id(a.head); !id.empty()) e.request_id = std::move(id);
  ark::dialect::read_retry_headers(a.head.headers, e);
  return e;
}

error not_ours(const answer& a) {
  return ark::dialect::unreadable(a.head.status, a.body,
                                  "not of Tencent Cloud's API 3.0: check the base URL",
                                  request_id(a.head));
}

std::string request_id(const wire::http_head& head) {
  return std::string(wire::find_header(head.headers, "x-tc-requestid"));
}

}  // namespace ark::adapters::tencent
