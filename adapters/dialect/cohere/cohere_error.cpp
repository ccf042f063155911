#include "dialect/cohere/cohere_wire.hpp"
#include "dialect/error_table.hpp"
#include "dialect/quirks.hpp"

namespace ark::adapters::cohere {
namespace {

using ark::dialect::error_meaning;

/// What the family's words say; the vendor has few of them and mostly writes sentences.
std::optional<error_meaning> meaning_of_words(const error& e) {
  const std::string_view message = e.vendor_message;
  if (e.vendor_code == "TOO_MANY_TOKENS" || message.starts_with("too many tokens"))
    return error_meaning{errc::context_length, retry_class::never};
  if (e.vendor_code == "TIMEOUT") return error_meaning{errc::timeout, retry_class::maybe_billed};
  switch (e.http_status) {
    case 429:
      // A trial key has a limit of calls a minute and one a month (headers of recorded answers).
      if (message.find("month") != std::string_view::npos)
        return error_meaning{errc::quota, retry_class::never};
      break;
    case 498:  // the vendor's own: an invalid token
      return error_meaning{errc::auth, retry_class::never};
    case 499:  // the vendor's own: cancelled before it was answered
      return error_meaning{errc::cancelled, retry_class::maybe_billed};
    default:
      break;
  }
  return std::nullopt;
}

}  // namespace

void set_meaning(error& e, const vendor& v) {
  const ark::dialect::quirk_view quirks(v);
  auto meaning = ark::dialect::meaning_of_status(e.http_status);
  if (const auto* row = quirks.error(e.vendor_code))
    meaning = {row->code, row->retry};
  else if (const auto own = meaning_of_words(e))
    meaning = *own;
  ark::dialect::set_meaning(e, meaning);
  if (e.code == errc::cancelled)
    e.message = "the vendor says that the request was cancelled before its answer: send it again";
}

error read_error(int status, std::string_view body, const vendor& v) {
  error e{.http_status = status};
  json::reader reader;
  const auto root = reader.parse(body);
  if (root && root->is_object()) {
    e.vendor_message = json::text_at(*root, "message");
    e.vendor_code = json::text_at(*root, "error_type");
    e.request_id = json::text_at(*root, "id");
  }
  // A gateway's page or nothing: its beginning is all there is to say.
  if (e.vendor_message.empty()) e.vendor_message = body.substr(0, 500);
  set_meaning(e, v);
  return e;
}

error decode_failure(const answer& a, const vendor& v) {
  error e = read_error(a.head.status, a.body, v);
  if (auto id = request_id(a.head); !id.empty()) e.request_id = std::move(id);
  ark::dialect::read_retry_headers(a.head.headers, e);
  return e;
}

error not_ours(const answer& a) {
  return ark::dialect::unreadable(a.head.status, a.body,
                                  "not of this version of Cohere's API: check the base URL",
                                  request_id(a.head));
}

std::string request_id(const wire::http_head& head) {
  return std::string(wire::find_header(head.headers, "x-debug-trace-id"));
}

}  // namespace ark::adapters::cohere
