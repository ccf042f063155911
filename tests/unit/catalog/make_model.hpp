#pragma once
#include "catalog/price.hpp"

#include <string>
#include <utility>
#include <vector>

namespace ark::catalog {

inline amount money_of(std::string_view text) { return amount::parse(text).value(); }

inline price per_mtok(std::string dimension, std::string_view value, condition when = {}) {
  return {.dimension = std::move(dimension),
          .value = money_of(value),
          .unit = "Mtok",
          .when = std::move(when)};
}

inline price fee(std::string dimension, std::string_view value, std::string unit,
                 condition when = {}) {
  return {.dimension = std::move(dimension),
          .value = money_of(value),
          .unit = std::move(unit),
          .when = std::move(when)};
}

inline model make_model(std::vector<price> prices, std::string id = "m",
                        std::string currency = "USD") {
  model m;
  m.info.model = std::move(id);
  m.info.mode = "chat";
  m.info.currency = std::move(currency);
  m.prices = std::move(prices);
  m.hash = price_hash(m);
  return m;
}

inline condition tier(std::string name) {
  condition c;
  c.service_tier = std::move(name);
  return c;
}
inline condition prompt(std::int64_t over, std::int64_t up_to) {
  condition c;
  c.input_gt = over;
  c.input_le = up_to;
  return c;
}

/// 2026-11-18 was a Wednesday.
inline std::chrono::system_clock::time_point at(int day, int hour, int minute = 0) {
  return std::chrono::sys_days{std::chrono::year{2026} / 11 / day} + std::chrono::hours{hour} +
         std::chrono::minutes{minute};
}

inline usage tokens(std::int64_t input, std::int64_t output) {
  usage u;
  u.reported = true;
  u.input = input;
  u.output = output;
  return u;
}

}  // namespace ark::catalog
