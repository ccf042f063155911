#include "base/text.hpp"
#include "dialect/bedrock/bedrock_wire.hpp"
#include "dialect/error_table.hpp"
#include "dialect/quirks.hpp"

#include <algorithm>
#include <array>

namespace ark::adapters::bedrock {
namespace {

struct exception_word {
  std::string_view name;
  errc code;
  retry_class retry;
};

/// The service's model lists them. Recorded are those of 400 and 403.
constexpr std::array<exception_word, 18> exceptions = {{
    {"AccessDeniedException", errc::permission, retry_class::never},
    {"UnrecognizedClientException", errc::auth, retry_class::never},
    {"InvalidSignatureException", errc::auth, retry_class::never},
    {"IncompleteSignatureException", errc::auth, retry_class::never},
    {"MissingAuthenticationTokenException", errc::auth, retry_class::never},
    {"ExpiredTokenException", errc::auth, retry_class::never},
    {"ExpiredToken", errc::auth, retry_class::never},
    {"ResourceNotFoundException", errc::not_found, retry_class::never},
    {"ValidationException", errc::invalid_request, retry_class::never},
    {"ConflictException", errc::invalid_request, retry_class::maybe_billed},
    {"ServiceQuotaExceededException", errc::quota, retry_class::never},
    {"ThrottlingException", errc::rate_limit, retry_class::safe},
    {"ModelNotReadyException", errc::overloaded, retry_class::safe},
    {"ServiceUnavailableException", errc::overloaded, retry_class::safe},
    {"ModelTimeoutException", errc::timeout, retry_class::maybe_billed},
    {"ModelErrorException", errc::server, retry_class::maybe_billed},
    {"ModelStreamErrorException", errc::server, retry_class::maybe_billed},
    {"InternalServerException", errc::server, retry_class::maybe_billed},
}};

const exception_word* find_exception(std::string_view name) {
  // Streams write the first letter small.
  const auto at = std::find_if(exceptions.begin(), exceptions.end(), [name](const auto& row) {
    return text::same_ignoring_case(row.name, name);
  });
  return at == exceptions.end() ? nullptr : &*at;
}

/// A refusal that says nothing more by its name, told apart by its sentence (recorded).
errc refine(errc code, std::string_view message) {
  if (code != errc::invalid_request) return code;
  const std::string low = text::lower(message);
  const auto says = [&low](std::string_view part) { return low.find(part) != low.npos; };
  if (says("input tokens exceeded") || says("input is too long") || says("prompt is too long") ||
      says("exceed context limit") || says("maximum context length"))
    return errc::context_length;
  if (says("model identifier is invalid")) return errc::not_found;
  return code;
}

/// "com.amazon.coral.service#Name:http://..." -> "Name".
std::string_view bare_name(std::string_view name) {
  name = name.substr(0, name.find(':'));
  const auto mark = name.rfind('#');
  return mark == name.npos ? name : name.substr(mark + 1);
}

void set_meaning(error& e, const vendor& v) {
  const dialect::quirk_view quirks(v);
  auto meaning = dialect::meaning_of_status(e.http_status);
  const auto* own = find_exception(e.vendor_code);
  if (own != nullptr) meaning = dialect::more_telling({own->code, own->retry}, e.http_status);
  meaning.code = refine(meaning.code, e.vendor_message);
  if (const auto* row = quirks.error(e.vendor_code)) meaning = {row->code, row->retry};
  dialect::set_meaning(e, meaning);
}

}  // namespace

error read_error(int status, std::string_view name, std::string_view body, const vendor& v) {
  error e{.http_status = status};
  e.vendor_code = bare_name(name);
  json::reader reader;
  const auto root = reader.parse(body);
  if (root && root->is_object()) {
    e.vendor_message = json::text_at(*root, "message");
    if (e.vendor_message.empty()) e.vendor_message = json::text_at(*root, "Message");
    if (e.vendor_code.empty()) e.vendor_code = bare_name(json::text_at(*root, "__type"));
  } else {
    // A gateway's page, a stream's own words or nothing: its beginning is all there is to say.
    e.vendor_message = body.substr(0, 500);
  }
  set_meaning(e, v);
  return e;
}

error read_error(const dialect::answer& a, const vendor& v) {
  error e =
      read_error(a.head.status, wire::find_header(a.head.headers, "x-amzn-errortype"), a.body, v);
  e.request_id = request_id(a.head);
  dialect::read_retry_headers(a.head.headers, e);
  return e;
}

error read_stream_error(std::string_view type, std::string_view data, const vendor& v) {
  return read_error(200, type.substr(type.find(':') + 1), data, v);
}

std::string request_id(const wire::http_head& head) {
  return std::string(wire::find_header(head.headers, "x-amzn-requestid"));
}

}  // namespace ark::adapters::bedrock
