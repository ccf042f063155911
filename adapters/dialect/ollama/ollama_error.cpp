#include "base/text.hpp"
#include "dialect/error_table.hpp"
#include "dialect/ollama/ollama_wire.hpp"

#include <algorithm>
#include <array>

namespace ark::adapters::ollama {
namespace {

using dialect::error_meaning;

/// The vendor has no codes: only the sentence tells these from any other 400 or 500. Recorded:
/// "prompt too long"; the others are in the server's source.
struct sentence {
  std::string_view part;
  error_meaning meaning;
};
constexpr std::array<sentence, 6> sentences = {{
    {"prompt too long", {errc::context_length, retry_class::never}},
    {"context length", {errc::context_length, retry_class::never}},
    {"context size", {errc::context_length, retry_class::never}},
    {"maximum pending requests exceeded", {errc::overloaded, retry_class::safe}},
    {"does not support ", {errc::unsupported, retry_class::never}},
    {"is not supported for this model", {errc::unsupported, retry_class::never}},
}};

error_meaning meaning_of(const error& e, std::string_view type, const quirk_view& quirks) {
  for (const std::string_view word : {std::string_view(e.vendor_code), type})
    if (const auto* row = quirks.error(word)) return {row->code, row->retry};
  const std::string said = text::lower(e.vendor_message);
  for (const sentence& s : sentences)
    if (said.find(s.part) != std::string::npos)
      return dialect::more_telling(s.meaning, e.http_status);
  return dialect::meaning_of_status(e.http_status);
}

error finished(error e, std::string_view type, const quirk_view& quirks) {
  dialect::set_meaning(e, meaning_of(e, type, quirks));
  return e;
}

}  // namespace

bool is_error(element root) {
  element e;
  return json::find(root, "error", e) && !e.is_null();
}

error read_error(int status, element root, const vendor& v) {
  error e{.http_status = status};
  std::string type;
  element inner;
  if (json::find(root, "error", inner) && inner.is_object()) {
    type = json::text_at(inner, "type");
    e.vendor_code = json::text_at(inner, "code");
    if (e.vendor_code.empty()) e.vendor_code = type;
    e.vendor_message = json::text_at(inner, "message");
  } else {
    e.vendor_message = json::text_at(root, "error");
  }
  return finished(std::move(e), type, quirk_view(v));
}

error read_error(int status, std::string_view body, const vendor& v) {
  json::reader reader;
  const auto root = reader.parse(body);
  if (root && is_error(*root)) return read_error(status, *root, v);
  // A gateway's page or nothing: its beginning is all there is to say.
  error e{.http_status = status};
  e.vendor_message = body.substr(0, 500);
  return finished(std::move(e), {}, quirk_view(v));
}

error decode_failure(const answer& a, const vendor& v) {
  error e = read_error(a.head.status, a.body, v);
  e.request_id = request_id(a.head);
  dialect::read_retry_headers(a.head.headers, e);
  return e;
}

error not_ours(const answer& a, std::string_view what) {
  return {.code = errc::protocol,
          .retry = retry_class::maybe_billed,
          .http_status = a.head.status,
          .message = "the vendor's answer is " + std::string(what),
          .request_id = request_id(a.head)};
}

std::string request_id(const wire::http_head& head) {
  return std::string(wire::find_header(head.headers, "x-request-id"));
}

}  // namespace ark::adapters::ollama
