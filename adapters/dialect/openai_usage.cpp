#include "dialect/openai_wire.hpp"
#include "dialect/usage_counts.hpp"

namespace ark::adapters::openai {
namespace {

using ark::dialect::count_of;
using ark::dialect::take;

/// What the objects say, before it is made disjoint.
struct counts {
  ark::dialect::known_count prompt, completion, total, cached, cache_write, prompt_audio;
  ark::dialect::known_count reasoning, completion_audio, completion_image, queries;
  std::string_view service_tier;
};

void read_prompt_details(element e, counts& c) {
  simdjson::dom::object o;
  if (e.get(o) != simdjson::SUCCESS) return;
  for (const auto [key, value] : o) {
    if (key == "cached_tokens") {
      if (auto n = count_of(value)) c.cached = n;
    } else if (key == "cache_write_tokens" || key == "cache_creation_input_tokens") {
      c.cache_write = count_of(value);
    } else if (key == "audio_tokens") {
      c.prompt_audio = count_of(value);
    }
  }
}

void read_completion_details(element e, counts& c) {
  simdjson::dom::object o;
  if (e.get(o) != simdjson::SUCCESS) return;
  for (const auto [key, value] : o) {
    if (key == "reasoning_tokens") {
      if (auto n = count_of(value)) c.reasoning = n;
    } else if (key == "audio_tokens") {
      c.completion_audio = count_of(value);
    } else if (key == "image_tokens") {
      c.completion_image = count_of(value);
    }
  }
}

counts read_counts(simdjson::dom::object o) {
  counts c;
  for (const auto [key, value] : o) {
    if (key == "prompt_tokens" || key == "input_tokens") {
      if (auto n = count_of(value)) c.prompt = n;
    } else if (key == "completion_tokens" || key == "output_tokens") {
      if (auto n = count_of(value)) c.completion = n;
    } else if (key == "total_tokens") {
      c.total = count_of(value);
    } else if (key == "prompt_tokens_details" || key == "input_tokens_details" ||
               key == "input_token_details") {
      read_prompt_details(value, c);
    } else if (key == "completion_tokens_details" || key == "output_tokens_details") {
      read_completion_details(value, c);
    } else if (key == "cached_tokens" || key == "prompt_cache_hit_tokens" ||
               key == "num_cached_tokens") {
      if (!c.cached) c.cached = count_of(value);
    } else if (key == "reasoning_tokens") {
      if (!c.reasoning) c.reasoning = count_of(value);
    } else if (key == "search_units") {
      c.queries = count_of(value);
    } else if (key == "service_tier") {
      c.service_tier = json::as_text(value);
    }
  }
  return c;
}

/// Reasoning tokens beside the completion's, not among them: the row says it, or the total does.
bool is_additive(const counts& c, const quirk_view& quirks) {
  if (quirks.reasoning_additive) return true;
  if (!c.total || !c.prompt || !c.completion || !c.reasoning || *c.reasoning <= 0) return false;
  return *c.prompt + *c.completion != *c.total &&
         *c.prompt + *c.completion + *c.reasoning == *c.total;
}

/// Audio beside the prompt's tokens, not among them (recorded of Mistral).
bool has_more_audio(const counts& c) {
  if (!c.total || !c.prompt || !c.completion || !c.prompt_audio) return false;
  return *c.prompt_audio > 0 && *c.prompt + *c.completion + *c.prompt_audio == *c.total;
}

std::optional<money> read_cost(element usage, const quirk_view& quirks) {
  element found;
  double value = 0;
  if (quirks.vendor_cost == nullptr || !json::find_path(usage, quirks.vendor_cost->path, found) ||
      found.get(value) != simdjson::SUCCESS)
    return std::nullopt;
  return ark::dialect::money_of(value, *quirks.vendor_cost);
}

}  // namespace

std::optional<ark::usage> read_usage(element usage, const quirk_view& quirks, reply_builder& out) {
  simdjson::dom::object o;
  if (usage.get(o) != simdjson::SUCCESS) return std::nullopt;
  counts c = read_counts(o);
  if (!c.prompt && !c.completion) c.prompt = c.total;  // some embeddings
  if (!c.prompt && !c.completion && !c.queries) return std::nullopt;
  element found;
  if (quirks.cached_path != nullptr)
    for (const std::string& path : quirks.cached_path->paths)
      if (!c.cached && json::find_path(usage, path, found)) c.cached = count_of(found);

  ark::usage u;
  u.reported = true;
  u.input = c.prompt.value_or(0);
  u.cache_read = take(u.input, c.cached, "cached", out);
  u.cache_write = take(u.input, c.cache_write, "cache write", out);
  u.input_audio = has_more_audio(c) ? *c.prompt_audio : take(u.input, c.prompt_audio, "audio", out);
  u.output = c.completion.value_or(0);
  if (is_additive(c, quirks))
    u.reasoning = c.reasoning.value_or(0);
  else
    u.reasoning = take(u.output, c.reasoning, "reasoning", out);
  u.output_audio = take(u.output, c.completion_audio, "audio", out);
  u.output_image = take(u.output, c.completion_image, "image", out);
  if (c.queries.value_or(0) != 0) u.units["query"] = *c.queries;
  u.vendor_total = c.total;
  u.service_tier = c.service_tier;
  u.vendor_cost = read_cost(usage, quirks);
  ark::dialect::check_counts({c.prompt, c.completion, c.total, c.cached, c.reasoning}, u, out);
  return u;
}

}  // namespace ark::adapters::openai
