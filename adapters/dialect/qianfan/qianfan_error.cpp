#include "dialect/error_table.hpp"
#include "dialect/openai_wire.hpp"
#include "dialect/qianfan/qianfan_wire.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace ark::adapters::qianfan {
namespace {

using dialect::error_meaning;
using json::element;

struct error_row {
  std::string_view code;
  error_meaning meaning;
};
constexpr auto safe = retry_class::safe;
constexpr auto maybe = retry_class::maybe_billed;

/// The numbers of the gateway and of the service (the vendor's SDK and documents).
constexpr std::array<error_row, 27> table = {{
    {"1", {errc::server, maybe}},
    {"2", {errc::overloaded, safe}},
    {"3", {errc::not_found}},  // no such interface
    {"4", {errc::rate_limit, safe}},
    {"6", {errc::permission}},
    {"13", {errc::auth}},        // the service's token could not be got
    {"14", {errc::auth}},        // the account's signature
    {"15", {errc::permission}},  // no such application
    {"17", {errc::quota}},       // of the day, or the account is in arrears
    {"18", {errc::rate_limit, safe}},
    {"19", {errc::quota}},  // the total
    {"100", {errc::auth}},  // the parameter access_token
    {"110", {errc::auth}},  // an access token that is not valid
    {"111", {errc::auth}},  // one that has ended
    {"336000", {errc::server, maybe}},
    {"336001", {errc::invalid_request}},
    {"336002", {errc::invalid_request}},  // the JSON
    {"336003", {errc::invalid_request}},  // a parameter
    {"336004", {errc::permission}},
    {"336005", {errc::not_found}},  // no service of this name
    {"336100", {errc::overloaded, safe}},
    {"336101", {errc::invalid_request}},  // the HTTP method
    {"336104", {errc::invalid_request}},  // the system message
    {"336105", {errc::invalid_request}},  // the user's settings
    {"336501", {errc::rate_limit, safe}},
    {"336502", {errc::rate_limit, safe}},
    {"500000", {errc::server, maybe}},
}};

/// The number as text, whether it came as one or not; "" for none and for 0.
std::string code_of(element root) {
  element e;
  if (!json::find(root, "error_code", e)) return {};
  std::string code = e.is_number() ? simdjson::minify(e) : std::string(json::as_text(e));
  if (code == "0") code.clear();
  return code;
}

std::optional<error_meaning> known_meaning(const std::string& code, std::string_view message,
                                           const dialect::quirk_view& quirks) {
  if (const auto* row = quirks.error(code)) return error_meaning{row->code, row->retry};
  const auto* found = std::find_if(table.begin(), table.end(),
                                   [&](const error_row& row) { return row.code == code; });
  if (found == table.end()) return std::nullopt;
  // One number for all that is wrong in a request: its sentence says more.
  const bool is_long =
      message.find("too long") != message.npos || message.find("max input") != message.npos;
  if (found->meaning.code == errc::invalid_request && is_long)
    return error_meaning{.code = errc::context_length};
  return found->meaning;
}

}  // namespace

bool is_error(element root) { return !code_of(root).empty(); }

error read_error(int status, element root, const dialect::quirk_view& quirks) {
  error e{.http_status = status};
  e.vendor_code = code_of(root);
  e.vendor_message = json::text_at(root, "error_msg");
  e.request_id = json::text_at(root, "id");
  const auto known = known_meaning(e.vendor_code, e.vendor_message, quirks);
  dialect::set_meaning(e, known ? *known : dialect::meaning_of_status(status), status);
  return e;
}

error decode_failure(const dialect::answer& a, const vendor& v) {
  const auto read = [&](element root) -> std::optional<error> {
    if (!is_error(root)) return std::nullopt;
    return read_error(a.head.status, root, dialect::quirk_view(v));
  };
  return dialect::failure_of(a.head, a.body, openai::request_id(a.head), read);
}

error not_ours(const dialect::answer& a) {
  return dialect::unreadable(a.head.status, a.body,
                             "not of Qianfan's first API: check the base URL",
                             openai::request_id(a.head));
}

}  // namespace ark::adapters::qianfan
