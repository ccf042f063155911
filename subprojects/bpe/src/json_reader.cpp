#include "json_reader.hpp"

#include "unicode.hpp"

namespace bpe {
namespace {

constexpr std::size_t max_depth = 64;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

bool json_reader::fail(std::string_view what) {
  if (failure_.empty()) {
    failure_ = std::string(what) + " at byte " + std::to_string(at_);
  }
  return false;
}

void json_reader::space() {
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (c != ' ' && c != '\n' && c != '\r' && c != '\t') break;
    ++at_;
  }
}

json_reader::kind json_reader::peek() {
  space();
  if (failed() || at_ >= text_.size()) return kind::none;
  switch (text_[at_]) {
    case '{':
      return kind::object;
    case '[':
      return kind::array;
    case '"':
      return kind::string;
    case 't':
    case 'f':
      return kind::boolean;
    case 'n':
      return kind::null;
    default:
      return text_[at_] == '-' || is_digit(text_[at_]) ? kind::number : kind::none;
  }
}

bool json_reader::enter(char open) {
  space();
  if (failed()) return false;
  if (at_ >= text_.size() || text_[at_] != open) {
    return fail(open == '{' ? "expected an object" : "expected a list");
  }
  if (first_.size() == max_depth) return fail("nested too deeply");
  ++at_;
  first_.push_back(true);
  return true;
}

bool json_reader::more(char close) {
  space();
  if (failed()) return false;
  if (first_.empty() || at_ >= text_.size()) return fail("cut short");
  if (text_[at_] == close) {
    ++at_;
    first_.pop_back();
    return false;
  }
  if (!first_.back()) {
    if (text_[at_] != ',') return fail("expected a comma");
    ++at_;
  }
  first_.back() = false;
  return true;
}

bool json_reader::next_member(std::string& name) {
  if (!more('}')) return false;
  if (!read_string(name)) return false;
  space();
  if (at_ >= text_.size() || text_[at_] != ':') return fail("expected a colon");
  ++at_;
  return true;
}

bool json_reader::next_item() { return more(']'); }

bool json_reader::hex4(std::uint32_t& out) {
  if (text_.size() - at_ < 4) return fail("cut short");
  out = 0;
  for (int i = 0; i < 4; ++i, ++at_) {
    const char c = text_[at_];
    const char low = static_cast<char>(c | 0x20);
    std::uint32_t digit = 0;
    if (is_digit(c)) {
      digit = static_cast<std::uint32_t>(c - '0');
    } else if (low >= 'a' && low <= 'f') {
      digit = static_cast<std::uint32_t>(low - 'a' + 10);
    } else {
      return fail("bad \\u escape");
    }
    out = out * 16 + digit;
  }
  return true;
}

bool json_reader::escape(std::string& out) {
  if (at_ >= text_.size()) return fail("cut short");
  const char c = text_[at_++];
  constexpr std::string_view names = "\"\\/bfnrt";
  constexpr std::string_view values = "\"\\/\b\f\n\r\t";
  if (const std::size_t i = names.find(c); i != std::string_view::npos) {
    out.push_back(values[i]);
    return true;
  }
  if (c != 'u') return fail("bad escape");
  std::uint32_t code = 0;
  if (!hex4(code)) return false;
  if (code >= 0xD800 && code <= 0xDFFF && !low_surrogate(code)) return false;
  append_utf8(out, code);
  return true;
}

/// Completes a pair whose first half is `code`.
bool json_reader::low_surrogate(std::uint32_t& code) {
  const std::size_t before = at_;
  std::uint32_t low = 0;
  if (code < 0xDC00 && text_.substr(at_, 2) == "\\u") {
    at_ += 2;
    if (!hex4(low)) return false;
    if (low >= 0xDC00 && low <= 0xDFFF) {
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
      return true;
    }
  }
  at_ = before;
  if (lone_ == lone_surrogates::refuse) return fail("half of a surrogate pair");
  code = replacement_character;
  return true;
}

bool json_reader::read_string(std::string& out) {
  space();
  out.clear();
  if (failed()) return false;
  if (at_ >= text_.size() || text_[at_] != '"') return fail("expected a string");
  ++at_;
  while (at_ < text_.size()) {
    const std::size_t from = at_;
    while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\\' &&
           static_cast<unsigned char>(text_[at_]) >= 0x20) {
      ++at_;
    }
    out.append(text_.substr(from, at_ - from));
    if (at_ >= text_.size()) break;
    const char c = text_[at_];
    if (static_cast<unsigned char>(c) < 0x20) return fail("control character in a string");
    ++at_;
    if (c == '"') return true;
    if (!escape(out)) return false;
  }
  return fail("cut short");
}

bool json_reader::expect(std::string_view word) {
  if (text_.substr(at_, word.size()) != word) return fail("unknown word");
  at_ += word.size();
  return true;
}

bool json_reader::read_bool(bool& out) {
  if (peek() != kind::boolean) return fail("expected true or false");
  out = text_[at_] == 't';
  return expect(out ? "true" : "false");
}

bool json_reader::read_unsigned(std::uint32_t& out) {
  space();
  if (failed()) return false;
  std::uint64_t value = 0;
  const std::size_t from = at_;
  while (at_ < text_.size() && is_digit(text_[at_]) && at_ - from < 11) {
    value = value * 10 + static_cast<std::uint64_t>(text_[at_++] - '0');
  }
  const bool padded = at_ - from > 1 && text_[from] == '0';
  if (at_ == from || padded || value > 0xFFFFFFFFu) {
    return fail("expected a whole number below 2^32");
  }
  out = static_cast<std::uint32_t>(value);
  return true;
}

bool json_reader::skip_number() {
  const auto digits = [&] {
    const std::size_t from = at_;
    while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
    return at_ > from;
  };
  if (text_[at_] == '-') ++at_;
  const std::size_t whole = at_;
  if (!digits() || (at_ - whole > 1 && text_[whole] == '0')) return fail("bad number");
  if (at_ < text_.size() && text_[at_] == '.') {
    ++at_;
    if (!digits()) return fail("bad number");
  }
  if (at_ < text_.size() && (text_[at_] | 0x20) == 'e') {
    ++at_;
    if (at_ < text_.size() && (text_[at_] == '+' || text_[at_] == '-')) ++at_;
    if (!digits()) return fail("bad number");
  }
  return true;
}

bool json_reader::skip() {
  std::string text;
  bool flag = false;
  switch (peek()) {
    case kind::object:
      if (!enter_object()) return false;
      while (next_member(text)) {
        if (!skip()) return false;
      }
      return !failed();
    case kind::array:
      if (!enter_array()) return false;
      while (next_item()) {
        if (!skip()) return false;
      }
      return !failed();
    case kind::string:
      return read_string(text);
    case kind::number:
      return skip_number();
    case kind::boolean:
      return read_bool(flag);
    case kind::null:
      return expect("null");
    case kind::none:
      break;
  }
  return fail("expected a value");
}

bool json_reader::finish() {
  space();
  if (failed()) return false;
  return at_ == text_.size() || fail("text after the end");
}

}  // namespace bpe
