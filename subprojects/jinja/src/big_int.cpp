#include "big_int.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <vector>

namespace jinja::integers {
namespace {

using limbs = std::vector<std::uint32_t>;
struct number {
  bool negative = false;
  limbs magnitude;
};

number read(const value& v) {
  if (v.is(kind::big)) return {v.big().negative, {v.big().limbs.begin(), v.big().limbs.end()}};
  const std::int64_t i = v.integer();
  auto rest = i < 0 ? 0 - static_cast<std::uint64_t>(i) : static_cast<std::uint64_t>(i);
  number out{i < 0, {}};
  for (; rest != 0; rest >>= 32) out.magnitude.push_back(static_cast<std::uint32_t>(rest));
  return out;
}

void trim(limbs& m) {
  while (!m.empty() && m.back() == 0) m.pop_back();
}

value write(arena& in, number n) {
  trim(n.magnitude);
  if (n.magnitude.size() <= 2) {
    std::uint64_t low = 0;
    for (std::size_t i = n.magnitude.size(); i-- > 0;) low = low << 32 | n.magnitude[i];
    constexpr auto top = std::uint64_t{1} << 63;
    if (low < top)
      return value::of(n.negative ? -static_cast<std::int64_t>(low)
                                  : static_cast<std::int64_t>(low));
    if (low == top && n.negative) return value::of(INT64_MIN);
  }
  auto* const kept = in.array<std::uint32_t>(n.magnitude.size());
  std::copy(n.magnitude.begin(), n.magnitude.end(), kept);
  auto* const made = in.make<big_int>();
  made->negative = n.negative;
  made->limbs = {kept, n.magnitude.size()};
  return value::of(made);
}

int compare_magnitude(const limbs& a, const limbs& b) {
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  for (std::size_t i = a.size(); i-- > 0;)
    if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
  return 0;
}

limbs add_magnitude(const limbs& a, const limbs& b) {
  limbs out(std::max(a.size(), b.size()) + 1);
  std::uint64_t carry = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    carry += (i < a.size() ? a[i] : 0ULL) + (i < b.size() ? b[i] : 0ULL);
    out[i] = static_cast<std::uint32_t>(carry);
    carry >>= 32;
  }
  return out;
}

/// a >= b
limbs subtract_magnitude(const limbs& a, const limbs& b) {
  limbs out(a.size());
  std::int64_t borrow = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    borrow += static_cast<std::int64_t>(a[i]) - (i < b.size() ? b[i] : 0);
    out[i] = static_cast<std::uint32_t>(borrow);
    borrow >>= 32;
  }
  return out;
}

number sum(number a, const number& b) {
  if (a.negative == b.negative) return {a.negative, add_magnitude(a.magnitude, b.magnitude)};
  const int order = compare_magnitude(a.magnitude, b.magnitude);
  if (order == 0) return {};
  if (order > 0) return {a.negative, subtract_magnitude(a.magnitude, b.magnitude)};
  return {b.negative, subtract_magnitude(b.magnitude, a.magnitude)};
}

limbs multiply_magnitude(const limbs& a, const limbs& b) {
  limbs out(a.size() + b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::uint64_t carry = 0;
    for (std::size_t j = 0; j < b.size(); ++j) {
      carry += std::uint64_t{a[i]} * b[j] + out[i + j];
      out[i + j] = static_cast<std::uint32_t>(carry);
      carry >>= 32;
    }
    out[i + b.size()] = static_cast<std::uint32_t>(carry);
  }
  trim(out);
  return out;
}

std::uint32_t divide_small(limbs& a, std::uint32_t by) {
  std::uint64_t rest = 0;
  for (std::size_t i = a.size(); i-- > 0;) {
    rest = rest << 32 | a[i];
    a[i] = static_cast<std::uint32_t>(rest / by);
    rest %= by;
  }
  trim(a);
  return static_cast<std::uint32_t>(rest);
}

limbs shifted(const limbs& a, unsigned bits) {
  limbs out(a.size() + 1);
  std::uint64_t carry = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    carry |= std::uint64_t{a[i]} << bits;
    out[i] = static_cast<std::uint32_t>(carry);
    carry >>= 32;
  }
  out[a.size()] = static_cast<std::uint32_t>(carry);
  return out;
}

/// Knuth's algorithm D (The Art of Computer Programming 4.3.1): quotient; `a` becomes the
/// remainder.
limbs divide_magnitude(limbs& a, const limbs& b) {
  if (compare_magnitude(a, b) < 0) return {};
  if (b.size() == 1) {
    limbs quotient = a;
    const auto rest = divide_small(quotient, b[0]);
    a = rest == 0 ? limbs{} : limbs{rest};
    return quotient;
  }
  const auto shift = static_cast<unsigned>(std::countl_zero(b.back()));
  limbs u = shifted(a, shift);
  limbs v = shifted(b, shift);
  trim(v);
  const std::size_t n = v.size(), m = u.size() - n;
  limbs quotient(m);
  for (std::size_t j = m; j-- > 0;) {
    const std::uint64_t top = std::uint64_t{u[j + n]} << 32 | u[j + n - 1];
    std::uint64_t guess = top / v[n - 1], rest = top % v[n - 1];
    while (guess >> 32 != 0 || guess * v[n - 2] > (rest << 32 | u[j + n - 2])) {
      --guess;
      rest += v[n - 1];
      if (rest >> 32 != 0) break;
    }
    std::int64_t borrow = 0;
    std::uint64_t carry = 0;
    for (std::size_t i = 0; i < n; ++i) {
      carry += guess * v[i];
      borrow += static_cast<std::int64_t>(u[i + j]) - static_cast<std::int64_t>(carry & 0xffffffff);
      u[i + j] = static_cast<std::uint32_t>(borrow);
      borrow >>= 32;
      carry >>= 32;
    }
    borrow += static_cast<std::int64_t>(u[j + n]) - static_cast<std::int64_t>(carry);
    u[j + n] = static_cast<std::uint32_t>(borrow);
    if (borrow < 0) {
      --guess;
      std::uint64_t back = 0;
      for (std::size_t i = 0; i < n; ++i) {
        back += std::uint64_t{u[i + j]} + v[i];
        u[i + j] = static_cast<std::uint32_t>(back);
        back >>= 32;
      }
      u[j + n] += static_cast<std::uint32_t>(back);
    }
    quotient[j] = static_cast<std::uint32_t>(guess);
  }
  for (std::size_t i = 0; i < n; ++i)
    a[i] =
        static_cast<std::uint32_t>((std::uint64_t{u[i]} | std::uint64_t{u[i + 1]} << 32) >> shift);
  a.resize(n);
  trim(a);
  trim(quotient);
  return quotient;
}

struct division {
  number quotient, rest;
};
division floor_of(const value& a, const value& b) {
  number n = read(a);
  const number d = read(b);
  division out;
  out.quotient.magnitude = divide_magnitude(n.magnitude, d.magnitude);
  out.quotient.negative = n.negative != d.negative;
  out.rest = {n.negative, std::move(n.magnitude)};
  if (!out.rest.magnitude.empty() && n.negative != d.negative) {
    out.quotient = sum(std::move(out.quotient), {true, {1}});
    out.rest = sum(std::move(out.rest), d);
  }
  return out;
}

bool is_small(const value& v) { return !v.is(kind::big); }

/// The highest 64 bits, with whatever is below in the lowest of them, and how far up they lie.
struct top_bits {
  std::uint64_t bits = 0;
  int exponent = 0;
};
top_bits top_of(const limbs& m) {
  const auto length = static_cast<int>(m.size() * 32) - std::countl_zero(m.back());
  top_bits out{.bits = 0, .exponent = length - 64};
  bool below = false;
  for (std::size_t i = m.size(); i-- > 0;) {
    const int at = static_cast<int>(i * 32) - out.exponent;
    if (at >= 0)
      out.bits |= std::uint64_t{m[i]} << at;
    else if (at > -32) {
      out.bits |= m[i] >> -at;
      below = below || (m[i] & ((1U << -at) - 1)) != 0;
    } else
      below = below || m[i] != 0;
  }
  if (below) out.bits |= 1;
  return out;
}

}  // namespace

value add(arena& in, const value& a, const value& b) {
  std::int64_t out = 0;
  if (is_small(a) && is_small(b) && !__builtin_add_overflow(a.integer(), b.integer(), &out))
    return value::of(out);
  return write(in, sum(read(a), read(b)));
}

value subtract(arena& in, const value& a, const value& b) {
  std::int64_t out = 0;
  if (is_small(a) && is_small(b) && !__builtin_sub_overflow(a.integer(), b.integer(), &out))
    return value::of(out);
  number other = read(b);
  other.negative = !other.negative;
  return write(in, sum(read(a), other));
}

value multiply(arena& in, const value& a, const value& b) {
  std::int64_t out = 0;
  if (is_small(a) && is_small(b) && !__builtin_mul_overflow(a.integer(), b.integer(), &out))
    return value::of(out);
  const number x = read(a), y = read(b);
  return write(in, {x.negative != y.negative, multiply_magnitude(x.magnitude, y.magnitude)});
}

value floor_divide(arena& in, const value& a, const value& b) {
  if (is_small(a) && is_small(b) && b.integer() != -1) {
    const std::int64_t x = a.integer(), y = b.integer();
    return value::of(x / y - (x % y != 0 && (x < 0) != (y < 0) ? 1 : 0));
  }
  return write(in, floor_of(a, b).quotient);
}

value modulo(arena& in, const value& a, const value& b) {
  if (is_small(a) && is_small(b) && b.integer() != -1) {
    const std::int64_t y = b.integer(), rest = a.integer() % y;
    return value::of(rest != 0 && (rest < 0) != (y < 0) ? rest + y : rest);
  }
  return write(in, floor_of(a, b).rest);
}

value power(arena& in, const value& base, std::uint64_t exponent) {
  value result = value::of(std::int64_t{1}), square = base;
  for (; exponent != 0; exponent >>= 1) {
    if (exponent & 1) result = multiply(in, result, square);
    if (exponent > 1) square = multiply(in, square, square);
  }
  return result;
}

value negate(arena& in, const value& a) { return subtract(in, value::of(std::int64_t{0}), a); }

int sign(const value& a) noexcept {
  if (a.is(kind::big)) return a.big().negative ? -1 : 1;
  return a.integer() < 0 ? -1 : a.integer() > 0 ? 1 : 0;
}

int compare(const value& a, const value& b) noexcept {
  if (is_small(a) && is_small(b))
    return a.integer() < b.integer() ? -1 : a.integer() > b.integer() ? 1 : 0;
  const number x = read(a), y = read(b);
  if (x.negative != y.negative) return x.negative ? -1 : 1;
  const int order = compare_magnitude(x.magnitude, y.magnitude);
  return x.negative ? -order : order;
}

double to_double(const value& a) noexcept {
  if (is_small(a)) return static_cast<double>(a.integer());
  const number n = read(a);
  const top_bits top = top_of(n.magnitude);
  const double magnitude = std::ldexp(static_cast<double>(top.bits), top.exponent);
  return n.negative ? -magnitude : magnitude;
}

double true_divide(const value& a, const value& b) noexcept {
  constexpr std::int64_t exact = std::int64_t{1} << 53;
  const auto fits = [](const value& v) {
    return is_small(v) && v.integer() >= -exact && v.integer() <= exact;
  };
  if (fits(a) && fits(b))
    return static_cast<double>(a.integer()) / static_cast<double>(b.integer());
  number n = read(a);
  const number d = read(b);
  if (n.magnitude.empty()) return 0.0;
  // A quotient of 64 bits and more, its lowest bit set if there is a rest, is rounded once.
  const auto bits = [](const limbs& m) {
    return static_cast<int>(m.size() * 32) - std::countl_zero(m.back());
  };
  const int up = std::max(0, bits(d.magnitude) - bits(n.magnitude) + 66);
  limbs wide(static_cast<std::size_t>(up / 32));
  const limbs moved = shifted(n.magnitude, static_cast<unsigned>(up % 32));
  wide.insert(wide.end(), moved.begin(), moved.end());
  trim(wide);
  limbs quotient = divide_magnitude(wide, d.magnitude);
  if (!wide.empty()) quotient[0] |= 1;
  const top_bits top = top_of(quotient);
  const double magnitude = std::ldexp(static_cast<double>(top.bits), top.exponent - up);
  return n.negative != d.negative ? -magnitude : magnitude;
}

value from_double(arena& in, double number_given) {
  const double whole = std::trunc(number_given);
  if (whole >= -9223372036854775808.0 && whole < 9223372036854775808.0)
    return value::of(static_cast<std::int64_t>(whole));
  int exponent = 0;
  const double fraction = std::frexp(std::fabs(whole), &exponent);
  const auto bits = static_cast<std::uint64_t>(std::ldexp(fraction, 64));
  const int up = exponent - 64;
  limbs low{static_cast<std::uint32_t>(bits), static_cast<std::uint32_t>(bits >> 32)};
  if (up <= 0) {
    const std::uint64_t down = bits >> -up;
    return write(in, {whole < 0,
                      {static_cast<std::uint32_t>(down), static_cast<std::uint32_t>(down >> 32)}});
  }
  limbs all(static_cast<std::size_t>(up / 32));
  const limbs moved = shifted(low, static_cast<unsigned>(up % 32));
  all.insert(all.end(), moved.begin(), moved.end());
  return write(in, {whole < 0, std::move(all)});
}

std::optional<std::int64_t> to_int64(const value& a) noexcept {
  if (is_small(a)) return a.integer();
  return std::nullopt;
}

std::string to_string(const value& a, unsigned base) {
  number n = read(a);
  if (n.magnitude.empty()) return "0";
  std::string out;
  // As many digits at once as 32 bits hold.
  std::uint32_t chunk = base;
  int chunk_digits = 1;
  while (std::uint64_t{chunk} * base <= 0xffffffff) {
    chunk *= base;
    ++chunk_digits;
  }
  while (!n.magnitude.empty()) {
    std::uint32_t rest = divide_small(n.magnitude, chunk);
    for (int i = 0; i < chunk_digits && (rest != 0 || !n.magnitude.empty()); ++i) {
      out += "0123456789abcdefghijklmnopqrstuvwxyz"[rest % base];
      rest /= base;
    }
  }
  if (n.negative) out += '-';
  std::reverse(out.begin(), out.end());
  return out;
}

value parse(arena& in, std::string_view digits, unsigned base, bool negative) {
  number n{negative, {}};
  for (const char c : digits) {
    if (c == '_') continue;
    std::uint64_t carry = static_cast<unsigned>(c <= '9' ? c - '0' : (c | 32) - 'a' + 10);
    for (auto& limb : n.magnitude) {
      carry += std::uint64_t{limb} * base;
      limb = static_cast<std::uint32_t>(carry);
      carry >>= 32;
    }
    if (carry != 0) n.magnitude.push_back(static_cast<std::uint32_t>(carry));
  }
  return write(in, std::move(n));
}

std::size_t digits(const value& a) noexcept {
  if (is_small(a)) return 20;
  return static_cast<std::size_t>(static_cast<double>(a.big().limbs.size()) * 32 * 0.30103) + 1;
}

std::size_t bits(const value& a) noexcept {
  const number n = read(a);
  if (n.magnitude.empty()) return 0;
  return n.magnitude.size() * 32 - static_cast<std::size_t>(std::countl_zero(n.magnitude.back()));
}

std::uint64_t hash(const big_int& a) noexcept {
  return std::bit_cast<std::uint64_t>(to_double(value::of(&a)));
}

}  // namespace jinja::integers
