#include "dialect/error_table.hpp"
#include "dialect/openai_responses/responses_wire.hpp"
#include "dialect/openai_wire.hpp"
#include "dialect/turns.hpp"

#include <algorithm>

namespace ark::adapters::responses {
namespace {

using json::text_at;

finish_reason meaning_of_incomplete(std::string_view reason) {
  if (reason == "max_output_tokens" || reason == "length") return finish_reason::length;
  if (reason == "content_filter") return finish_reason::content_filter;
  return finish_reason::other;
}

finish_reason meaning_of_completed(const ark::message& m) {
  if (dialect::has_part<tool_call_part>(m)) return finish_reason::tool_calls;
  return dialect::has_part<refusal_part>(m) ? finish_reason::refusal : finish_reason::stop;
}

/// "web_search_calls" -> "web_search"; what is not a count of calls is left out.
void read_tool_counts(element usage, ark::usage& u) {
  element details;
  simdjson::dom::object counts;
  constexpr std::string_view suffix = "_calls";
  if (!json::find(usage, "server_side_tool_usage_details", details) || details.get(counts)) return;
  for (const auto [key, value] : counts) {
    std::string_view name = key;
    const std::int64_t calls = json::as_integer(value);
    if (!name.ends_with(suffix) || calls <= 0) continue;
    name.remove_suffix(suffix.size());
    u.units[std::string(name)] = calls;
  }
}

/// Calls of the vendor's own tools, by their names: {"web_search": 2}. Members that are no counts
/// are another vendor's.
void read_tool_usage(element usage, ark::usage& u) {
  element tools;
  simdjson::dom::object counts;
  if (!json::find(usage, "tool_usage", tools) || tools.get(counts)) return;
  for (const auto [name, value] : counts)
    if (const std::int64_t calls = json::as_integer(value); calls > 0)
      u.units[std::string(name)] = calls;
}

/// Tokens of the image model behind a tool have prices of their own.
void note_image_tokens(element response, reply_builder& out) {
  element found;
  if (!json::find_path(response, "tool_usage.image_gen.total_tokens", found)) return;
  if (const std::int64_t tokens = json::as_integer(found); tokens > 0)
    out.note("the vendor's image tool used " + std::to_string(tokens) +
             " tokens that are not in this usage");
}

/// Codes of `response.error` (the vendor's SDK types, 2026-11-13) that the family of chat
/// completions does not have.
errc meaning_of_code(std::string_view code) {
  if (code.find("policy") != std::string_view::npos) return errc::content_filter;
  if (code.starts_with("invalid_") || code.find("image") != std::string_view::npos ||
      code == "data_residency_mismatch" || code == "unsupported_parameter")
    return errc::invalid_request;
  return errc::server;
}

}  // namespace

bool is_response(element root) {
  element output;
  return json::find(root, "output", output) && output.is_array();
}

error read_failure(element holder, const quirk_view& quirks) {
  error e = openai::read_error(200, holder, quirks);
  if (e.code != errc::server || e.vendor_code.empty() || quirks.error(e.vendor_code)) return e;
  const errc better = meaning_of_code(e.vendor_code);
  if (better == errc::server) return e;
  e.code = better;
  e.retry = retry_class::never;
  e.message = ark::dialect::advice(better, 200);
  return e;
}

void response_reader::start(element response, reply_builder& out) {
  out.started(text_at(response, "id"), text_at(response, "model"));
}

void response_reader::end(element response, reply_builder& out) {
  start(response, out);
  element found;
  if (json::find(response, "output", found)) items_.end_all(found, out);
  items_.finish(out);
  usage(response, out);
  finish(response, out);
}

void response_reader::usage(element response, reply_builder& out) {
  element found;
  if (!json::find(response, "usage", found)) return;
  auto read = openai::read_usage(found, quirks_, out);
  if (!read) return;
  if (read->service_tier.empty()) read->service_tier = text_at(response, "service_tier");
  read_tool_counts(found, *read);
  read_tool_usage(found, *read);
  std::int64_t searches = items_.web_searches();
  if (json::find_path(response, "tool_usage.web_search.num_requests", found))
    searches = json::as_integer(found);
  if (searches > 0) read->units.try_emplace("web_search", searches);
  note_image_tokens(response, out);
  out.usage(*read);
}

void response_reader::finish(element response, reply_builder& out) {
  const std::string_view status = text_at(response, "status");
  element reason;
  if (status == "failed" || openai::is_error(response, quirks_))
    return out.fail(read_failure(response, quirks_));
  if (status == "cancelled")
    return out.fail({.code = errc::cancelled,
                     .message = "the vendor says that this response was cancelled: ask again",
                     .vendor_code = std::string(status)});
  if (status == "queued" || status == "in_progress")
    return out.fail({.code = errc::unsupported,
                     .retry = retry_class::never,
                     .message = "the vendor answers in the background, which this version does not "
                                "wait for: leave the parameter \"background\" out",
                     .vendor_code = std::string(status)});
  if (status != "incomplete") {
    const auto own = quirks_.finish(status);
    return out.finish(own.value_or(meaning_of_completed(out.reply().message)), status);
  }
  const bool has_reason = json::find_path(response, "incomplete_details.reason", reason);
  const std::string_view word = has_reason ? json::as_text(reason) : status;
  out.finish(quirks_.finish(word).value_or(meaning_of_incomplete(word)), word);
}

}  // namespace ark::adapters::responses
