// `text.format(...)` and format specifications (Python's "Format Specification Mini-Language").
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "big_int.hpp"
#include "numbers.hpp"
#include "percent.hpp"
#include "unicode.hpp"

namespace jinja {
namespace {

struct specification {
  std::string fill = " ";
  char align = 0, sign = '-', grouping = 0, type = 0;
  bool alternate = false, zero = false;
  std::int64_t width = -1, precision = -1;
};
constexpr std::int64_t widest = 1'000'000;

specification read(machine& m, std::string_view spec, const value& v) {
  specification s;
  const auto is_align = [](char c) { return c == '<' || c == '>' || c == '=' || c == '^'; };
  std::size_t first = 0;
  if (!spec.empty()) unicode::decode(spec, first);
  std::size_t at = 0;
  if (first < spec.size() && is_align(spec[first])) {
    s.fill = spec.substr(0, first);
    s.align = spec[first];
    at = first + 1;
  } else if (!spec.empty() && is_align(spec[0])) {
    s.align = spec[0];
    at = 1;
  }
  const auto peek = [&] { return at < spec.size() ? spec[at] : '\0'; };
  if (peek() == '+' || peek() == '-' || peek() == ' ') s.sign = spec[at++];
  if (peek() == '#') {
    s.alternate = true;
    ++at;
  }
  if (peek() == '0') {
    if (s.align == 0) {
      s.fill = "0";
      s.align = '=';
      s.zero = true;
    }
    ++at;
  }
  const auto number = [&] {
    std::int64_t n = 0;
    for (; peek() >= '0' && peek() <= '9'; ++at) n = std::min(n * 10 + (peek() - '0'), widest * 10);
    if (n > widest) m.fail(failure_kind::limit, "the width of a format is too large");
    return n;
  };
  if (peek() >= '1' && peek() <= '9') s.width = number();
  if (peek() == ',' || peek() == '_') s.grouping = spec[at++];
  if (peek() == '.') {
    ++at;
    if (peek() < '0' || peek() > '9')
      m.fail(failure_kind::value, "Format specifier missing precision");
    s.precision = number();
  }
  if (at < spec.size()) s.type = spec[at++];
  if (at < spec.size())
    m.fail(failure_kind::value, "Invalid format specifier '" + std::string(spec) +
                                    "' for object of type '" + std::string(m.type_name(v)) + "'");
  return s;
}

std::string grouped(const std::string& digits, char by, std::size_t every) {
  std::string out;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % every == 0) out += by;
    out += digits[i];
  }
  return out;
}

std::string placed(const specification& s, const std::string& head, const std::string& body,
                   char usual) {
  const auto size = static_cast<std::int64_t>(unicode::length(head) + unicode::length(body));
  if (s.width <= size) return head + body;
  const std::int64_t pad = s.width - size;
  const auto fill = [&](std::int64_t n) {
    std::string out;
    for (; n > 0; --n) out += s.fill;
    return out;
  };
  const char align = s.align != 0 ? s.align : usual;
  if (align == '<') return head + body + fill(pad);
  if (align == '^') return fill(pad / 2) + head + body + fill(pad - pad / 2);
  if (align == '=') return head + fill(pad) + body;
  return fill(pad) + head + body;
}

std::string text_formatted(machine& m, const value& v, const specification& s) {
  if (s.type != 0 && s.type != 's')
    m.fail(failure_kind::value,
           std::string("Unknown format code '") + s.type + "' for object of type 'str'");
  if (s.sign != '-') m.fail(failure_kind::value, "Sign not allowed in string format specifier");
  if (s.alternate)
    m.fail(failure_kind::value, "Alternate form (#) not allowed in string format specifier");
  if (s.align == '=' && !s.zero)
    m.fail(failure_kind::value, "'=' alignment not allowed in string format specifier");
  if (s.grouping != 0)
    m.fail(failure_kind::value, std::string("Cannot specify '") + s.grouping + "' with 's'.");
  std::string text(v.text());
  if (s.precision >= 0)
    text.resize(unicode::offset_of(text, static_cast<std::size_t>(s.precision)));
  specification how = s;
  if (s.zero) how.align = '<';
  return placed(how, "", text, '<');
}

std::string sign_of(const specification& s, bool negative) {
  if (negative) return "-";
  return s.sign == '-' ? "" : std::string(1, s.sign);
}

/// Digits filled up with zeros so that the separators stand right.
std::string with_zeros(const specification& s, std::string digits, std::size_t head,
                       std::size_t tail, std::size_t every) {
  std::string out = s.grouping != 0 ? grouped(digits, s.grouping, every) : digits;
  while (s.zero && s.fill == "0" && static_cast<std::int64_t>(head + out.size() + tail) < s.width) {
    digits.insert(0, 1, '0');
    std::string more = s.grouping != 0 ? grouped(digits, s.grouping, every) : digits;
    if (static_cast<std::int64_t>(head + more.size() + tail) > s.width && s.grouping == 0) break;
    out = std::move(more);
  }
  return out;
}

std::string integer_formatted(machine& m, const value& v, const specification& s) {
  if (s.precision >= 0)
    m.fail(failure_kind::value, "Precision not allowed in integer format specifier");
  if (s.type == 'c') {
    if (s.sign != '-')
      m.fail(failure_kind::value, "Sign not allowed with integer format specifier 'c'");
    std::string one;
    const auto n = integers::to_int64(v);
    if (!n || *n < 0 || *n > 0x10ffff)
      m.fail(failure_kind::overflow, "%c arg not in range(0x110000)");
    unicode::append(one, static_cast<char32_t>(*n));
    return placed(s, "", one, '<');
  }
  const char type = s.type == 0 || s.type == 'n' ? 'd' : s.type;
  const unsigned base = type == 'b' ? 2 : type == 'o' ? 8 : (type | 32) == 'x' ? 16 : 10;
  if (s.grouping == ',' && base != 10)
    m.fail(failure_kind::value, std::string("Cannot specify ',' with '") + s.type + "'.");
  std::string digits = integers::to_string(v, base);
  const bool negative = digits[0] == '-';
  if (negative) digits.erase(0, 1);
  if (type == 'X')
    std::transform(digits.begin(), digits.end(), digits.begin(),
                   [](char c) { return static_cast<char>(c >= 'a' ? c - 32 : c); });
  std::string head = sign_of(s, negative);
  if (s.alternate && base != 10) head += std::string("0") + type;
  return placed(s, head, with_zeros(s, digits, head.size(), 0, base == 10 ? 3 : 4), '>');
}

std::string real_formatted(machine& m, double d, const specification& s) {
  char type = s.type;
  std::string body;
  const bool negative = std::signbit(d) && !std::isnan(d);
  double magnitude = negative ? -d : d;
  int precision = static_cast<int>(std::min<std::int64_t>(s.precision, 100'000));
  std::string tail;
  if (type == '%') {
    magnitude *= 100;
    tail = "%";
    type = 'f';
  }
  if (type == 'n') type = 'g';
  if (!std::isfinite(d)) {
    body = std::isnan(d) ? "nan" : "inf";
    if (type == 'E' || type == 'F' || type == 'G') body = std::isnan(d) ? "NAN" : "INF";
  } else if (type == 0 && precision < 0) {
    body = float_repr(magnitude);
  } else {
    if (precision < 0) precision = 6;
    const bool plain = type == 0;
    const char format[] = {'%',
                           s.alternate ? '#' : '.',
                           s.alternate ? '.' : '*',
                           s.alternate ? '*' : (plain ? 'g' : type),
                           s.alternate ? (plain ? 'g' : type) : '\0',
                           '\0'};
    if ((plain || (type | 32) == 'g') && precision == 0) precision = 1;
    const int size = std::snprintf(nullptr, 0, format, precision, magnitude);
    body.resize(static_cast<std::size_t>(size) + 1);
    std::snprintf(body.data(), body.size(), format, precision, magnitude);
    body.pop_back();
    if (plain && body.find_first_of(".e") == std::string::npos) body += ".0";
  }
  const auto end =
      std::find_if(body.begin(), body.end(), [](char c) { return c < '0' || c > '9'; });
  const std::string digits(body.begin(), end), rest(end, body.end());
  const std::string head = sign_of(s, negative);
  tail = rest + tail;
  static_cast<void>(m);
  return placed(
      s, head,
      (digits.empty() ? digits : with_zeros(s, digits, head.size(), tail.size(), 3)) + tail, '>');
}

class braces {
 public:
  braces(machine& m, const arguments& given, bool safe) : m_(m), given_(given), safe_(safe) {}

  void run(text_builder& out, const value& format, std::string_view text, std::size_t offset,
           int depth) {
    if (depth > 2) m_.fail(failure_kind::value, "Max string recursion exceeded");
    for (std::size_t at = 0; at < text.size(); ++at) {
      const char c = text[at];
      if (c != '{' && c != '}') {
        const auto next = text.find_first_of("{}", at);
        const std::size_t end = next == std::string_view::npos ? text.size() : next;
        append(out, format, text, offset, at, end);
        at = end - 1;
      } else if (at + 1 < text.size() && text[at + 1] == c) {
        out.append(c);
        ++at;
      } else if (c == '}') {
        m_.fail(failure_kind::value, "Single '}' encountered in format string");
      } else {
        at = field(out, text, at + 1, depth);
      }
    }
  }

 private:
  static void append(text_builder& out, const value& format, std::string_view text,
                     std::size_t offset, std::size_t from, std::size_t to) {
    if (format.is_missing())
      out.append(text.substr(from, to - from));
    else
      out.append(format, offset + from, offset + to);
  }

  /// Behind "{": gives where its "}" is.
  std::size_t field(text_builder& out, std::string_view text, std::size_t begin, int depth) {
    int open = 1;
    std::size_t end = begin;
    for (; end < text.size() && open > 0; ++end)
      open += text[end] == '{' ? 1 : text[end] == '}' ? -1 : 0;
    if (open > 0)
      m_.fail(failure_kind::value, begin >= text.size() ? "Single '{' encountered in format string"
                                                        : "expected '}' before end of string");
    --end;
    const std::string_view all = text.substr(begin, end - begin);
    std::size_t name_end = 0;
    for (int brackets = 0; name_end < all.size(); ++name_end) {
      if (all[name_end] == '[') ++brackets;
      if (all[name_end] == ']') --brackets;
      if (brackets <= 0 && (all[name_end] == ':' || all[name_end] == '!')) break;
    }
    value v = named(all.substr(0, name_end));
    std::string_view rest = all.substr(name_end);
    if (rest.starts_with('!')) {
      if (rest.size() < 2)
        m_.fail(failure_kind::value, "end of string while looking for conversion specifier");
      v = converted(v, rest[1]);
      rest.remove_prefix(2);
      if (!rest.empty() && rest[0] != ':')
        m_.fail(failure_kind::value, "expected ':' after conversion specifier");
    }
    std::string spec;
    if (rest.starts_with(':')) {
      text_builder& inner = m_.borrow();
      run(inner, {}, rest.substr(1), 0, depth + 1);
      spec = inner.bytes();
      m_.give_back();
    }
    if (safe_ && !(v.is_string() && v.is_safe()))
      out.append(m_.escaped(spec.empty() ? v : m_.text_of(formatted(m_, v, spec))));
    else if (v.is_string() && spec.empty())
      out.append(v);
    else
      out.append(formatted(m_, v, spec), origin_of(v));
    return end;
  }

  value converted(const value& v, char how) {
    if (how == 's') return m_.str(v);
    if (how == 'r' || how == 'a') return m_.text_of(m_.repr_bytes(v));
    m_.fail(failure_kind::value, std::string("Unknown conversion specifier '") + how + "'");
  }

  value named(std::string_view name) {
    const auto end = std::min(name.find_first_of(".["), name.size());
    const std::string_view first = name.substr(0, end);
    value v;
    const bool is_number = !first.empty() && std::all_of(first.begin(), first.end(), [](char c) {
      return c >= '0' && c <= '9';
    });
    if (first.empty() || is_number) {
      if (first.empty() ? manual_ : automatic_ > 0)
        m_.fail(failure_kind::value,
                first.empty()
                    ? "cannot switch from manual field specification to automatic field numbering"
                    : "cannot switch from automatic field numbering to manual field specification");
      manual_ = manual_ || !first.empty();
      std::size_t i = first.empty() ? automatic_++ : 0;
      for (const char c : first)
        i = std::min<std::size_t>(i * 10 + static_cast<std::size_t>(c - '0'), 1'000'000);
      if (i >= given_.positional.size())
        m_.fail(failure_kind::index, "Replacement index " + std::to_string(i) +
                                         " out of range for positional args tuple");
      v = given_.positional[i];
    } else {
      const auto known = std::find_if(given_.named.begin(), given_.named.end(),
                                      [&](const named_argument& a) { return a.name == first; });
      if (known == given_.named.end()) m_.fail(failure_kind::key, "'" + std::string(first) + "'");
      v = known->item;
    }
    return walked(v, name.substr(end));
  }

  value walked(value v, std::string_view rest) {
    while (!rest.empty()) {
      if (rest[0] == '.') {
        const auto end = std::min(rest.find_first_of(".[", 1), rest.size());
        if (end == 1) m_.fail(failure_kind::value, "Empty attribute in format string");
        const std::string_view name = m_.memory().copy(rest.substr(1, end - 1));
        v = m_.attribute(v, name, methods_named(name));
        if (v.is_undefined() && m_.how().mutation == mutation::everything)
          m_.fail(failure_kind::attribute, m_.undefined_message(v));
        rest.remove_prefix(end);
      } else if (rest[0] == '[') {
        const auto end = rest.find(']');
        if (end == std::string_view::npos)
          m_.fail(failure_kind::value, "Missing ']' in format string");
        const std::string_view key = rest.substr(1, end - 1);
        if (key.empty()) m_.fail(failure_kind::value, "Empty attribute in format string");
        const bool is_number =
            std::all_of(key.begin(), key.end(), [](char c) { return c >= '0' && c <= '9'; });
        v = m_.item(v, is_number ? integers::parse(m_.memory(), key, 10, false)
                                 : value::of(m_.memory().copy(key)));
        rest.remove_prefix(end + 1);
      } else {
        m_.fail(failure_kind::value, "Only '.' or '[' may follow ']' in format field specifier");
      }
    }
    return v;
  }

  machine& m_;
  const arguments& given_;
  bool safe_;  ///< the text is HTML, so what is put into it is escaped
  std::size_t automatic_ = 0;
  bool manual_ = false;
};

}  // namespace

std::string formatted(machine& m, const value& v, std::string_view spec) {
  if (spec.empty()) return m.str_bytes(v);
  if (!v.is_string() && !v.is_number())
    m.fail(failure_kind::type,
           "unsupported format string passed to " + std::string(m.type_name(v)) + ".__format__");
  const specification s = read(m, spec, v);
  if (v.is_string()) return text_formatted(m, v, s);
  const bool real_type =
      s.type != 0 && std::string_view("eEfFgG%").find(s.type) != std::string_view::npos;
  const bool whole_type =
      s.type == 0 || std::string_view("bcdoxXn").find(s.type) != std::string_view::npos;
  if (v.is_integral() && whole_type) return integer_formatted(m, m.positive(v), s);
  if (real_type || (v.is(kind::floating) && (s.type == 0 || s.type == 'n')))
    return real_formatted(m, numbers::to_float(m, v), s);
  m.fail(failure_kind::value, std::string("Unknown format code '") + s.type +
                                  "' for object of type '" + std::string(m.type_name(v)) + "'");
}

value brace_format(machine& m, const value& text, const arguments& given) {
  text_builder& out = m.borrow();
  braces(m, given, text.is_safe()).run(out, text, text.text(), 0, 0);
  const value made = out.finish(m.memory());
  m.give_back();
  return made.safe(text.is_safe());
}

}  // namespace jinja
