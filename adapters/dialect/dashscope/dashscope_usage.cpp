#include "dialect/dashscope/dashscope_wire.hpp"
#include "dialect/usage_counts.hpp"

namespace ark::adapters::dashscope {
namespace {

using ark::dialect::count_at;
using ark::dialect::known_count;
using ark::dialect::take;

/// The first of two places that has a count.
known_count count_at(element usage, std::string_view path, std::string_view or_at) {
  const auto first = count_at(usage, path);
  return first ? first : count_at(usage, or_at);
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
  ark::dialect::check_counts({input, output, total}, u, out);
  return u;
}

}  // namespace ark::adapters::dashscope
