#include "base/text.hpp"
#include "dialect/error_table.hpp"
#include "dialect/gemini/gemini_wire.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>

namespace ark::adapters::gemini {
namespace {

using ark::dialect::error_meaning;
using std::chrono::milliseconds;

/// google.rpc.Code, and the reasons of google.rpc.ErrorInfo that say more than it. Interactions
/// have them in small letters, and "invalid_request" (vendor's document).
struct status_word {
  std::string_view word;
  error_meaning meaning;
};
constexpr std::array<status_word, 18> status_words = {{
    {"API_KEY_INVALID", {errc::auth, retry_class::never}},
    {"API_KEY_SERVICE_BLOCKED", {errc::permission, retry_class::never}},
    {"BILLING_DISABLED", {errc::quota, retry_class::never}},
    {"INVALID_ARGUMENT", {errc::invalid_request, retry_class::never}},
    {"INVALID_REQUEST", {errc::invalid_request, retry_class::never}},
    {"FAILED_PRECONDITION", {errc::invalid_request, retry_class::never}},
    {"OUT_OF_RANGE", {errc::invalid_request, retry_class::never}},
    {"UNAUTHENTICATED", {errc::auth, retry_class::never}},
    {"PERMISSION_DENIED", {errc::permission, retry_class::never}},
    {"NOT_FOUND", {errc::not_found, retry_class::never}},
    {"RESOURCE_EXHAUSTED", {errc::rate_limit, retry_class::safe}},
    {"UNIMPLEMENTED", {errc::unsupported, retry_class::never}},
    {"UNAVAILABLE", {errc::overloaded, retry_class::safe}},
    {"DEADLINE_EXCEEDED", {errc::timeout, retry_class::maybe_billed}},
    {"CANCELLED", {errc::server, retry_class::maybe_billed}},
    {"ABORTED", {errc::server, retry_class::maybe_billed}},
    {"INTERNAL", {errc::server, retry_class::maybe_billed}},
    {"UNKNOWN", {errc::server, retry_class::maybe_billed}},
}};

const error_meaning* find_status(std::string_view word) {
  const auto at = std::find_if(
      status_words.begin(), status_words.end(),
      [word](const status_word& row) { return text::same_ignoring_case(row.word, word); });
  return at == status_words.end() ? nullptr : &at->meaning;
}

/// What the error object says.
struct said_error {
  std::string status, reason, message;
  int code = 0;
  bool out_of_quota = false;
  std::optional<milliseconds> retry_after;
};

/// A duration as protobuf writes it: "48s", "0.5s".
std::optional<milliseconds> read_duration(std::string_view text) {
  double seconds = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), seconds);
  const bool whole =
      read.ec == std::errc{} && std::string_view(read.ptr, text.data() + text.size()) == "s";
  // More than a day is nonsense.
  if (!whole || !(seconds >= 0) || seconds > 86'400) return std::nullopt;
  return milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

/// A quota of minutes is a rate limit. One of days, or one that the account has nothing of, is not.
bool is_spent(element failure) {
  element list;
  simdjson::dom::array violations;
  if (!json::find(failure, "violations", list) || list.get(violations)) return false;
  for (const element v : violations) {
    const std::string_view id = json::text_at(v, "quotaId");
    if (id.find("PerDay") != std::string_view::npos || json::text_at(v, "quotaValue") == "0")
      return true;
  }
  return false;
}

void read_details(element list, said_error& said) {
  simdjson::dom::array items;
  if (list.get(items)) return;
  for (const element item : items) {
    const std::string_view type = json::text_at(item, "@type");
    if (type.ends_with(".RetryInfo")) {
      said.retry_after = read_duration(json::text_at(item, "retryDelay"));
    } else if (type.ends_with(".QuotaFailure")) {
      said.out_of_quota = said.out_of_quota || is_spent(item);
    } else if (type.ends_with(".ErrorInfo")) {
      said.reason = json::text_at(item, "reason");
    }
  }
}

/// Without `alt=sse` a stream's error stands in a list.
bool find_error(element root, element& out) noexcept {
  simdjson::dom::array list;
  if (!root.get(list)) return list.size() > 0 && find_error(list.at(0), out);
  return json::find(root, "error", out) && out.is_object();
}

said_error read_said_error(element object) {
  said_error said;
  element e;
  said.message = json::text_at(object, "message");
  said.status = json::text_at(object, "status");
  if (json::find(object, "code", e)) {
    said.code = static_cast<int>(std::clamp<std::int64_t>(json::as_integer(e), 0, 999));
    if (said.status.empty())
      said.status = e.is_string() ? std::string(json::as_text(e)) : std::to_string(said.code);
  }
  if (json::find(object, "details", e)) read_details(e, said);
  return said;
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// INVALID_ARGUMENT and RESOURCE_EXHAUSTED are several things, told apart by their sentence only.
error_meaning refine(error_meaning meaning, const said_error& said) {
  if (meaning.code == errc::invalid_request &&
      (contains(said.message, "input token count") ||  // recorded
       contains(said.message, "exceeds the maximum number of tokens")))
    return {errc::context_length, retry_class::never};
  if (meaning.code == errc::invalid_request && contains(said.message, "API key not valid"))
    return {errc::auth, retry_class::never};
  if (meaning.code == errc::rate_limit &&
      (said.out_of_quota || contains(said.message, "credits are depleted")))
    return {errc::quota, retry_class::never};
  return meaning;
}

error_meaning meaning_of(const said_error& said, int http_status, const vendor& v) {
  const ark::dialect::quirk_view quirks(v);
  for (const std::string& word : {said.reason, said.status})
    if (const auto* row = quirks.error(word)) return {row->code, row->retry};
  const int status = http_status >= 400 || said.code < 400 ? http_status : said.code;
  for (const std::string& word : {said.reason, said.status})
    if (const auto* own = find_status(word))
      return refine(ark::dialect::more_telling(*own, status), said);
  return refine(ark::dialect::meaning_of_status(status), said);
}

error make_failure(int http_status, const said_error& said, const vendor& v) {
  error e{.http_status = http_status};
  e.vendor_message = said.message;
  e.vendor_code = said.status;
  e.retry_after = said.retry_after;
  ark::dialect::set_meaning(e, meaning_of(said, http_status, v));
  if (e.retry == retry_class::safe && e.retry_after) e.retry = retry_class::after;
  return e;
}

}  // namespace

bool is_error(element root) noexcept {
  element e;
  return find_error(root, e);
}

error read_error(int status, element root, const vendor& v) {
  element object;
  return make_failure(status, find_error(root, object) ? read_said_error(object) : said_error{}, v);
}

error read_error(int status, std::string_view body, const vendor& v) {
  json::reader reader;
  const auto root = reader.parse(body);
  if (root && is_error(*root)) return read_error(status, *root, v);
  // A gateway's page or nothing: its beginning is all there is to say.
  said_error said;
  said.message = body.substr(0, 500);
  return make_failure(status, said, v);
}

error decode_failure(const dialect::answer& a, const vendor& v) {
  error e = read_error(a.head.status, a.body, v);
  e.request_id = request_id(a.head);
  const auto asked = e.retry_after;
  ark::dialect::read_retry_headers(a.head.headers, e);
  if (!e.retry_after) e.retry_after = asked;
  return e;
}

error not_ours(const dialect::answer& a) {
  return ark::dialect::unreadable(a.head.status, a.body,
                                  "not of the generateContent family: check the base URL",
                                  request_id(a.head));
}

std::string request_id(const wire::http_head& head) {
  return std::string(wire::find_header(head.headers, "x-vertex-ai-received-request-id"));
}

}  // namespace ark::adapters::gemini
