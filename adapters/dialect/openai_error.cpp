#include "dialect/error_table.hpp"
#include "dialect/openai_wire.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace ark::adapters::openai {
namespace {

using ark::dialect::error_meaning;

/// Codes and types that say more than the HTTP status does. A word matches as a part of the
/// vendor's (in lower case); the first match counts, so quota stands before rate limits.
struct error_word {
  std::string_view part;
  errc code;
  retry_class retry;
};
constexpr auto never = retry_class::never;
constexpr std::array<error_word, 46> words = {{
    {"insufficient_quota", errc::quota, never},
    {"exceeded_current_quota", errc::quota, never},
    {"insufficient_balance", errc::quota, never},
    {"billing", errc::quota, never},
    {"credit", errc::quota, never},
    {"overdue", errc::quota, never},
    {"setlimitexceeded", errc::quota, never},
    {"filequotaexceeded", errc::quota, never},
    {"content_filter", errc::content_filter, never},
    {"content_policy", errc::content_filter, never},
    {"sensitivecontent", errc::content_filter, never},
    {"riskdetection", errc::content_filter, never},
    {"contentsecurity", errc::content_filter, never},
    {"responsibleai", errc::content_filter, never},
    {"context_length", errc::context_length, never},
    {"context_size", errc::context_length, never},
    {"context_window", errc::context_length, never},
    {"outofcontext", errc::context_length, never},
    {"invalid_api_key", errc::auth, never},
    {"wrong_api_key", errc::auth, never},
    {"authentication", errc::auth, never},
    {"permission", errc::permission, never},
    {"accessdenied", errc::permission, never},
    {"invalidsubscription", errc::permission, never},
    {"invalidaccountstatus", errc::permission, never},
    {"model_not_found", errc::not_found, never},
    {"model_decommissioned", errc::not_found, never},
    {"not_found_error", errc::not_found, never},
    {"invalidendpointormodel", errc::not_found, never},
    {"modelnotopen", errc::not_found, never},
    {"closedendpoint", errc::not_found, never},
    // How many requests may run at once: not sent again until one of them ends.
    {"inflightbatchsize", errc::rate_limit, never},
    {"rate_limit", errc::rate_limit, retry_class::safe},
    {"ratelimit", errc::rate_limit, retry_class::safe},
    {"toofast", errc::rate_limit, retry_class::safe},
    {"overloaded", errc::overloaded, retry_class::safe},
    {"unavailable_error", errc::overloaded, retry_class::safe},
    {"not_supported_error", errc::unsupported, never},
    {"unsupportedcustomization", errc::unsupported, never},
    {"customizationnotsupported", errc::unsupported, never},
    {"operationdenied.invalidstate", errc::invalid_request, never},
    {"operationdenied.unsupportedphase", errc::invalid_request, never},
    {"operationdenied.conflicted", errc::invalid_request, never},
    {"server_error", errc::server, retry_class::maybe_billed},
    {"internal", errc::server, retry_class::maybe_billed},
    {"tool_use_failed", errc::invalid_request, never},
}};

/// Sentences that tell apart what has one code at many vendors (recorded).
constexpr std::array<error_word, 13> sentences = {{
    {"overloaded", errc::overloaded, retry_class::safe},
    {"context length", errc::context_length, never},
    {"context size", errc::context_length, never},
    {"context window", errc::context_length, never},
    {"prompt too long", errc::context_length, never},
    {"too many tokens", errc::context_length, never},
    {"too large to process", errc::context_length, never},
    {"exceeded your current quota", errc::quota, never},
    {"insufficient balance", errc::quota, never},
    {"included credits", errc::quota, never},
    {"incorrect api key", errc::auth, never},
    {"requires moderation", errc::content_filter, never},
    {"was flagged", errc::content_filter, never},
}};

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

template <std::size_t N>
const error_word* match(const std::array<error_word, N>& table, std::string_view text) {
  const std::string low = lower(text);
  const auto hit = std::find_if(table.begin(), table.end(), [&](const error_word& w) {
    return low.find(w.part) != std::string::npos;
  });
  return hit == table.end() ? nullptr : &*hit;
}

std::string scalar(element e) {
  if (e.is_string()) return std::string(json::as_text(e));
  if (e.is_number()) return simdjson::minify(e);
  return {};
}

/// What an error object says, whatever its vendor calls it.
struct said {
  std::string message, code, type;
  int status = 0;
};

void read_fields(element e, said& s) {
  simdjson::dom::object o;
  if (e.is_string()) s.message = json::as_text(e);
  if (e.get(o) != simdjson::SUCCESS) return;
  for (const auto [key, value] : o) {
    if (key == "message" && (value.is_object() || value.is_array())) {
      s.message = simdjson::minify(value).substr(0, 500);  // the fields that are wrong (recorded)
    } else if (key == "message" || key == "detail" || key == "msg" || key == "reason" ||
               key == "error_msg") {
      if (auto text = scalar(value); !text.empty() && (s.message.empty() || key == "message"))
        s.message = std::move(text);
    } else if (key == "code" || key == "error_code") {
      s.code = scalar(value);
    } else if (key == "type" || key == "error_type") {
      s.type = scalar(value);
    } else if (key == "status_code" || key == "status") {
      s.status = static_cast<int>(json::as_integer(value));
    }
  }
}

/// The number by which this vendor names an error in an answer of status 200, if there is one.
bool find_error_inside(element root, const quirk_view& quirks, element& code) {
  return quirks.error_inside != nullptr && json::find_path(root, quirks.error_inside->code, code) &&
         json::as_integer(code) != 0;
}

said read_said(element root, const quirk_view& quirks) {
  said s;
  element inner;
  if (find_error_inside(root, quirks, inner)) {
    s.code = scalar(inner);
    if (json::find_path(root, quirks.error_inside->message, inner)) s.message = scalar(inner);
    return s;
  }
  simdjson::dom::array list;
  const bool has_error = json::find(root, "error", inner) && !inner.is_null();
  if (has_error && inner.is_object()) {
    read_fields(inner, s);
    return s;
  }
  read_fields(root, s);
  if (has_error) read_fields(inner, s);
  for (const std::string_view name : {"errors", "detail"})
    if (json::find(root, name, inner) && inner.get(list) == simdjson::SUCCESS && list.size() > 0)
      read_fields(list.at(0), s);
  return s;
}

/// The status that the error itself names, if it does; else the HTTP answer's.
int own_status(const said& s, int http_status) {
  if (http_status >= 400) return http_status;
  if (s.status >= 400 && s.status < 600) return s.status;
  int code = 0;
  const auto read = std::from_chars(s.code.data(), s.code.data() + s.code.size(), code);
  const bool whole = read.ec == std::errc{} && read.ptr == s.code.data() + s.code.size();
  return whole && code >= 400 && code < 600 ? code : http_status;
}

error_meaning meaning_of(const said& s, int status, const quirk_view& quirks) {
  for (const std::string& word : {s.code, s.type, std::to_string(status)})
    if (const auto* row = quirks.error(word)) return {row->code, row->retry};
  std::optional<error_meaning> general;
  for (const std::string& word : {s.code, s.type}) {
    const auto own = meaning_of_word(word);
    if (own && own->code != errc::server) return *own;
    if (own) general = own;
  }
  const error_meaning plain = ark::dialect::meaning_of_status(status);
  if (plain.code == errc::auth || plain.code == errc::not_found) return plain;
  if (const auto* own = match(sentences, s.message)) return {own->code, own->retry};
  if (general) return ark::dialect::more_telling(*general, status);
  if (status < 400 && s.type.find("invalid") != std::string::npos)
    return {errc::invalid_request, never};
  return plain;
}

error make_error(const said& s, int http_status, const quirk_view& quirks) {
  error e{.http_status = http_status};
  e.vendor_message = s.message;
  e.vendor_code = s.code.empty() ? s.type : s.code;
  if (e.vendor_code.empty() && s.status != 0) e.vendor_code = std::to_string(s.status);
  const int status = own_status(s, http_status);
  ark::dialect::set_meaning(e, meaning_of(s, status, quirks), status);
  return e;
}

}  // namespace

std::optional<error_meaning> meaning_of_word(std::string_view word) {
  const auto* known = match(words, word);
  if (known == nullptr) return std::nullopt;
  return error_meaning{known->code, known->retry};
}

bool is_error(element root, const quirk_view& quirks) {
  element e;
  if (find_error_inside(root, quirks, e)) return true;
  if (json::find(root, "error", e) && !e.is_null()) {
    simdjson::dom::object o;
    if (e.get(o) == simdjson::SUCCESS) return o.size() > 0;
    return !e.is_bool() && !(e.is_string() && json::as_text(e).empty());
  }
  if (json::find(root, "object", e) && json::as_text(e) == "error") return true;
  return json::find(root, "detail", e) && !json::find(root, "choices", e) &&
         !json::find(root, "data", e);
}

error read_error(int status, element root, const quirk_view& quirks) {
  return make_error(read_said(root, quirks), status, quirks);
}

error read_error_body(int status, std::string_view body, const quirk_view& quirks) {
  json::reader reader;
  if (const auto root = reader.parse(body)) return read_error(status, *root, quirks);
  // A gateway's page: its beginning is all there is to say.
  said s;
  s.message = body.substr(0, 500);
  return make_error(s, status, quirks);
}

std::string request_id(const wire::http_head& head) {
  for (const std::string_view name :
       {"x-request-id", "request-id", "msh-request-id", "x-client-request-id", "x-ms-request-id",
        "apim-request-id", "mistral-correlation-id", "minimax-request-id", "x-baseten-request-id",
        "x-siliconcloud-trace-id", "x-baidu-request-id", "x-trace-id"})
    if (const auto value = wire::find_header(head.headers, name); !value.empty())
      return std::string(value);
  return {};
}

}  // namespace ark::adapters::openai
