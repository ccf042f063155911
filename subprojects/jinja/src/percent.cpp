// `text % values`, as Python's printf-style formatting.
#include "percent.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "big_int.hpp"
#include "numbers.hpp"
#include "objects.hpp"
#include "unicode.hpp"

namespace jinja {

std::string fixed(double d, int digits) {
  const int size = std::snprintf(nullptr, 0, "%.*f", digits, d);
  std::string out(static_cast<std::size_t>(size) + 1, '\0');
  std::snprintf(out.data(), out.size(), "%.*f", digits, d);
  out.pop_back();
  return out;
}

namespace {

constexpr std::int64_t widest = 1'000'000;

struct conversion {
  bool left = false, plus = false, space = false, alternate = false, zero = false;
  std::int64_t width = 0, precision = -1;
  char type = 0;
};

class percent {
 public:
  percent(machine& m, const value& text, const value& values)
      : m_(m), format_(text), values_(values) {}

  value run() {
    text_builder& out = m_.borrow();
    const std::string_view all = format_.text();
    std::size_t from = 0;
    while (at_ < all.size()) {
      if (all[at_] != '%') {
        ++at_;
        continue;
      }
      out.append(format_, from, at_++);
      one(out);
      from = at_;
    }
    out.append(format_, from, all.size());
    const bool left =
        values_.is(kind::tuple) ? next_ < values_.items().size : next_ == 0 && !is_mapping();
    if (left) m_.fail(failure_kind::type, "not all arguments converted during string formatting");
    const value made = out.finish(m_.memory());
    m_.give_back();
    return made.safe(format_.is_safe());
  }

 private:
  bool is_mapping() const {
    return values_.is(kind::dict) || values_.is(kind::list) || values_.is(kind::object) ||
           values_.is_undefined();
  }
  char peek() const { return at_ < format_.text().size() ? format_.text()[at_] : '\0'; }

  value take() {
    if (values_.is(kind::tuple)) {
      if (next_ >= values_.items().size)
        m_.fail(failure_kind::type, "not enough arguments for format string");
      return values_.items()[next_++];
    }
    if (next_++ > 0) m_.fail(failure_kind::type, "not enough arguments for format string");
    return values_;
  }

  value named() {
    if (!values_.is(kind::dict)) {
      if (values_.is_undefined()) m_.fail_undefined(values_);
      m_.fail(failure_kind::type, "format requires a mapping");
    }
    const std::string_view all = format_.text();
    int open = 1;
    const std::size_t begin = ++at_;
    while (at_ < all.size() && open > 0) {
      open += all[at_] == '(' ? 1 : all[at_] == ')' ? -1 : 0;
      ++at_;
    }
    if (open > 0) m_.fail(failure_kind::value, "incomplete format key");
    const value key = value::of(all.substr(begin, at_ - begin - 1));
    const value* found = values_.entries().find(key);
    if (found == nullptr) m_.fail(failure_kind::key, m_.repr_bytes(key));
    next_ = 1;
    return *found;
  }

  std::int64_t count() {
    if (peek() == '*') {
      ++at_;
      const value v = take();
      if (!v.is_integral()) m_.fail(failure_kind::type, "* wants int");
      return std::clamp<std::int64_t>(index_of(v), -widest, widest);
    }
    std::int64_t n = 0;
    for (; peek() >= '0' && peek() <= '9'; ++at_)
      n = std::min(n * 10 + (peek() - '0'), widest * 10);
    if (n > widest) m_.fail(failure_kind::limit, "the width of a format is too large");
    return n;
  }

  static std::int64_t index_of(const value& v) { return integers::to_int64(v).value_or(0); }

  void one(text_builder& out) {
    conversion c;
    value v;
    if (peek() == '(') v = named();
    for (bool more = true; more;) {
      switch (peek()) {
        case '-':
          c.left = true;
          break;
        case '+':
          c.plus = true;
          break;
        case ' ':
          c.space = true;
          break;
        case '#':
          c.alternate = true;
          break;
        case '0':
          c.zero = true;
          break;
        default:
          more = false;
      }
      if (more) ++at_;
    }
    c.width = count();
    if (c.width < 0) {
      c.left = true;
      c.width = -c.width;
    }
    if (peek() == '.') {
      ++at_;
      c.precision = std::max<std::int64_t>(count(), 0);
    }
    while (peek() == 'l' || peek() == 'h' || peek() == 'L') ++at_;
    if (at_ >= format_.text().size()) m_.fail(failure_kind::value, "incomplete format");
    c.type = format_.text()[at_++];
    if (c.type == '%') return out.append('%');
    if (std::string_view("srdiuoxXeEfFgGca").find(c.type) == std::string_view::npos)
      m_.fail(failure_kind::value, std::string("unsupported format character '") + c.type + "'");
    convert(out, c, v.is_missing() ? take() : v);
  }

  void convert(text_builder& out, const conversion& c, const value& v) {
    if (c.type == 's' || c.type == 'r' || c.type == 'a' || c.type == 'c') return as_text(out, c, v);
    if (v.is_undefined()) m_.fail_undefined(v);
    if (!v.is_number())
      m_.fail(failure_kind::type, std::string("%") + c.type +
                                      " format: a real number is required, not " +
                                      std::string(m_.type_name(v)));
    std::string sign, digits;
    if (std::string_view("diuoxX").find(c.type) != std::string_view::npos)
      whole(c, v, sign, digits);
    else
      real(c, v, sign, digits);
    if (sign.empty()) sign = c.plus ? "+" : c.space ? " " : "";
    const auto width = static_cast<std::size_t>(c.width);
    std::string prefix;
    if (c.alternate && std::string_view("oxX").find(c.type) != std::string_view::npos)
      prefix = std::string("0") + c.type;
    const std::size_t size = sign.size() + prefix.size() + digits.size();
    if (c.zero && !c.left && size < width) digits.insert(0, width - size, '0');
    out.append(padded(c, sign + prefix + digits));
  }

  std::string padded(const conversion& c, std::string text) const {
    const std::size_t size = unicode::length(text);
    const auto width = static_cast<std::size_t>(c.width);
    if (size < width) text.insert(c.left ? text.size() : 0, width - size, ' ');
    return text;
  }

  void whole(const conversion& c, const value& given, std::string& sign, std::string& digits) {
    value v = given;
    if (v.is(kind::floating)) {
      if (!std::isfinite(v.floating()))
        m_.fail(failure_kind::overflow, "cannot convert float infinity to integer");
      if (c.type == 'o' || c.type == 'x' || c.type == 'X')
        m_.fail(failure_kind::type,
                std::string("%") + c.type + " format: an integer is required, not float");
      v = integers::from_double(m_.memory(), v.floating());
    }
    digits = integers::to_string(v, c.type == 'o' ? 8 : (c.type | 32) == 'x' ? 16 : 10);
    if (digits[0] == '-') {
      sign = "-";
      digits.erase(0, 1);
    }
    if (c.type == 'X')
      std::transform(digits.begin(), digits.end(), digits.begin(),
                     [](char ch) { return static_cast<char>(ch >= 'a' ? ch - 32 : ch); });
    if (c.precision > static_cast<std::int64_t>(digits.size()))
      digits.insert(0, static_cast<std::size_t>(c.precision) - digits.size(), '0');
  }

  void real(const conversion& c, const value& v, std::string& sign, std::string& digits) {
    const double d = numbers::to_float(m_, v);
    const char format[] = {'%',
                           c.alternate ? '#' : '.',
                           c.alternate ? '.' : '*',
                           c.alternate ? '*' : c.type,
                           c.alternate ? c.type : '\0',
                           '\0'};
    const int precision =
        static_cast<int>(c.precision < 0 ? 6 : std::min<std::int64_t>(c.precision, 100'000));
    const int size = std::snprintf(nullptr, 0, format, precision, d);
    digits.resize(static_cast<std::size_t>(size) + 1);
    std::snprintf(digits.data(), digits.size(), format, precision, d);
    digits.pop_back();
    if (digits[0] == '-') {
      sign = "-";
      digits.erase(0, 1);
    }
  }

  void as_text(text_builder& out, const conversion& c, const value& v) {
    value text;
    if (c.type == 's') {
      text = format_.is_safe() ? m_.escaped(v) : m_.str(v);
    } else if (c.type == 'c') {
      text = v;
      if (v.is_integral()) {
        const auto n = integers::to_int64(v);
        if (!n || *n < 0 || *n > 0x10ffff)
          m_.fail(failure_kind::overflow, "%c arg not in range(0x110000)");
        std::string one_char;
        unicode::append(one_char, static_cast<char32_t>(*n));
        text = m_.text_of(one_char);
      }
      if (!text.is_string() || unicode::length(text.text()) != 1)
        m_.fail(failure_kind::type, "%c requires int or char");
    } else {
      text_builder& quoted = m_.borrow();
      m_.repr(quoted, v);
      text = quoted.finish(m_.memory());
      m_.give_back();
    }
    if (c.precision >= 0 && c.type != 'c')
      text = m_.sliced(text, value::none(), value::of(c.precision), value::none());
    const auto size = static_cast<std::int64_t>(unicode::length(text.text()));
    if (!c.left)
      for (std::int64_t i = size; i < c.width; ++i) out.append(' ');
    out.append(text);
    if (c.left)
      for (std::int64_t i = size; i < c.width; ++i) out.append(' ');
  }

  machine& m_;
  const value format_, values_;
  std::size_t at_ = 0;
  std::uint32_t next_ = 0;
};

}  // namespace

value percent_format(machine& m, const value& text, const value& values) {
  return percent(m, text, values).run();
}

}  // namespace jinja
