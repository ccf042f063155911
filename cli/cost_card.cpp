#include "cli/cost_card.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "catalog/select_price.hpp"
#include "cli/mistake.hpp"
#include "model.pb.h"

namespace ark::cli::worked {
namespace {

using catalog::condition;
using catalog::price;
constexpr amount::rep money_unit = 1'000'000'000'000'000;

bool says(std::string_view text, std::string_view word) {
  return text.find(word) != std::string_view::npos;
}

bool is_thousand(std::string_view part) {
  return says(part, "1k") || says(part, "1000") || says(part, "1,000") || says(part, "thousand") ||
         says(part, "/k");
}

/// The part of "USD/Mtok; USD/1k calls" that speaks of one of `words`; the only part if there is
/// one; else "".
std::string_view unit_part(std::string_view unit, std::initializer_list<std::string_view> words) {
  const bool single = unit.find(';') == std::string_view::npos;
  while (!unit.empty()) {
    const std::size_t end = std::min(unit.find(';'), unit.size());
    const std::string_view part = unit.substr(0, end);
    for (const std::string_view word : words)
      if (says(part, word) || single) return part;
    unit.remove_prefix(std::min(end + 1, unit.size()));
  }
  return {};
}

std::string first_of(std::string_view part, std::initializer_list<std::string_view> units,
                     std::string_view otherwise) {
  for (const std::string_view unit : units)
    if (says(part, unit)) return std::string(unit);
  return std::string(otherwise);
}

/// A price in the catalogue's own unit: its name, and what the card's number is multiplied with.
struct unit_choice {
  std::string name;
  std::int64_t times = 1;
};

unit_choice call_unit(std::string_view unit, std::initializer_list<std::string_view> words,
                      amount value) {
  for (const std::string_view word : words) {
    const std::string_view part = unit_part(unit, {word});
    if (says(part, word)) return {is_thousand(part) ? "thousand_calls" : "call"};
  }
  // The card does not say. Nobody asks a whole unit of money for one call, or less than a tenth of
  // one for a thousand.
  return {value.raw() < money_unit / 10 ? "call" : "thousand_calls"};
}

unit_choice token_unit(std::string_view unit) {
  const std::string_view part = unit_part(unit, {"tok"});
  if (!says(part, "tok") || says(part, "Mtok") || says(part, "1M") || says(part, "million"))
    return {"Mtok"};
  return {"Mtok", is_thousand(part) ? 1000 : 1'000'000};
}

unit_choice unit_of(std::string_view key, std::string_view unit, amount value) {
  if (key == "cache_storage") return {"Mtok_hour"};
  if (key == "audio")
    return {first_of(unit_part(unit, {"minute", "hour", "second"}), {"minute", "hour", "second"},
                     "minute")};
  if (key.starts_with("video_generation") || key == "output_second")
    return {first_of(unit_part(unit, {"second", "video", "tok"}), {"second", "Mtok", "video"},
                     "second")};
  if (key == "input_chars" || key == "output_chars") {
    const std::string_view part = unit_part(unit, {"char"});
    if (says(part, "Mchar") || says(part, "1M") || !says(part, "char")) return {"Mchar"};
    return {"Mchar", is_thousand(part) ? 1000 : says(part, "10k") ? 100 : 1'000'000};
  }
  if (key == "ocr_page" || key == "annotation_page")
    return {is_thousand(unit_part(unit, {"page"})) ? "kpage" : "page"};
  if (key == "training")
    return {first_of(unit_part(unit, {"train", "hour"}), {"minute", "hour", "second"}, "Mtok")};
  if (key == "deployment")
    return {says(unit, "started") ? "started_hour" : first_of(unit, {"minute", "second"}, "hour")};
  if (key.starts_with("image_generation")) return {"image"};
  if (key == "request") return call_unit(unit, {"request"}, value);
  if (key == "query") return call_unit(unit, {"quer", "search", "unit"}, value);
  if (key == "web_search") return call_unit(unit, {"call", "quer", "prompt", "search"}, value);
  if (key.ends_with("_search") || key.ends_with("_grounding") || key.starts_with("code_") ||
      key == "web_fetch")
    return call_unit(unit, {"call", "session"}, value);
  return token_unit(unit);
}

bool is_dimension(const std::string& key) {
  schema::Dimension::Name dimension{};
  return schema::Dimension::Name_Parse(key, &dimension) &&
         dimension != schema::Dimension::unspecified && dimension != schema::Dimension::multiplier;
}

/// The limit of "over_272k", "ge_200k", "output_le_200": the number behind `prefix`, or -1.
std::int64_t limit_of(std::string_view key, std::string_view prefix) {
  if (!key.starts_with(prefix)) return -1;
  key.remove_prefix(prefix.size());
  std::int64_t n = 0;
  const auto read = std::from_chars(key.data(), key.data() + key.size(), n);
  const std::string_view rest(read.ptr,
                              static_cast<std::size_t>(key.data() + key.size() - read.ptr));
  if (read.ec != std::errc{} || n > 1'000'000'000) return -1;
  if (rest == "k") return n * 1000;
  if (rest == "m") return n * 1'000'000;
  return rest.empty() ? n : -1;
}

std::string thousands(std::int64_t n) {
  return n % 1000 == 0 ? std::to_string(n / 1000) + "k" : std::to_string(n);
}

class card_reader {
 public:
  card_reader(price_card& card, const card_facts& facts) : card_(card), facts_(facts) {}

  result<void> read(const bj::object& card, const condition& base) {
    for (const auto& [name, value] : card) {
      const std::string key(name);
      if (key == "unit" || key.starts_with("_") || value.is_null()) continue;
      auto done =
          is_dimension(key) ? read_price(key, value, base) : read_condition(key, value, base);
      if (!done) return done;
    }
    return {};
  }

 private:
  static error mistake(const std::string& key, const std::string& what) {
    return usage_mistake("the price card's \"" + key + "\" " + what);
  }

  result<void> add(const std::string& key, const bj::value& value, const condition& when) {
    const auto number = decimal_of(value);
    if (!number || number->raw() < 0) return mistake(key, "is no price: write a decimal number");
    const unit_choice unit = unit_of(key, facts_.unit, *number);
    const auto scaled = number->times_ratio(unit.times, 1);
    if (!scaled) return scaled.error();
    card_.model.prices.push_back(
        {.dimension = key, .value = *scaled, .unit = unit.name, .when = when});
    if (!when.period.empty()) card_.by_the_hour = true;
    return {};
  }

  /// One price, or one for each size, quality or resolution: {"low": "5", "medium": "8"}.
  result<void> read_price(const std::string& key, const bj::value& value, const condition& base) {
    const bj::object* by_word = value.if_object();
    if (by_word == nullptr) return add(key, value, base);
    for (const auto& [word, fee] : *by_word) {
      condition when = base;
      when.attributes.emplace_back(
          key == "request" || key.ends_with("search") ? "search_context_size" : "variant",
          std::string(word));
      if (auto done = add(key, fee, when); !done) return done;
    }
    return {};
  }

  result<void> add_factor(const std::string& key, const bj::value& value, const condition& when) {
    const auto factor = decimal_of(value);
    if (!factor || factor->raw() <= 0 || factor->raw() > INT64_MAX)
      return mistake(key, "is no factor: write a decimal number");
    card_.model.prices.push_back(
        {.dimension = "multiplier", .value = *factor, .unit = "x", .when = when});
    return {};
  }

  result<void> read_condition(const std::string& key, const bj::value& value,
                              const condition& base) {
    condition when = base;
    if (key == "batch_multiplier") {
      when.service_tier = "batch";
      return add_factor(key, value, when);
    }
    if (key == "multiplier") return read_multiplier(value, when);
    if (key == "schedule") return read_hours(value);
    if (key == "tiers" && value.is_array()) return read_tiers(value.get_array(), base);
    const bj::object* inner = value.if_object();
    if (inner == nullptr) return mistake(key, "is not known");
    if (key == "peak" || key == "off_peak") {
      when.period = key;
    } else if (const auto over = limit_of(key, "over_"); over >= 0) {
      when.input_gt = over;
      mark(over, "@>" + thousands(over));
    } else if (const auto from = limit_of(key, "ge_"); from >= 0) {
      when.input_gt = from - 1;
      mark(from - 1, "@>=" + thousands(from));
    } else if (key != "standard") {
      when.service_tier = key;
    }
    return read(*inner, when);
  }

  void mark(std::int64_t limit, std::string text) {
    card_.tiers.emplace_back(limit, std::move(text));
  }

  /// One factor, or one for each place or speed.
  result<void> read_multiplier(const bj::value& value, const condition& when) {
    constexpr std::array<std::string_view, 8> standard{
        "global", "standard", "default", "none", "normal", "not_available", "auto", "base"};
    const auto is_standard = [&](const std::string& word) {
      return std::find(standard.begin(), standard.end(), word) != standard.end();
    };
    if (const bj::object* by_word = value.if_object()) {
      for (const std::string& word : facts_.places)
        if (const bj::value* factor = by_word->if_contains(word))
          if (auto done = add_factor("multiplier", *factor, when); !done) return done;
      return {};
    }
    const auto& places = facts_.places;
    if (!places.empty() && std::all_of(places.begin(), places.end(), is_standard)) return {};
    return add_factor("multiplier", value, when);
  }

  result<void> read_hours(const bj::value& value) {
    const auto read =
        value.is_string() ? read_schedule(std::string_view(value.get_string())) : std::nullopt;
    if (!read) return mistake("schedule", "names no hours: write \"peak 01:00-04:00 UTC\"");
    card_.model.schedule = *read;
    return {};
  }

  /// The first tier that holds counts, so each begins where a smaller one ends.
  result<void> read_tiers(const bj::array& tiers, const condition& base) {
    for (const bj::value& each : tiers) {
      const bj::object* tier = each.if_object();
      if (tier == nullptr) return mistake("tiers", "has a tier that is no object");
      condition when = base;
      when.input_le = integer_at(*tier, "input_le").value_or(when.input_le);
      when.output_le = integer_at(*tier, "output_le").value_or(when.output_le);
      when.output_gt = integer_at(*tier, "output_gt").value_or(when.output_gt);
      for (const bj::value& other : tiers) {
        const auto end =
            other.is_object() ? integer_at(other.get_object(), "input_le") : std::nullopt;
        if (end && (when.input_le < 0 || *end < when.input_le))
          when.input_gt = std::max(when.input_gt, *end);
      }
      when.input_gt = integer_at(*tier, "input_gt").value_or(when.input_gt);
      if (when.input_gt >= 0) mark(when.input_gt, "@>" + thousands(when.input_gt));
      for (const auto& [name, value] : *tier)
        if (auto done = read_tier_price(std::string(name), value, when); !done) return done;
    }
    return {};
  }

  result<void> read_tier_price(const std::string& key, const bj::value& value, condition when) {
    if (key == "input_le" || key == "input_gt" || key == "output_le" || key == "output_gt")
      return {};
    if (key == "output_thinking") {
      when.thinking = true;
      return add("output", value, when);
    }
    if (const auto limit = limit_of(key, "output_le_"); limit >= 0) {
      when.output_le = limit;
      return add("output", value, when);
    }
    return read({{key, value}}, when);
  }

  price_card& card_;
  const card_facts& facts_;
};

amount::rep common_divisor(amount::rep a, amount::rep b) {
  while (b != 0) a = std::exchange(b, a % b);
  return a;
}

/// a * b / c, if it is a decimal that an amount can hold.
std::optional<amount> ratio(amount a, amount b, amount c) {
  const amount::rep divisor = common_divisor(b.raw(), c.raw());
  if (divisor == 0) return std::nullopt;
  const amount::rep times = b.raw() / divisor, per = c.raw() / divisor;
  if (times > INT64_MAX || per > INT64_MAX || per <= 0) return std::nullopt;
  const auto made = a.times_ratio(static_cast<std::int64_t>(times), static_cast<std::int64_t>(per));
  return made ? std::optional(*made) : std::nullopt;
}

/// A card that has a price for flex and one for long prompts says by that what flex costs with a
/// long prompt, if the vendor keeps the ratio (OpenAI does). A row that is said wins.
void combine_tiers(catalog::model& m) {
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
      const auto scaled = ratio(over.value, tier.value, base->value);
      if (!scaled) continue;
      price both = over;
      both.value = *scaled;
      both.when.service_tier = tier.when.service_tier;
      const bool said = std::any_of(rows.begin(), rows.end(), [&](const price& p) {
        return p.dimension == both.dimension && p.when == both.when;
      });
      if (!said) m.prices.push_back(both);
    }
  }
}

/// A tier that prices the prompt and says nothing of the cache keeps the standard card's ratio
/// between them: vendors' discounts stack.
void complete_tiers(catalog::model& m) {
  const std::vector<price> rows = m.prices;
  const auto find = [&](std::string_view dimension, const condition& when) {
    return std::find_if(rows.begin(), rows.end(),
                        [&](const price& p) { return p.dimension == dimension && p.when == when; });
  };
  for (const price& tier : rows) {
    if (tier.dimension != "input" || tier.when.service_tier.empty()) continue;
    condition standard = tier.when;
    standard.service_tier.clear();
    const auto base = find("input", standard);
    for (const char* name : {"cache_read", "cache_write", "cache_write_5m", "cache_write_1h"}) {
      const auto cached = find(name, standard);
      if (base == rows.end() || cached == rows.end() || find(name, tier.when) != rows.end())
        continue;
      const auto scaled = ratio(cached->value, tier.value, base->value);
      if (!scaled) continue;
      price made = *cached;
      made.value = *scaled;
      made.when = tier.when;
      m.prices.push_back(made);
    }
  }
}

}  // namespace

bool price_card::prices(std::string_view dimension) const {
  return std::any_of(model.prices.begin(), model.prices.end(),
                     [&](const price& p) { return p.dimension == dimension; });
}

result<price_card> read_card(const bj::object& card, const card_facts& facts) {
  price_card out;
  out.model.info.currency = facts.currency;
  out.model.info.mode = "chat";
  if (auto done = card_reader(out, facts).read(card, {}); !done) return done.error();
  complete_tiers(out.model);
  combine_tiers(out.model);
  out.model.hash = catalog::price_hash(out.model);
  return out;
}

}  // namespace ark::cli::worked
