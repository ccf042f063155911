#pragma once
#include "catalog/price.hpp"

#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace ark::catalog {

/// What a unit counts, and how many of it one price is for.
struct unit_facts {
  enum class family : std::uint8_t {
    tokens,
    token_hours,
    characters,
    seconds,
    pixels,
    videos,
    count
  };
  family counts = family::count;
  std::int64_t per = 1;
  bool round_up = false;  ///< a started hour is a whole one
};
unit_facts facts_of_unit(std::string_view unit);

/// Everything a condition may ask for.
struct price_facts {
  std::int64_t input_total = 0;
  std::int64_t output_total = 0;
  std::string_view service_tier;  ///< "" = standard
  bool thinking = false;
  std::chrono::system_clock::time_point at;
  const price_context* context = nullptr;  ///< for region and attributes
};
/// `context.service_tier` in one word: "default", "auto", ... are the standard tier, "".
std::string_view normal_tier(const price_context& context);
price_facts facts_of(const price_context& context, std::int64_t input_total,
                     std::int64_t output_total);

/// All of `when` but its service tier holds.
bool holds(const condition& when, const schedule& hours, const price_facts& facts);

/// The price row that applies, or why there is none.
struct selection {
  const price* row = nullptr;
  amount unit_price;        ///< with multipliers
  std::string_view reason;  ///< static text, when there is no row
};
/// The first of `dimensions` that the model prices in this family of units decides.
selection select_price(const model& m, std::initializer_list<std::string_view> dimensions,
                       unit_facts::family family, const price_facts& facts);

}  // namespace ark::catalog
