#pragma once
#include <ark/result.hpp>

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace ark {

/// An exact amount: a signed 128-bit count of 1e-15 of a currency unit, without its currency.
/// Range about +-1.7e23 units. Arithmetic is checked: overflow is an `error` (errc::too_large).
/// A value type: trivially copyable, no allocation, safe to use from any thread.
class ARK_API amount {
 public:
  using rep = __int128;
  static constexpr int decimals = 15;

  constexpr amount() noexcept = default;
  static constexpr amount from_raw(rep units) noexcept { return amount{units}; }  ///< 1e-15 units
  /// Decimal text: optional sign, digits, optional fraction of at most 15 digits; no exponent.
  static result<amount> parse(std::string_view text);

  constexpr rep raw() const noexcept { return units_; }  ///< count of 1e-15
  constexpr bool is_zero() const noexcept { return units_ == 0; }
  /// Shortest exact decimal text: "0.00435", "-2", "0".
  std::string to_string() const;

  result<amount> plus(amount other) const;  ///< errc::too_large on overflow, as minus
  result<amount> minus(amount other) const;
  /// this * quantity / per, exact; errc::invalid_request if 1e-15 cannot hold the result.
  result<amount> times_ratio(std::int64_t quantity, std::int64_t per) const;

  friend constexpr auto operator<=>(amount, amount) noexcept = default;

 private:
  constexpr explicit amount(rep units) noexcept : units_(units) {}
  rep units_ = 0;
};

/// An amount and its ISO 4217 currency ("USD", "CNY"). Amounts of two currencies are never added.
struct money {
  amount value;
  std::string currency;

  friend bool operator==(const money&, const money&) = default;
};

/// "0.00435 USD".
ARK_API std::string to_string(const money& value);

/// One unit of `from` is `rate` units of `to`, on `date`.
struct exchange_rate {
  std::string from{};
  std::string to{};
  amount rate{};
  std::string date{};  ///< YYYY-MM-DD
};

}  // namespace ark
