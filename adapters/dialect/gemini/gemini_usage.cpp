#include "base/text.hpp"
#include "dialect/gemini/gemini_wire.hpp"
#include "dialect/usage_counts.hpp"

#include <algorithm>

namespace ark::adapters::gemini {
namespace {

using ark::dialect::absurd_count;
using ark::dialect::count_of;
using ark::dialect::known_count;

/// Moves up to `part` tokens out of `rest`.
std::int64_t take_tokens(std::int64_t& rest, std::int64_t part) {
  const auto taken = std::clamp<std::int64_t>(part, 0, std::max<std::int64_t>(rest, 0));
  rest -= taken;
  return taken;
}

}  // namespace

/// A modality is a word, or its number where the client asked for numbers (recorded); interactions
/// have it in small letters.
void usage_fields::read_split(element list, split& to) {
  simdjson::dom::array items;
  if (list.get(items)) return;
  to = {};
  for (const element item : items) {
    element word, tokens;
    if (!json::find(item, "modality", word)) continue;
    if (!json::find(item, "tokenCount", tokens) && !json::find(item, "tokens", tokens)) continue;
    const std::string_view name = json::as_text(word);
    const std::int64_t number = json::as_integer(word);
    modality kind = modality::text;
    if (text::same_ignoring_case(name, "IMAGE") || number == 2) kind = image;
    if (text::same_ignoring_case(name, "VIDEO") || number == 3) kind = video;
    if (text::same_ignoring_case(name, "AUDIO") || number == 4) kind = audio;
    const auto n = count_of(tokens).value_or(0);
    to[kind] = std::clamp(to[kind] + n, -absurd_count, absurd_count);
  }
}

void usage_fields::read(element usage) {
  simdjson::dom::object members;
  element e;
  if (usage.get(members)) return;
  if (json::find(usage, "promptTokenCount", e) || json::find(usage, "totalTokenCount", e))
    *this = {};
  for (const auto [key, value] : members) {
    known_count* field = nullptr;
    if (key == "promptTokenCount") field = &prompt_;
    if (key == "cachedContentTokenCount") field = &cached_;
    if (key == "candidatesTokenCount") field = &candidates_;
    if (key == "thoughtsTokenCount") field = &thoughts_;
    if (key == "toolUsePromptTokenCount") field = &tool_use_;
    if (key == "totalTokenCount") field = &total_;
    if (field != nullptr) {
      if (const auto n = count_of(value)) *field = n;
    } else if (key == "promptTokensDetails" || key == "promptTokenDetails") {
      read_split(value, prompt_by_);  // embeddings have the second name
    } else if (key == "cacheTokensDetails") {
      read_split(value, cached_by_);
    } else if (key == "candidatesTokensDetails") {
      read_split(value, candidates_by_);
    } else if (key == "serviceTier") {
      service_tier_ = json::as_text(value);
    }
  }
}

void usage_fields::read_interaction(element usage) {
  simdjson::dom::object members;
  if (usage.get(members)) return;
  *this = {};
  for (const auto [key, value] : members) {
    known_count* field = nullptr;
    if (key == "total_input_tokens") field = &prompt_;
    if (key == "total_cached_tokens") field = &cached_;
    if (key == "total_output_tokens") field = &candidates_;
    if (key == "total_thought_tokens") field = &thoughts_;
    if (key == "total_tool_use_tokens") field = &tool_use_;
    if (key == "total_tokens") field = &total_;
    if (field != nullptr) {
      if (const auto n = count_of(value)) *field = n;
    } else if (key == "input_tokens_by_modality") {
      read_split(value, prompt_by_);
    } else if (key == "cached_tokens_by_modality") {
      read_split(value, cached_by_);
    } else if (key == "output_tokens_by_modality") {
      read_split(value, candidates_by_);
    }
  }
}

ark::usage usage_fields::total() const {
  ark::usage u;
  u.service_tier = service_tier_;
  u.reported = prompt_ || candidates_ || thoughts_ || total_;
  if (!u.reported) return u;
  u.vendor_total = total_;
  std::int64_t rest = prompt_.value_or(0);
  u.cache_read = take_tokens(rest, cached_.value_or(0));
  const auto uncached = [this](modality m) { return prompt_by_[m] - cached_by_[m]; };
  u.input_audio = take_tokens(rest, uncached(audio));
  u.input_image = take_tokens(rest, uncached(image));
  u.input_video = take_tokens(rest, uncached(video));
  u.input = rest;
  u.tool_prompt = tool_use_.value_or(0);
  rest = candidates_.value_or(0);
  u.output_audio = take_tokens(rest, candidates_by_[audio]);
  u.output_image = take_tokens(rest, candidates_by_[image]);
  u.output = rest;
  u.reasoning = thoughts_.value_or(0);
  return u;
}

void usage_fields::check(reply_builder& out) const {
  const ark::usage u = total();
  if (!u.reported) return;
  if (cached_ && *cached_ > prompt_.value_or(0) && !ark::dialect::cannot_be(cached_))
    out.note("the vendor's usage counts more cached tokens than the prompt has: " +
             std::to_string(*cached_));
  ark::dialect::check_counts({prompt_, cached_, candidates_, thoughts_, tool_use_, total_}, u, out);
}

}  // namespace ark::adapters::gemini
