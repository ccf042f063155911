#include "dialect/anthropic_wire.hpp"

#include <algorithm>

namespace ark::adapters::anthropic {
namespace {

using json::as_text;

constexpr std::string_view requests_suffix = "_requests";

std::int64_t integer_of(element parent, std::string_view name) {
  element found;
  return json::find(parent, name, found) ? std::max<std::int64_t>(json::as_integer(found), 0) : 0;
}

}  // namespace

void usage_fields::count(element parent, std::string_view name,
                         std::optional<std::int64_t>& field) {
  element found;
  if (!json::find(parent, name, found) || found.is_null()) return;
  const std::int64_t value = json::as_integer(found, -1);
  if (value < 0)
    broken_ = true;
  else
    field = value;
}

void usage_fields::merge(element usage, reply_builder& out) {
  if (!usage.is_object()) return;
  count(usage, "input_tokens", input_);
  count(usage, "output_tokens", output_);
  count(usage, "cache_read_input_tokens", cache_read_);
  count(usage, "cache_creation_input_tokens", cache_write_);
  element part;
  if (json::find(usage, "cache_creation", part)) {
    count(part, "ephemeral_5m_input_tokens", cache_write_5m_);
    count(part, "ephemeral_1h_input_tokens", cache_write_1h_);
  }
  if (json::find(usage, "output_tokens_details", part)) count(part, "thinking_tokens", thinking_);
  if (json::find(usage, "service_tier", part) && part.is_string()) service_tier_ = as_text(part);
  simdjson::dom::object tools;
  if (json::find(usage, "server_tool_use", part) && !part.get(tools)) {
    for (const auto field : tools) {
      std::string_view name = field.key;
      if (name.ends_with(requests_suffix)) name.remove_suffix(requests_suffix.size());
      const std::int64_t calls = json::as_integer(field.value);
      if (calls > 0) units_[std::string(name)] = calls;
    }
  }
  merge_iterations(usage, out);
  if (broken_) out.note("the vendor's usage has a count that is not a number: usage is unknown");
  out.usage(total());
}

/// The beta field `iterations` lists the model runs behind one reply. Those that compact the
/// context are billed but left out of the top-level counts; an advisor is another model.
void usage_fields::merge_iterations(element usage, reply_builder& out) {
  element list;
  simdjson::dom::array runs;
  if (!json::find(usage, "iterations", list) || list.get(runs)) return;
  compaction_ = {};
  for (const element run : runs) {
    element type;
    if (!json::find(run, "type", type)) continue;
    if (as_text(type) == "compaction") {
      compaction_.input += integer_of(run, "input_tokens");
      compaction_.cache_read += integer_of(run, "cache_read_input_tokens");
      compaction_.cache_write += integer_of(run, "cache_creation_input_tokens");
      compaction_.output += integer_of(run, "output_tokens");
    } else if (as_text(type) == "advisor_message") {
      out.note("another model advised: its " + std::to_string(integer_of(run, "input_tokens")) +
               " input and " + std::to_string(integer_of(run, "output_tokens")) +
               " output tokens are not in this usage");
    }
  }
}

ark::usage usage_fields::total() const {
  ark::usage u;
  u.service_tier = service_tier_;
  u.units = units_;
  u.reported = !broken_ && (input_ || output_);
  if (!u.reported) return u;
  u.input = input_.value_or(0) + compaction_.input;
  u.cache_read = cache_read_.value_or(0) + compaction_.cache_read;
  // In a stream the split by time to live comes with message_start only, while the cumulative count
  // goes on growing: what exceeds the split is written with a time to live that was not said.
  const std::int64_t m5 = cache_write_5m_.value_or(0), h1 = cache_write_1h_.value_or(0);
  const std::int64_t written = cache_write_.value_or(m5 + h1);
  const bool fits = m5 + h1 <= written;
  u.cache_write_5m = fits ? m5 : 0;
  u.cache_write_1h = fits ? h1 : 0;
  u.cache_write = written - u.cache_write_5m - u.cache_write_1h + compaction_.cache_write;
  const std::int64_t output = output_.value_or(0);
  u.reasoning = std::min(thinking_.value_or(0), output);
  u.output = output - u.reasoning + compaction_.output;
  return u;
}

}  // namespace ark::adapters::anthropic
