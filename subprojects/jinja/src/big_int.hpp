#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "jinja/arena.hpp"
#include "jinja/value.hpp"

namespace jinja {

/// An integer of any size, as Python has: sign and magnitude, 32 bits a limb, the lowest first, no
/// zeros on top. Values are made by the functions below, which give `integer` where 64 bits do.
class big_int {
 public:
  bool negative = false;
  std::span<const std::uint32_t> limbs;
};

namespace integers {
// Of integral values, booleans too. What passes the limit of the arena is thrown there.
value add(arena& in, const value& a, const value& b);
value subtract(arena& in, const value& a, const value& b);
value multiply(arena& in, const value& a, const value& b);
/// Rounded to minus infinity, and the remainder with the divisor's sign. `b` is not zero.
value floor_divide(arena& in, const value& a, const value& b);
value modulo(arena& in, const value& a, const value& b);
/// `exponent` >= 0.
value power(arena& in, const value& base, std::uint64_t exponent);
value negate(arena& in, const value& a);
int compare(const value& a, const value& b) noexcept;
int sign(const value& a) noexcept;
/// Rounded to the nearest; infinite where it is too large.
double to_double(const value& a) noexcept;
/// a / b, rounded once.
double true_divide(const value& a, const value& b) noexcept;
/// A finite number without its fraction.
value from_double(arena& in, double number);
std::optional<std::int64_t> to_int64(const value& a) noexcept;
std::string to_string(const value& a, unsigned base = 10);
/// Digits of the base, nothing else; underscores are skipped.
value parse(arena& in, std::string_view digits, unsigned base, bool negative);
/// How many decimal digits, roughly and not too few.
std::size_t digits(const value& a) noexcept;
/// Of its magnitude, as Python's int.bit_length.
std::size_t bits(const value& a) noexcept;
std::uint64_t hash(const big_int& a) noexcept;
}  // namespace integers

}  // namespace jinja
