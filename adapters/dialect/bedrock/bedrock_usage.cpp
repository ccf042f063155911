#include "dialect/bedrock/bedrock_wire.hpp"
#include "dialect/usage_counts.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>

namespace ark::adapters::bedrock {
namespace {

using ark::dialect::absurd_count;
using ark::dialect::known_count;

/// Nothing for null; what is no number is absurd.
known_count read_count(element e) {
  if (e.is_null()) return std::nullopt;
  return std::clamp(json::as_integer(e, absurd_count), -absurd_count, absurd_count);
}

void read_cache_details(element list, token_counts& c) {
  simdjson::dom::array items;
  if (list.get(items) != simdjson::SUCCESS) return;
  for (const element item : items) {
    element tokens;
    if (!json::find(item, "inputTokens", tokens)) continue;
    const std::int64_t written = read_count(tokens).value_or(0);
    if (json::text_at(item, "ttl") == "5m") c.write_5m += written;
    if (json::text_at(item, "ttl") == "1h") c.write_1h += written;
  }
}

token_counts read_counts(simdjson::dom::object members) {
  token_counts c;
  known_count cache_read, cache_write;  // by their other names, which say the same (recorded)
  for (const auto [key, value] : members) {
    known_count* const field = key == "inputTokens" || key == "inputTokenCount"     ? &c.input
                               : key == "outputTokens" || key == "outputTokenCount" ? &c.output
                               : key == "totalTokens"                               ? &c.total
                               : key == "cacheReadInputTokens"                      ? &c.cache_read
                               : key == "cacheWriteInputTokens"                     ? &c.cache_write
                               : key == "cacheReadInputTokenCount"                  ? &cache_read
                               : key == "cacheWriteInputTokenCount"                 ? &cache_write
                                                                                    : nullptr;
    if (field != nullptr) *field = read_count(value);
    if (key == "cacheDetails") read_cache_details(value, c);
  }
  if (!c.cache_read) c.cache_read = cache_read;
  if (!c.cache_write) c.cache_write = cache_write;
  return c;
}

known_count header_count(const wire::header_list& headers, std::string_view side) {
  const auto text =
      wire::find_header(headers, "x-amzn-bedrock-" + std::string(side) + "-token-count");
  std::int64_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || read.ec != std::errc{}) return std::nullopt;
  return std::clamp(value, -absurd_count, absurd_count);
}

void read_server_tools(element usage, ark::usage& u) {
  element tools;
  simdjson::dom::object members;
  if (!json::find(usage, "serverToolUsage", tools) || tools.get(members) != simdjson::SUCCESS)
    return;
  for (const auto [key, value] : members)
    if (const std::int64_t used = json::as_integer(value); used > 0)
      u.units[std::string(key)] = used;
}

}  // namespace

ark::usage usage_of(const token_counts& c, reply_builder& out) {
  ark::usage u;
  u.reported = c.input || c.output;
  if (!u.reported) return u;
  u.input = c.input.value_or(0);
  u.output = c.output.value_or(0);
  u.cache_read = c.cache_read.value_or(0);
  const std::int64_t written = c.cache_write.value_or(c.write_5m + c.write_1h);
  // The split by time to live is used where it fits into the whole.
  const bool fits =
      c.write_5m >= 0 && c.write_1h >= 0 && written >= 0 && c.write_5m <= written - c.write_1h;
  u.cache_write_5m = fits ? c.write_5m : 0;
  u.cache_write_1h = fits ? c.write_1h : 0;
  u.cache_write = written - u.cache_write_5m - u.cache_write_1h;
  u.vendor_total = c.total;
  ark::dialect::check_counts({c.input, c.output, c.total, c.cache_read, c.cache_write}, u, out);
  return u;
}

ark::usage read_usage(element usage, reply_builder& out) {
  simdjson::dom::object members;
  if (usage.get(members) != simdjson::SUCCESS) return {};
  ark::usage u = usage_of(read_counts(members), out);
  if (u.reported) read_server_tools(usage, u);
  return u;
}

ark::usage read_usage(const wire::header_list& headers, reply_builder& out) {
  token_counts c;
  c.input = header_count(headers, "input");
  c.output = header_count(headers, "output");
  c.cache_read = header_count(headers, "cache-read-input");
  c.cache_write = header_count(headers, "cache-write-input");
  return usage_of(c, out);
}

void read_metadata(element holder, reply_builder& out) {
  ark::usage u;
  if (element found; json::find(holder, "usage", found)) u = read_usage(found, out);
  if (element tier; json::find(holder, "serviceTier", tier))
    u.service_tier = json::text_at(tier, "type");
  out.usage(u);
}

}  // namespace ark::adapters::bedrock
