#include <ark/money.hpp>

#include <algorithm>

namespace ark {
namespace {

using rep = amount::rep;
using unsigned_rep = unsigned __int128;

error overflow() {
  return {.code = errc::too_large, .message = "an amount of money is out of range (about 1.7e23)"};
}

unsigned_rep magnitude(rep v) {
  return v < 0 ? ~static_cast<unsigned_rep>(v) + 1 : static_cast<unsigned_rep>(v);
}

unsigned_rep gcd(unsigned_rep a, unsigned_rep b) {
  while (b != 0) {
    const unsigned_rep r = a % b;
    a = b;
    b = r;
  }
  return a;
}

error bad_decimal(std::string_view why) {
  return {.code = errc::invalid_request, .message = "not a decimal amount: " + std::string(why)};
}

}  // namespace

result<amount> amount::parse(std::string_view text) {
  bool negative = false;
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
    negative = text.front() == '-';
    text.remove_prefix(1);
  }
  rep value = 0;
  int fraction = -1;
  bool digits = false;
  for (const char c : text) {
    if (c == '.') {
      if (fraction >= 0) return bad_decimal("two decimal points");
      fraction = 0;
      continue;
    }
    if (c < '0' || c > '9') return bad_decimal("write digits and at most one point, as in 0.25");
    digits = true;
    if (fraction >= 0 && ++fraction > decimals) return bad_decimal("more than 15 decimal places");
    if (__builtin_mul_overflow(value, rep{10}, &value) ||
        __builtin_add_overflow(value, rep{c - '0'}, &value))
      return overflow();
  }
  if (!digits) return bad_decimal("there is no digit");
  for (int i = std::max(fraction, 0); i < decimals; ++i)
    if (__builtin_mul_overflow(value, rep{10}, &value)) return overflow();
  return from_raw(negative ? -value : value);
}

std::string amount::to_string() const {
  unsigned_rep rest = magnitude(units_);
  std::string reversed;
  int place = 0;
  bool significant = false;
  // Real amounts fit 64 bits, and dividing 128 bits is some 20 times as slow.
  auto small = static_cast<std::uint64_t>(rest);
  const bool fits = rest == small;
  do {
    const char digit = static_cast<char>('0' + static_cast<int>(fits ? small % 10 : rest % 10));
    if (fits)
      rest = small /= 10;
    else
      rest /= 10;
    if (place == decimals && significant) reversed += '.';
    significant = significant || digit != '0' || place >= decimals;
    if (significant) reversed += digit;
    ++place;
  } while (rest != 0 || place <= decimals);
  if (units_ < 0) reversed += '-';
  return {reversed.rbegin(), reversed.rend()};
}

result<amount> amount::plus(amount other) const {
  rep sum = 0;
  if (__builtin_add_overflow(units_, other.units_, &sum)) return overflow();
  return from_raw(sum);
}

result<amount> amount::minus(amount other) const {
  rep difference = 0;
  if (__builtin_sub_overflow(units_, other.units_, &difference)) return overflow();
  return from_raw(difference);
}

result<amount> amount::times_ratio(std::int64_t quantity, std::int64_t per) const {
  if (per <= 0) return bad_decimal("a price is for a positive number of units");
  // Reduced first, so that a large quantity does not overflow before the division; what is left
  // of the divisor then has no factor in common with the product.
  rep divisor = per;
  const auto reduce = [&divisor](rep value) {
    const rep common = static_cast<rep>(gcd(magnitude(value), static_cast<unsigned_rep>(divisor)));
    divisor /= common;
    return value / common;
  };
  const rep units = reduce(units_);
  const rep factor = reduce(quantity);
  if (divisor != 1) return bad_decimal("the product has more than 15 decimal places");
  rep product = 0;
  if (__builtin_mul_overflow(units, factor, &product)) return overflow();
  return from_raw(product);
}

std::string to_string(const money& value) { return value.value.to_string() + " " + value.currency; }

}  // namespace ark
