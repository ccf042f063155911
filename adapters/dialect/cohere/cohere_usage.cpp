#include "dialect/cohere/cohere_wire.hpp"
#include "dialect/usage_counts.hpp"

#include <algorithm>

namespace ark::adapters::cohere {
namespace {

using ark::dialect::count_of;
using ark::dialect::known_count;

/// One of `billed_units` and `tokens`. The vendor's SDK declares the counts as floats.
struct token_counts {
  known_count input, output, reasoning, image;
};

/// Members that are no tokens ("images", ...) go into `units`; a search unit is a "query" there.
token_counts read_counts(element holder, std::string_view name,
                         std::map<std::string, std::int64_t>* units) {
  token_counts c;
  element found;
  simdjson::dom::object members;
  if (!json::find(holder, name, found) || found.get(members)) return c;
  for (const auto [key, value] : members) {
    const auto count = count_of(value);
    if (!count) continue;
    if (key == "input_tokens")
      c.input = count;
    else if (key == "output_tokens")
      c.output = count;
    else if (key == "reasoning_tokens")
      c.reasoning = count;
    else if (key == "image_tokens")
      c.image = count;
    else if (units != nullptr && *count != 0)
      (*units)[key == "search_units" ? "query" : std::string(key)] = *count;
  }
  return c;
}

/// Takes `part` out of `rest`, at most all of it; a count that cannot be is taken as it is.
std::int64_t take(std::int64_t& rest, std::optional<std::int64_t> part) {
  if (!part) return 0;
  const std::int64_t taken = *part < 0 ? *part : std::min(*part, std::max<std::int64_t>(rest, 0));
  rest -= taken;
  return taken;
}

void note_counts(const token_counts& billed, const token_counts& counted,
                 std::optional<std::int64_t> cached, reply_builder& notes) {
  for (const auto& n : {billed.input, billed.output, billed.image, counted.input, counted.output,
                        counted.reasoning, counted.image, cached})
    if (ark::dialect::cannot_be(n))
      return notes.note(
          "the vendor's usage has counts that cannot be: the cost of this reply is "
          "unknown");
  if (!billed.input && !billed.output)
    return notes.note("the vendor does not say what it bills: the usage is what it counts");
  const std::int64_t input = counted.input.value_or(billed.input.value_or(0));
  const std::int64_t output = counted.output.value_or(billed.output.value_or(0));
  if (input == billed.input.value_or(input) && output == billed.output.value_or(output)) return;
  std::string text = "the vendor counts " + std::to_string(input) + " input and " +
                     std::to_string(output) + " output tokens and bills " +
                     std::to_string(billed.input.value_or(input)) + " and " +
                     std::to_string(billed.output.value_or(output));
  if (cached.value_or(0) > 0)
    text += "; " + std::to_string(*cached) + " of the counted ones came from its cache";
  notes.note(std::move(text));
}

}  // namespace

std::optional<usage> read_usage(element holder, reply_builder& notes) {
  usage u;
  const token_counts billed = read_counts(holder, "billed_units", &u.units);
  const token_counts counted = read_counts(holder, "tokens", nullptr);
  element found;
  const auto cached = json::find(holder, "cached_tokens", found) ? count_of(found) : std::nullopt;
  const bool has_tokens = billed.input || billed.output || counted.input || counted.output;
  if (!has_tokens && !billed.image && u.units.empty()) return std::nullopt;
  u.reported = true;
  u.input = billed.input ? *billed.input : counted.input.value_or(0);
  u.output = billed.output ? *billed.output : counted.output.value_or(0);
  u.cache_read = take(u.input, cached);
  // Chat bills the tokens of pictures as part of the input (recorded), embeddings list them apart.
  u.input_image = billed.image ? *billed.image : take(u.input, counted.image);
  u.reasoning = take(u.output, counted.reasoning);
  if (has_tokens) note_counts(billed, counted, cached, notes);
  return u;
}

}  // namespace ark::adapters::cohere
