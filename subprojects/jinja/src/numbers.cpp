#include "numbers.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "big_int.hpp"
#include "objects.hpp"
#include "percent.hpp"
#include "unicode.hpp"

namespace jinja::numbers {
namespace {

/// ASCII of a number's text: trimmed, with other scripts' digits as 0 to 9.
std::string plain(std::string_view text) {
  text = unicode::trimmed(text, true, true);
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = unicode::decode(text, at);
    if (c < 0x80)
      out += static_cast<char>(c);
    else if (unicode::is_decimal(c))
      out += static_cast<char>('0' + unicode::decimal_value(c));
    else
      out += '\x01';
  }
  return out;
}

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char s = static_cast<char>(c | 32);
  return s >= 'a' && s <= 'z' ? s - 'a' + 10 : 99;
}

/// Underscores stand between digits only.
bool has_good_underscores(std::string_view s) {
  for (std::size_t i = 0; i < s.size(); ++i)
    if (s[i] == '_' &&
        (i == 0 || i + 1 == s.size() || digit_of(s[i - 1]) > 9 || digit_of(s[i + 1]) > 9))
      return false;
  return true;
}

bool is_float_text(std::string_view s) {
  std::size_t at = s.starts_with('+') || s.starts_with('-') ? 1 : 0;
  const auto digits = [&] {
    const std::size_t begin = at;
    while (at < s.size() && (digit_of(s[at]) <= 9 || s[at] == '_')) ++at;
    return at - begin;
  };
  std::size_t seen = digits();
  if (at < s.size() && s[at] == '.') {
    ++at;
    seen += digits();
  }
  if (seen == 0) return false;
  if (at < s.size() && (s[at] | 32) == 'e') {
    ++at;
    if (at < s.size() && (s[at] == '+' || s[at] == '-')) ++at;
    if (digits() == 0) return false;
  }
  return at == s.size() && has_good_underscores(s);
}

}  // namespace

std::optional<double> read_float(machine& m, const value& v) {
  if (v.is(kind::floating)) return v.floating();
  if (v.is_integral()) {
    const double d = integers::to_double(v);
    if (std::isinf(d)) m.fail(failure_kind::overflow, "int too large to convert to float");
    return d;
  }
  if (!v.is_string()) return std::nullopt;
  std::string s = plain(v.text());
  std::string word;
  for (const char c : s) word += static_cast<char>(c >= 'A' && c <= 'Z' ? c | 32 : c);
  const bool negative = word.starts_with('-');
  if (negative || word.starts_with('+')) word.erase(0, 1);
  if (word == "inf" || word == "infinity") return negative ? -HUGE_VAL : HUGE_VAL;
  if (word == "nan") return std::nan("");
  if (!is_float_text(s)) return std::nullopt;
  std::erase(s, '_');
  return std::strtod(s.c_str(), nullptr);
}

double to_float(machine& m, const value& v) {
  if (v.is_undefined()) m.fail_undefined(v);
  const auto d = read_float(m, v);
  if (d) return *d;
  if (v.is_string())
    m.fail(failure_kind::value, "could not convert string to float: " + m.repr_bytes(v));
  m.fail(failure_kind::type, "float() argument must be a string or a real number, not '" +
                                 std::string(m.type_name(v)) + "'");
}

std::optional<value> read_int(machine& m, std::string_view text, std::int64_t base) {
  if (base != 0 && (base < 2 || base > 36)) return std::nullopt;
  std::string s = plain(text);
  bool negative = false;
  if (s.starts_with('-') || s.starts_with('+')) {
    negative = s[0] == '-';
    s.erase(0, 1);
  }
  std::int64_t named = 10;
  if (s.size() > 1 && s[0] == '0') {
    const char mark = static_cast<char>(s[1] | 32);
    named = mark == 'x' ? 16 : mark == 'o' ? 8 : mark == 'b' ? 2 : 10;
  }
  if (named != 10 && (base == 0 || base == named)) {
    s.erase(0, 2);
    if (s.starts_with('_')) s.erase(0, 1);
    base = named;
  } else if (base == 0) {
    base = 10;
    if (s.size() > 1 && s[0] == '0' && s.find_first_not_of("0_") != std::string::npos)
      return std::nullopt;
  }
  if (s.empty()) return std::nullopt;
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (s[i] == '_' && i > 0 && i + 1 < s.size() && s[i - 1] != '_') continue;
    if (digit_of(s[i]) >= base) return std::nullopt;
  }
  constexpr std::size_t most_digits = 4300;
  if (s.size() > most_digits && (base & (base - 1)) != 0) return std::nullopt;
  if (s.size() > 10 * most_digits) m.fail(failure_kind::limit, "an integer has too many digits");
  return integers::parse(m.memory(), s, static_cast<unsigned>(base), negative);
}

value rounded(machine& m, const value& v, std::int64_t digits) {
  if (v.is(kind::floating)) {
    const double d = v.floating();
    constexpr std::int64_t beyond = 330;
    if (!std::isfinite(d) || digits > beyond) return v;
    if (digits < -beyond) return value::of(std::copysign(0.0, d));
    if (digits >= 0) {
      const double r = std::strtod(fixed(d, static_cast<int>(digits)).c_str(), nullptr);
      return value::of(r);
    }
    const value whole = rounded(m, integers::from_double(m.memory(), d), digits);
    const double scale = std::pow(10.0, static_cast<double>(-digits));
    const double near = std::nearbyint(d / scale) * scale;
    static_cast<void>(whole);
    return value::of(near);
  }
  if (digits >= 0) return m.positive(v);
  constexpr std::int64_t most = 20'000;
  if (digits < -most) return value::of(std::int64_t{0});
  arena& in = m.memory();
  const value scale =
      integers::power(in, value::of(std::int64_t{10}), static_cast<std::uint64_t>(-digits));
  const value rest = integers::modulo(in, v, scale), low = integers::subtract(in, v, rest);
  const value twice = integers::add(in, rest, rest);
  const int order = integers::compare(twice, scale);
  const bool odd = integers::sign(integers::modulo(in, integers::floor_divide(in, low, scale),
                                                   value::of(std::int64_t{2}))) != 0;
  return order > 0 || (order == 0 && odd) ? integers::add(in, low, scale) : low;
}

namespace {

/// pprint's layout: what does not fit the width stands one item a line.
class pretty_printer {
 public:
  explicit pretty_printer(machine& m) : m_(m) {}

  void write(std::string& to, const value& v, std::size_t indent, std::size_t allowance,
             int depth) {
    const std::string flat = sorted_repr(v, depth);
    constexpr std::size_t width = 80;
    const std::size_t room = width - std::min(width, indent + allowance);
    if (unicode::length(flat) <= room || depth > 50) {
      to += flat;
    } else if (v.is(kind::dict)) {
      entries(to, v.entries(), indent, allowance, depth);
    } else if (v.is_sequence()) {
      const bool tuple = v.is(kind::tuple);
      to += tuple ? '(' : '[';
      items(to, v.items(), indent + 1, allowance + (tuple && v.items().size == 1 ? 2 : 1), depth);
      to += tuple ? (v.items().size == 1 ? ",)" : ")") : "]";
    } else {
      to += flat;
    }
  }

 private:
  std::vector<const dict::entry*> sorted(const dict& d) {
    std::vector<const dict::entry*> all;
    std::uint32_t at = 0;
    while (const auto* e = d.next(at)) all.push_back(e);
    std::stable_sort(all.begin(), all.end(), [this](const auto* a, const auto* b) {
      const bool alike =
          (a->key.is_string() && b->key.is_string()) || (a->key.is_number() && b->key.is_number());
      return alike ? m_.less(a->key, b->key) : m_.type_name(a->key) < m_.type_name(b->key);
    });
    return all;
  }

  std::string sorted_repr(const value& v, int depth) {
    if (depth > 100) m_.fail(failure_kind::recursion, "maximum recursion depth exceeded");
    if (v.is(kind::dict)) {
      std::string out = "{";
      for (const auto* e : sorted(v.entries()))
        out += (out.size() > 1 ? ", " : "") + m_.repr_bytes(e->key) + ": " +
               sorted_repr(e->item, depth + 1);
      return out + "}";
    }
    if (!v.is_sequence()) return m_.repr_bytes(v);
    std::string out(1, v.is(kind::tuple) ? '(' : '[');
    for (const value& each : v.items())
      out += (out.size() > 1 ? ", " : "") + sorted_repr(each, depth + 1);
    if (v.is(kind::tuple) && v.items().size == 1) out += ',';
    return out + (v.is(kind::tuple) ? ")" : "]");
  }

  void items(std::string& to, const list& all, std::size_t indent, std::size_t allowance,
             int depth) {
    for (std::uint32_t i = 0; i < all.size; ++i) {
      if (i > 0) to += ",\n" + std::string(indent, ' ');
      write(to, all[i], indent, i + 1 == all.size ? allowance : 1, depth + 1);
    }
  }

  void entries(std::string& to, const dict& d, std::size_t indent, std::size_t allowance,
               int depth) {
    const auto all = sorted(d);
    to += '{';
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (i > 0) to += ",\n" + std::string(indent + 1, ' ');
      const std::string key = m_.repr_bytes(all[i]->key);
      to += key + ": ";
      write(to, all[i]->item, indent + unicode::length(key) + 3,
            i + 1 == all.size() ? allowance + 1 : 1, depth + 1);
    }
    to += '}';
  }

  machine& m_;
};

}  // namespace

std::string pretty(machine& m, const value& v) {
  std::string out;
  pretty_printer(m).write(out, v, 0, 0, 0);
  return out;
}

}  // namespace jinja::numbers
