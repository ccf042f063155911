#include "tests/support/cost_cases.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <regex>
#include <stdexcept>

namespace ark::test {
namespace {

using catalog::condition;
using catalog::model;
using catalog::price;

amount amount_of(const json::value& v) {
  const std::string text = v.is_string() ? std::string(v.as_string()) : json::serialize(v);
  return amount::parse(text).value();
}

/// The part of "USD/Mtok; USD/1k calls" that speaks of `words`, or the only part.
std::string unit_part(const std::string& unit, std::initializer_list<std::string_view> words) {
  std::size_t begin = 0;
  while (begin <= unit.size()) {
    const std::size_t end = std::min(unit.find(';', begin), unit.size());
    const std::string part = unit.substr(begin, end - begin);
    for (const std::string_view word : words)
      if (part.find(word) != std::string::npos) return part;
    begin = end + 1;
  }
  return unit.find(';') == std::string::npos ? unit : std::string{};
}

bool says(const std::string& text, std::string_view word) {
  return text.find(word) != std::string::npos;
}

std::string time_unit(const std::string& part, std::string_view otherwise) {
  for (const std::string_view unit : {"minute", "hour", "second", "video", "Mtok"})
    if (says(part, unit)) return std::string(unit);
  return std::string(otherwise);
}

/// A unit of the catalogue for a price of the card.
std::string unit_of(const std::string& key, const std::string& unit) {
  if (key == "cache_storage") return "Mtok_hour";
  if (key == "audio") return time_unit(unit_part(unit, {"minute", "hour", "second"}), "minute");
  if (key == "video_generation") return time_unit(unit_part(unit, {"second", "video"}), "second");
  if (key == "input_chars" || key == "output_chars")
    return says(unit_part(unit, {"char"}), "1k") ? "thousand_calls" : "Mchar";
  if (key == "ocr_page" || key == "annotation_page")
    return says(unit_part(unit, {"page"}), "1k") ? "kpage" : "page";
  if (key == "training") return time_unit(unit_part(unit, {"train"}), "Mtok");
  if (key == "request") {
    const std::string part = unit_part(unit, {"request"});
    return says(part, "request") && !says(part, "1k") ? "request" : "thousand_calls";
  }
  if (key == "query" || key == "web_search") return "thousand_calls";
  return "Mtok";
}

bool is_dimension(const std::string& key) {
  static constexpr std::array<std::string_view, 26> names{
      "input",           "output",         "output_text",    "input_text",    "cache_read",
      "cache_write",     "cache_write_5m", "cache_write_1h", "cache_storage", "reasoning",
      "citation",        "audio",          "input_audio",    "output_audio",  "input_image",
      "output_image",    "input_video",    "output_video",   "input_chars",   "output_chars",
      "ocr_page",        "query",          "web_search",     "request",       "training",
      "video_generation"};
  return std::find(names.begin(), names.end(), key) != names.end();
}

class card_reader {
 public:
  card_reader(model& m, const card_facts& facts) : model_(m), facts_(facts) {}

  void read(const json::object& card, const condition& base) {
    for (const auto& [name, value] : card) {
      const std::string key(name);
      if (key == "unit") continue;
      if (is_dimension(key))
        read_price(key, value, base);
      else if (!read_condition(key, value, base))
        throw std::runtime_error("the price card says \"" + key + "\", which is not known");
    }
  }

 private:
  void add(const std::string& key, const json::value& value, const condition& when) {
    model_.prices.push_back({.dimension = key,
                             .value = amount_of(value),
                             .unit = unit_of(key, facts_.unit),
                             .when = when});
  }

  void read_price(const std::string& key, const json::value& value, const condition& base) {
    if (!value.is_object()) return add(key, value, base);
    for (const auto& [size, fee] : value.as_object()) {
      condition when = base;
      when.attributes.emplace_back("search_context_size", std::string(size));
      add(key, fee, when);
    }
  }

  void add_factor(const json::value& value, const condition& when) {
    model_.prices.push_back(
        {.dimension = "multiplier", .value = amount_of(value), .unit = "x", .when = when});
  }

  bool read_condition(const std::string& key, const json::value& value, const condition& base) {
    static const std::regex limit("(over|ge)_(\\d+)(k|m)");
    std::smatch match;
    condition when = base;
    if (key == "batch_multiplier") {
      when.service_tier = "batch";
      add_factor(value, when);
    } else if (key == "multiplier") {
      if (facts_.multiplied) add_factor(value, when);
    } else if (key == "schedule") {
      read_schedule(std::string(value.as_string()));
    } else if (key == "tiers") {
      read_tiers(value.as_array(), base);
    } else if (key == "batch" || key == "flex" || key == "priority" || key == "standard") {
      if (key != "standard") when.service_tier = key;
      read(value.as_object(), when);
    } else if (key == "peak" || key == "off_peak") {
      when.period = key;
      read(value.as_object(), when);
    } else if (std::regex_match(key, match, limit)) {
      const std::int64_t tokens = std::stoll(match[2]) * (match[3] == "m" ? 1'000'000 : 1000);
      when.input_gt = match[1] == "ge" ? tokens - 1 : tokens;
      read(value.as_object(), when);
    } else {
      return false;
    }
    return true;
  }

  /// The first tier that holds counts, so each begins where a smaller one ends.
  void read_tiers(const json::array& tiers, const condition& base) {
    for (const json::value& each : tiers) {
      const json::object& tier = each.as_object();
      condition when = base;
      if (const auto* le = tier.if_contains("input_le"))
        when.input_le = le->to_number<std::int64_t>();
      if (const auto* le = tier.if_contains("output_le"))
        when.output_le = le->to_number<std::int64_t>();
      for (const json::value& other : tiers)
        if (const auto* le = other.as_object().if_contains("input_le"))
          if (const auto end = le->to_number<std::int64_t>();
              when.input_le < 0 || end < when.input_le)
            when.input_gt = std::max(when.input_gt, end);
      for (const auto& [name, value] : tier) read_tier_price(std::string(name), value, when);
    }
  }

  void read_tier_price(const std::string& key, const json::value& value, condition when) {
    static const std::regex by_answer("output_le_(\\d+)");
    std::smatch match;
    if (key == "input_le" || key == "output_le") return;
    if (key == "output_thinking") {
      when.thinking = true;
      return add("output", value, when);
    }
    if (std::regex_match(key, match, by_answer)) {
      when.output_le = std::stoll(match[1]);
      return add("output", value, when);
    }
    read({{key, value}}, when);
  }

  /// "peak Mon-Fri 01:00-04:00 and 06:00-10:00 UTC (...); else off-peak".
  void read_schedule(const std::string& text) {
    const std::string before_utc = text.substr(0, text.find("UTC"));
    static const std::regex window("(\\d\\d):(\\d\\d)-(\\d\\d):(\\d\\d)");
    std::vector<catalog::schedule::window> windows;
    for (std::sregex_iterator it(before_utc.begin(), before_utc.end(), window), end; it != end;
         ++it)
      windows.push_back({std::stoi((*it)[1]) * 60 + std::stoi((*it)[2]),
                         std::stoi((*it)[3]) * 60 + std::stoi((*it)[4])});
    if (before_utc.find("off-peak") != std::string::npos ||
        before_utc.find("off_peak") != std::string::npos) {
      // The rest of the day is peak.
      std::sort(windows.begin(), windows.end(),
                [](auto& a, auto& b) { return a.from_minute < b.from_minute; });
      std::vector<catalog::schedule::window> rest;
      for (std::size_t i = 0; i < windows.size(); ++i)
        rest.push_back({windows[i].to_minute, windows[(i + 1) % windows.size()].from_minute});
      windows = rest;
    }
    model_.schedule.peak = windows;
    if (says(before_utc, "Mon-Fri") || says(before_utc, "weekday"))
      model_.schedule.off_peak_weekdays = 1U << 0 | 1U << 6;
    if (says(text, "Beijing")) model_.schedule.weekday_utc_offset_minutes = 480;
  }

  model& model_;
  const card_facts& facts_;
};

std::int64_t micro(amount a) {
  constexpr std::int64_t unit = 1'000'000'000;
  if (a.raw() % unit != 0) throw std::runtime_error("a price with more than 6 decimals");
  return static_cast<std::int64_t>(a.raw() / unit);
}

/// A card that has a price for flex and one for long prompts says by that what flex costs with a
/// long prompt, if the vendor keeps the ratio (OpenAI does). A row that is said wins.
void combine_tiers(model& m) {
  const std::vector<price> rows = m.prices;
  for (const price& tier : rows) {
    if (tier.when.service_tier.empty() || tier.unit != "Mtok" || tier.when.input_gt >= 0) continue;
    const auto base = std::find_if(rows.begin(), rows.end(), [&](const price& p) {
      return p.dimension == tier.dimension && p.when == condition{};
    });
    for (const price& over : rows) {
      if (base == rows.end() || over.dimension != tier.dimension || over.when.input_gt < 0 ||
          !over.when.service_tier.empty())
        continue;
      const auto scaled = over.value.times_ratio(micro(tier.value), micro(base->value));
      if (!scaled) continue;
      price both = over;
      both.value = *scaled;
      both.when.service_tier = tier.when.service_tier;
      m.prices.push_back(both);
    }
  }
}

}  // namespace

catalog::model model_of_card(const json::object& card, std::string_view currency,
                             const card_facts& facts) {
  model m;
  m.info.currency = std::string(currency);
  m.info.mode = "chat";
  card_reader(m, facts).read(card, {});
  combine_tiers(m);
  m.hash = catalog::price_hash(m);
  return m;
}

}  // namespace ark::test
