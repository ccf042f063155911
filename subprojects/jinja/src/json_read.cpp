#include <charconv>
#include <cmath>
#include <cstdlib>

#include "big_int.hpp"
#include "jinja/value.hpp"
#include "unicode.hpp"

namespace jinja {
namespace {

constexpr int deepest = 200;
constexpr std::size_t most_digits = 4300;

class reader {
 public:
  reader(arena& in, std::string_view text) : in_(in), text_(text) {}

  std::optional<value> run(std::string* problem) {
    value v;
    const bool good =
        read(v, 0) && (space(), at_ == text_.size() || fail("something follows the value"));
    if (good) return v;
    if (problem != nullptr) *problem = problem_ + " at byte " + std::to_string(at_);
    return std::nullopt;
  }

 private:
  bool fail(const char* why) {
    if (problem_.empty()) problem_ = why;
    return false;
  }
  void space() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t' || text_[at_] == '\r'))
      ++at_;
  }
  bool take(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }

  bool read(value& to, int depth) {
    if (depth > deepest) return fail("values are nested too deeply");
    space();
    if (at_ >= text_.size()) return fail("the text ends too soon");
    switch (text_[at_]) {
      case '{':
        return read_dict(to, depth);
      case '[':
        return read_list(to, depth);
      case '"': {
        std::string_view text;
        if (!read_text(text)) return false;
        to = value::of(text);
        return true;
      }
      default:
        break;
    }
    if (take("true")) return to = value::of(true), true;
    if (take("false")) return to = value::of(false), true;
    if (take("null")) return to = value::none(), true;
    if (take("NaN")) return to = value::of(std::nan("")), true;
    if (take("Infinity")) return to = value::of(HUGE_VAL), true;
    if (take("-Infinity")) return to = value::of(-HUGE_VAL), true;
    return read_number(to);
  }

  bool read_number(value& to) {
    const std::size_t begin = at_;
    if (take("-")) {
    }
    const std::size_t digits = at_;
    const auto run = [this] {
      while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') ++at_;
    };
    run();
    if (at_ == digits) return fail("a value was expected");
    bool real = false;
    if (at_ < text_.size() && text_[at_] == '.') {
      real = true;
      ++at_;
      run();
    }
    if (at_ < text_.size() && (text_[at_] | 32) == 'e') {
      real = true;
      ++at_;
      if (at_ < text_.size() && (text_[at_] == '+' || text_[at_] == '-')) ++at_;
      run();
    }
    // Python reads no longer integers either.
    if (!real && at_ - digits > most_digits) return fail("an integer has more than 4300 digits");
    const std::string number(text_.substr(begin, at_ - begin));
    to = real ? value::of(std::strtod(number.c_str(), nullptr))
              : integers::parse(in_, text_.substr(digits, at_ - digits), 10, digits != begin);
    return true;
  }

  bool read_unit(char32_t& unit) {
    unit = 0;
    for (int i = 0; i < 4; ++i, ++at_) {
      if (at_ >= text_.size()) return fail("an escape is cut off");
      const char c = text_[at_];
      const int digit = c >= '0' && c <= '9'                 ? c - '0'
                        : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10
                                                             : -1;
      if (digit < 0) return fail("an escape has a character that is no digit");
      unit = unit * 16 + static_cast<char32_t>(digit);
    }
    return true;
  }

  bool read_escape(std::string& to) {
    static constexpr std::string_view from = "\"\\/bfnrt", with = "\"\\/\b\f\n\r\t";
    const char c = at_ < text_.size() ? text_[at_++] : '\0';
    if (const auto known = from.find(c); known != std::string_view::npos)
      return to += with[known], true;
    if (c != 'u') return fail("an unknown escape");
    char32_t unit = 0, low = 0;
    if (!read_unit(unit)) return false;
    const std::size_t before = at_;
    if (unit >= 0xd800 && unit < 0xdc00 && take("\\u")) {
      if (!read_unit(low)) return false;
      if (low >= 0xdc00 && low < 0xe000)
        unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
      else
        at_ = before;
    }
    unicode::append(to, unit);
    return true;
  }

  bool read_text(std::string_view& to) {
    const std::size_t begin = ++at_;
    while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\\') ++at_;
    if (at_ < text_.size() && text_[at_] == '"') {
      to = in_.copy(text_.substr(begin, at_++ - begin));
      return true;
    }
    std::string text(text_.substr(begin, at_ - begin));
    while (at_ < text_.size()) {
      const char c = text_[at_++];
      if (c == '"') {
        to = in_.copy(text);
        return true;
      }
      if (c != '\\')
        text += c;
      else if (!read_escape(text))
        return false;
    }
    return fail("a text has no end");
  }

  bool read_list(value& to, int depth) {
    list* made = make_list(in_);
    ++at_;
    space();
    if (take("]")) return to = value::of(made), true;
    while (true) {
      value item;
      if (!read(item, depth + 1)) return false;
      made->push(in_, item);
      space();
      if (take("]")) return to = value::of(made), true;
      if (!take(",")) return fail("a comma or ] was expected");
    }
  }

  bool read_dict(value& to, int depth) {
    dict* made = make_dict(in_);
    ++at_;
    space();
    if (take("}")) return to = value::of(made), true;
    while (true) {
      space();
      if (at_ >= text_.size() || text_[at_] != '"') return fail("a key was expected");
      std::string_view key;
      value item;
      if (!read_text(key)) return false;
      space();
      if (!take(":")) return fail("a colon was expected");
      if (!read(item, depth + 1)) return false;
      made->set(in_, value::of(key), item);
      space();
      if (take("}")) return to = value::of(made), true;
      if (!take(",")) return fail("a comma or } was expected");
    }
  }

  arena& in_;
  std::string_view text_;
  std::size_t at_ = 0;
  std::string problem_;
};

}  // namespace

std::optional<value> read_json(arena& in, std::string_view text, std::string* problem) {
  return reader(in, text).run(problem);
}

}  // namespace jinja
