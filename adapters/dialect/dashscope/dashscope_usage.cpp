#include "dialect/dashscope/dashscope_wire.hpp"

#include <algorithm>
#include <cmath>

namespace ark::adapters::dashscope {
namespace {

/// Beyond any real count, and small enough that sums of a few do not overflow.
constexpr std::int64_t absurd = 4'000'000'000'000'000;

/// Nothing for null and the like; a number that is no count is `absurd`.
std::optional<std::int64_t> count_of(element e) {
  std::int64_t whole = 0;
  double real = 0;
  if (e.get(whole) == simdjson::SUCCESS) return std::clamp(whole, -absurd, absurd);
  if (e.get(real) != simdjson::SUCCESS) return std::nullopt;
  if (!(std::abs(real) < static_cast<double>(absurd)) || real != std::floor(real)) return absurd;
  return static_cast<std::int64_t>(real);
}

std::optional<std::int64_t> count_at(element usage, std::string_view path) {
  element found;
  return json::find_path(usage, path, found) ? count_of(found) : std::nullopt;
}

/// The first of two places that has a count.
std::optional<std::int64_t> count_at(element usage, std::string_view path, std::string_view or_at) {
  const auto first = count_at(usage, path);
  return first ? first : count_at(usage, or_at);
}

/// Takes `part` out of `rest`. A part larger than what it is part of is cut, and said.
std::int64_t take(std::int64_t& rest, std::optional<std::int64_t> part, std::string_view name,
                  reply_builder& out) {
  if (!part || *part == 0) return 0;
  const std::int64_t taken = std::min(*part, std::max<std::int64_t>(rest, 0));
  if (taken != *part)
    out.note("the vendor's usage counts more " + std::string(name) +
             " tokens than are left of the whole they are part of: " + std::to_string(*part));
  rest -= taken;
  return taken;
}

bool is_odd(std::int64_t n) { return n < 0 || n > 1'000'000'000'000; }

void check_total(const ark::usage& u, bool odd, reply_builder& out) {
  const std::int64_t sum = u.input_total() + u.output_total();
  if (odd)
    out.note("the vendor's usage has counts that cannot be: the cost of this reply is unknown");
  else if (u.vendor_total && *u.vendor_total != sum)
    out.note("the vendor's total of " + std::to_string(*u.vendor_total) + " tokens is " +
             std::to_string(std::abs(*u.vendor_total - sum)) +
             (*u.vendor_total > sum ? " more" : " less") + " than the sum of its parts, " +
             std::to_string(sum));
}

/// Prompt tokens written to the vendor's explicit cache; what it counts under its only time to
/// live is not counted twice.
void take_cache(element usage, ark::usage& u, reply_builder& out) {
  u.cache_read = take(
      u.input,
      count_at(usage, "prompt_tokens_details.cached_tokens", "input_tokens_details.cached_tokens"),
      "cached", out);
  auto written = count_at(usage, "prompt_tokens_details.cache_creation_input_tokens");
  const auto m5 = count_at(usage, "prompt_tokens_details.cache_creation.ephemeral_5m_input_tokens");
  if (m5 && *m5 <= written.value_or(*m5)) {
    u.cache_write_5m = take(u.input, m5, "cache write", out);
    if (written) *written -= *m5;
  }
  u.cache_write = take(u.input, written, "cache write", out);
}

}  // namespace

std::optional<ark::usage> read_usage(element usage, reply_builder& out) {
  const auto total = count_at(usage, "total_tokens");
  auto input = count_at(usage, "input_tokens");
  const auto output = count_at(usage, "output_tokens");
  if (!input && !output) input = total;  // embeddings
  if (!input && !output) return std::nullopt;

  ark::usage u;
  u.reported = true;
  u.input = input.value_or(0);
  u.output = output.value_or(0);
  u.vendor_total = total;
  const bool odd = is_odd(u.input) || is_odd(u.output) || (total && is_odd(*total));
  take_cache(usage, u, out);
  u.input_image = take(
      u.input, count_at(usage, "input_tokens_details.image_tokens", "image_tokens"), "image", out);
  u.input_video = take(
      u.input, count_at(usage, "input_tokens_details.video_tokens", "video_tokens"), "video", out);
  u.input_audio = take(
      u.input, count_at(usage, "input_tokens_details.audio_tokens", "audio_tokens"), "audio", out);
  u.reasoning =
      take(u.output, count_at(usage, "output_tokens_details.reasoning_tokens"), "reasoning", out);
  u.output_audio =
      take(u.output, count_at(usage, "output_tokens_details.audio_tokens"), "audio", out);
  if (const auto searches = count_at(usage, "plugins.search.count"); searches && *searches > 0)
    u.units["web_search"] = *searches;
  check_total(u, odd, out);
  return u;
}

}  // namespace ark::adapters::dashscope
