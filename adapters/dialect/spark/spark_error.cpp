#include "dialect/error_table.hpp"
#include "dialect/spark/spark_wire.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace ark::adapters::spark {
namespace {

using dialect::error_meaning;
using json::element;

struct error_row {
  int code;
  error_meaning meaning;
};
constexpr auto safe = retry_class::safe;
constexpr auto maybe = retry_class::maybe_billed;

/// The vendor's numbers (its documents, and a published list of them, 2025-09).
constexpr std::array<error_row, 27> table = {{
    {10000, {errc::server, maybe}},     // the upgrade
    {10001, {errc::server, maybe}},     // reading the message
    {10002, {errc::server, maybe}},     // sending one
    {10003, {errc::invalid_request}},   // the message's form
    {10004, {errc::invalid_request}},   // its schema
    {10005, {errc::invalid_request}},   // a parameter's value
    {10006, {errc::rate_limit, safe}},  // the same user at once
    {10007, {errc::overloaded, safe}},  // the user's earlier message is still being answered
    {10008, {errc::overloaded, safe}},
    {10009, {errc::server, maybe}},   // the engine: connecting
    {10010, {errc::server, maybe}},   // receiving
    {10011, {errc::server, maybe}},   // sending
    {10012, {errc::server, maybe}},   // inside
    {10013, {errc::content_filter}},  // the prompt
    {10014, {errc::content_filter}},  // the answer
    {10015, {errc::permission}},      // the application is blocked
    {10016, {errc::permission}},      // the application lacks the right
    {10017, {errc::server, maybe}},   // clearing the history
    {10019, {errc::content_filter}},  // the conversation
    {10110, {errc::overloaded, safe}},
    {10163, {errc::invalid_request}},  // the engine's schema
    {10222, {errc::server, maybe}},    // the engine's network
    {10907, {errc::context_length}},
    {11200, {errc::permission}},        // no right to this version, or its total is used up
    {11201, {errc::quota}},             // of the day
    {11202, {errc::rate_limit, safe}},  // a second
    {11203, {errc::rate_limit, safe}},  // at once
}};

std::optional<error_meaning> meaning_of(const error& e, std::int64_t code,
                                        const dialect::quirk_view& quirks) {
  if (const auto* row = quirks.error(e.vendor_code)) return error_meaning{row->code, row->retry};
  const auto* found = std::find_if(table.begin(), table.end(),
                                   [&](const error_row& row) { return row.code == code; });
  if (found == table.end()) return std::nullopt;
  return found->meaning;
}

}  // namespace

bool is_error(element frame) {
  element header;
  return json::find(frame, "header", header) && json::integer_at(header, "code") != 0;
}

error read_error(int status, element frame, const dialect::quirk_view& quirks) {
  error e{.http_status = status};
  element header;
  // A refused handshake has its code and message, if any, outside of a header.
  if (!json::find(frame, "header", header)) header = frame;
  const std::int64_t code = json::integer_at(header, "code");
  if (code != 0) e.vendor_code = std::to_string(code);
  e.vendor_message = json::text_at(header, "message");
  e.request_id = json::text_at(header, "sid");
  const auto known = meaning_of(e, code, quirks);
  const error_meaning plain = dialect::meaning_of_status(status < 400 ? 500 : status);
  dialect::set_meaning(e, known ? *known : plain, status);
  return e;
}

error decode_failure(const dialect::answer& a, const vendor& v) {
  const auto read = [&](element root) {
    return read_error(a.head.status, root, dialect::quirk_view(v));
  };
  error e = dialect::failure_of(a.head, a.body, {}, read);
  if (a.head.status == 401 || a.head.status == 403)
    e.message += "; the vendor also says so where the clocks differ by more than 5 minutes";
  return e;
}

}  // namespace ark::adapters::spark
