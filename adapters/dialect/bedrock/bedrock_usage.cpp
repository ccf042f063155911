#include "dialect/bedrock/bedrock_wire.hpp"

#include <algorithm>
#include <cstdlib>
#include <optional>

namespace ark::adapters::bedrock {
namespace {

/// Beyond any real count, and small enough that sums of a few do not overflow.
constexpr std::int64_t absurd_count = 4'000'000'000'000'000;

using count = std::optional<std::int64_t>;

/// Nothing for null; what is no number is absurd.
count read_count(element e) {
  if (e.is_null()) return std::nullopt;
  return std::clamp(json::as_integer(e, absurd_count), -absurd_count, absurd_count);
}

struct wire_counts {
  count input, output, total, cache_read, cache_write;
  std::int64_t write_5m = 0, write_1h = 0;
  bool odd = false;
};

void read_cache_details(element list, wire_counts& c) {
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

wire_counts read_counts(simdjson::dom::object members) {
  wire_counts c;
  for (const auto [key, value] : members) {
    // Beside these, cacheReadInputTokenCount and cacheWriteInputTokenCount say the same (recorded).
    count* const field = key == "inputTokens"             ? &c.input
                         : key == "outputTokens"          ? &c.output
                         : key == "totalTokens"           ? &c.total
                         : key == "cacheReadInputTokens"  ? &c.cache_read
                         : key == "cacheWriteInputTokens" ? &c.cache_write
                                                          : nullptr;
    if (field != nullptr) *field = read_count(value);
    if (key == "cacheDetails") read_cache_details(value, c);
  }
  for (const count& n : {c.input, c.output, c.total, c.cache_read, c.cache_write})
    c.odd = c.odd || (n && (*n < 0 || *n > 1'000'000'000'000));
  return c;
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

void note_oddities(const wire_counts& c, const ark::usage& u, reply_builder& out) {
  const std::int64_t sum = u.input_total() + u.output_total();
  if (c.odd)
    out.note("the vendor's usage has counts that cannot be: the cost of this reply is unknown");
  else if (c.total && *c.total != sum)
    out.note("the vendor's total of " + std::to_string(*c.total) + " tokens is " +
             std::to_string(std::abs(*c.total - sum)) + (*c.total > sum ? " more" : " less") +
             " than the sum of its parts, " + std::to_string(sum));
}

}  // namespace

ark::usage read_usage(element usage, reply_builder& out) {
  ark::usage u;
  simdjson::dom::object members;
  if (usage.get(members) != simdjson::SUCCESS) return u;
  const wire_counts c = read_counts(members);
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
  read_server_tools(usage, u);
  note_oddities(c, u, out);
  return u;
}

void read_metadata(element holder, reply_builder& out) {
  ark::usage u;
  if (element found; json::find(holder, "usage", found)) u = read_usage(found, out);
  if (element tier; json::find(holder, "serviceTier", tier))
    u.service_tier = json::text_at(tier, "type");
  out.usage(u);
}

}  // namespace ark::adapters::bedrock
