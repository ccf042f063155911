#include "dialect/error_table.hpp"

#include "wire/http_time.hpp"

#include <algorithm>
#include <utility>

namespace ark::dialect {
namespace {

using namespace std::chrono_literals;

/// Vendors mean minutes; more than a day is nonsense or a date misread.
constexpr std::chrono::milliseconds longest_wait = 24h;

std::optional<std::chrono::milliseconds> wait_of(const wire::header_list& headers) {
  // A date is only as good as the vendor's own clock, which its answer tells.
  const auto now = wire::parse_http_date(wire::find_header(headers, "date"));
  if (!now && wire::parse_http_date(wire::find_header(headers, "retry-after"))) return std::nullopt;
  const auto wait = wire::retry_after(headers, now.value_or(wire::wall_time{}));
  if (!wait) return std::nullopt;
  return std::min<std::chrono::milliseconds>(*wait, longest_wait);
}

}  // namespace

error_meaning meaning_of_status(int status) noexcept {
  switch (status) {
    case 401:
      return {errc::auth, retry_class::never};
    case 402:
      return {errc::quota, retry_class::never};
    case 403:
      return {errc::permission, retry_class::never};
    case 404:
      return {errc::not_found, retry_class::never};
    case 408:
      return {errc::timeout, retry_class::maybe_billed};
    case 429:
      return {errc::rate_limit, retry_class::safe};
    case 501:
      return {errc::unsupported, retry_class::never};
    case 502:
      return {errc::server, retry_class::maybe_billed};
    case 503:
      // A gateway's as well as the vendor's: whether the work was done is for words to say.
      return {errc::overloaded, retry_class::maybe_billed};
    case 504:
      return {errc::timeout, retry_class::maybe_billed};
    case 529:
      return {errc::overloaded, retry_class::safe};
    default:
      break;
  }
  if (status >= 500) return {errc::server, retry_class::maybe_billed};
  if (status >= 400) return {errc::invalid_request, retry_class::never};
  if (status >= 300) return {errc::protocol, retry_class::never};
  return {errc::server, retry_class::maybe_billed};
}

error_meaning more_telling(error_meaning words, int status) noexcept {
  const error_meaning plain = meaning_of_status(status);
  const bool is_general = words.code == errc::server;
  return is_general && (status >= 500 || status == 429) ? plain : words;
}

void set_meaning(error& e, error_meaning meaning, int status) {
  const bool accepted = e.http_status < 400;
  e.code = meaning.code;
  e.retry =
      accepted && meaning.retry == retry_class::safe ? retry_class::maybe_billed : meaning.retry;
  e.message = advice(e.code, status);
}

error unreadable(int status, std::string_view body, std::string_view what, std::string request_id) {
  return {.code = errc::protocol,
          .retry = retry_class::maybe_billed,
          .http_status = status,
          .message = "the vendor's answer is " + std::string(what),
          .vendor_message = std::string(body.substr(0, 500)),
          .request_id = std::move(request_id)};
}

error failure_of(const wire::http_head& head, std::string_view body, std::string request_id,
                 const std::function<std::optional<error>(json::element)>& read) {
  json::reader reader;
  std::optional<error> e;
  if (const auto root = reader.parse(body); root && root->is_object()) e = read(*root);
  if (!e) {
    e = error{.http_status = head.status, .vendor_message = std::string(body.substr(0, 500))};
    set_meaning(*e, meaning_of_status(head.status));
  }
  if (!request_id.empty()) e->request_id = std::move(request_id);
  read_retry_headers(head.headers, *e);
  return *std::move(e);
}

std::string advice(errc code, int status) {
  // An error inside a 200 is no matter of HTTP.
  const std::string http = status >= 300 ? " (HTTP " + std::to_string(status) + ")" : std::string{};
  switch (code) {
    case errc::auth:
      return "the vendor refused the key" + http + ": check it";
    case errc::permission:
      return "the key may not do this" + http + ": use another key, model or region";
    case errc::not_found:
      return "the vendor has no such model or endpoint" + http + ": check the model's id";
    case errc::context_length:
      return "the prompt and the answer do not fit the model" + http + ": shorten the prompt";
    case errc::content_filter:
      return "the vendor's policy refused the prompt" + http + ": change it";
    case errc::rate_limit:
      return "too many requests for this key" + http + ": try later";
    case errc::quota:
      return "the account has no credit or quota left" + http + ": raise it at the vendor";
    case errc::overloaded:
      return "the vendor is overloaded" + http + ": try later";
    case errc::timeout:
      return "the vendor took too long" + http + ": try again or ask for less";
    case errc::unsupported:
      return "the vendor cannot do this" + http + ": change the request";
    case errc::protocol:
      return "the answer is not what the vendor's protocol says" + http + ": check the base URL";
    case errc::server:
      if (status == 502)
        return "a gateway before the vendor got no answer from it" + http + ": try later";
      return "the vendor failed" + http + ": try later";
    case errc::invalid_request:
    case errc::cancelled:
    case errc::network:
    case errc::tls:
    case errc::truncated:
    case errc::too_large:
    case errc::no_candidate:
    case errc::budget:
    case errc::ledger:
    case errc::config:
    case errc::internal:
    case errc::circuit_open:
      break;
  }
  if (status == 413) return "the request is too large for the vendor" + http + ": shorten it";
  return "the vendor refused the request" + http + ": correct it, see the vendor's message";
}

void read_retry_headers(const wire::header_list& headers, error& e) {
  e.retry_after = wait_of(headers);
  const std::string_view advice = wire::find_header(headers, "x-should-retry");
  // It asks to be asked again: so it has done nothing.
  if (e.http_status == 503 && e.retry == retry_class::maybe_billed &&
      (e.retry_after || advice == "true"))
    e.retry = retry_class::safe;
  if (e.retry == retry_class::safe && e.retry_after) e.retry = retry_class::after;
  if (advice == "false") e.retry = retry_class::never;
}

}  // namespace ark::dialect
