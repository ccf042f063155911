#include "sim/prompt_cache.hpp"

#include "sim/dice.hpp"

#include <algorithm>

namespace ark::testing {

namespace {
constexpr std::int64_t cacheable_tokens = 1024;
constexpr std::int64_t step_tokens = 128;
constexpr std::size_t step_bytes = 4 * step_tokens;
constexpr std::size_t entries_max = 1u << 20;
}  // namespace

void prompt_cache::remember(std::uint64_t prefix) {
  if (known_.size() >= entries_max) known_.clear();
  known_.insert(prefix);
}

billed_tokens prompt_cache::split_automatic(const chat_request& request) {
  std::string all = request.model;
  const std::size_t head = all.size();
  for (const auto& s : request.segments) all += s.text;
  const std::int64_t total = request.prompt_tokens();
  std::int64_t cached = 0;
  std::uint64_t prefix = hash_text(std::string_view(all).substr(0, head));
  bool unbroken = true;
  for (std::size_t at = head; at + step_bytes <= all.size(); at += step_bytes) {
    prefix = hash_text(std::string_view(all).substr(at, step_bytes), prefix);
    unbroken = unbroken && known_.contains(prefix);
    if (unbroken)
      cached += step_tokens;
    else
      remember(prefix);
  }
  // The vendor never serves a whole prompt from its cache: the last token is always computed.
  if (cached < cacheable_tokens || cached >= total) cached = 0;
  return {.input = total - cached, .cache_read = cached};
}

billed_tokens prompt_cache::split_marked(const chat_request& request) {
  using mark = prompt_segment::cache_mark;
  billed_tokens out;
  std::uint64_t prefix = hash_text(request.model);
  std::int64_t sum = 0, read = 0, written = 0;
  for (const auto& s : request.segments) {
    prefix = hash_text(s.text, mix(prefix, 1));
    sum += s.tokens;
    if (s.mark == mark::none || sum < cacheable_tokens) continue;
    const std::int64_t fresh = sum - read - written;
    if (known_.contains(prefix) && written == 0) {
      read = sum;
      continue;
    }
    remember(prefix);
    written += fresh;
    (s.mark == mark::one_hour ? out.cache_write_1h : out.cache_write_5m) += fresh;
  }
  out.cache_read = read;
  out.input = sum - read - written;
  return out;
}

billed_tokens prompt_cache::split(const chat_request& request) {
  return request.family == wire_family::openai ? split_automatic(request) : split_marked(request);
}

}  // namespace ark::testing
