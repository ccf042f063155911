#include "cli/cost_label.hpp"

#include <algorithm>

#include "catalog/select_price.hpp"

namespace ark::cli::worked {
namespace {

/// "*0.5": the product of the factors that hold.
std::string factor_text(const price_card& card, const catalog::price_facts& facts) {
  std::string text;
  for (const catalog::price& p : card.model.prices)
    if (p.dimension == "multiplier" && catalog::holds(p.when, card.model.schedule, facts) &&
        (p.when.service_tier.empty() || p.when.service_tier == facts.service_tier))
      text += "*" + p.value.to_string();
  return text;
}

}  // namespace

labels::labels(const used& u, const price_card& card, const catalog::price_context& at,
               bool batch_endpoint)
    : used_(u), card_(card) {
  const auto facts = catalog::facts_of(at, u.tokens.input_total(), u.tokens.output_total());
  const std::pair<std::int64_t, std::string>* reached = nullptr;
  for (const auto& tier : card.tiers)
    if (u.tokens.input_total() > tier.first && (reached == nullptr || tier.first > reached->first))
      reached = &tier;
  if (reached != nullptr) suffix_ += reached->second;
  if (batch_endpoint && facts.service_tier == "batch")
    suffix_ += "@batch";
  else
    suffix_ += factor_text(card, facts);
  const bool priced_apart = std::any_of(
      card.model.prices.begin(), card.model.prices.end(),
      [](const auto& p) { return p.dimension == "output" && p.when.thinking.value_or(false); });
  if (priced_apart && at.thinking) thinking_output_ = "output_thinking";
}

std::string labels::bucket_of(const cost_line& line) const {
  const std::string& name = line.dimension;
  if (name == "input" || name == "tool_prompt") {
    if (used_.input != "input") return used_.input;
    const bool cached = used_.cached_within && used_.tokens.cache_read + used_.tokens.cache_write +
                                                       used_.tokens.cache_write_5m +
                                                       used_.tokens.cache_write_1h >
                                                   0;
    return cached ? "input_uncached" : "input";
  }
  if (name == "cache_read") return used_.cache_read;
  if (name == "cache_write" && card_.prices("cache_write_5m")) return "cache_write_5m";
  if (name == "reasoning" && card_.prices("reasoning")) return name;
  if (name == "reasoning" && used_.tokens.output_image > 0) return "thoughts";
  if (name == "output" || name == "reasoning")
    return thinking_output_.empty() ? used_.output : thinking_output_;
  if (name == "web_search") return used_.search;
  if (name == "query") return used_.input == "input(billed)" ? "search_unit" : "search_query";
  if (name == "audio") return "audio_seconds";
  if (name == "ocr_page") return "page";
  if (name == "video_generation") return "video_second";
  return name;
}

bool labels::is_tokens(const std::string& dimension) const {
  return used_.tokens.units.count(dimension) == 0 && used_.fractions.count(dimension) == 0 &&
         dimension != "request";
}

std::string labels::of(const cost_line& line) const {
  return bucket_of(line) + (is_tokens(line.dimension) ? suffix_ : std::string{});
}

}  // namespace ark::cli::worked
