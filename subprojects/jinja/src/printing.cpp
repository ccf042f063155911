// str() and repr(), as Python 3.11 has them.
#include <charconv>
#include <cmath>

#include "big_int.hpp"
#include "machine.hpp"
#include "percent.hpp"
#include "unicode.hpp"

namespace jinja {
namespace {

/// Python refuses to write longer integers as text.
constexpr std::size_t most_digits = 4300;

void append_hex(std::string& to, char32_t c, int digits) {
  static constexpr char hex[] = "0123456789abcdef";
  for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) to += hex[c >> shift & 15];
}

/// One character as it stands between the quotes of a repr.
void append_quoted(std::string& to, char32_t c, char quote) {
  if (c == static_cast<unsigned char>(quote) || c == '\\') {
    to += '\\';
    to += static_cast<char>(c);
  } else if (c == '\n') {
    to += "\\n";
  } else if (c == '\r') {
    to += "\\r";
  } else if (c == '\t') {
    to += "\\t";
  } else if (c < ' ' || c == 0x7f) {
    to += "\\x";
    append_hex(to, c, 2);
  } else if (c < 0x7f || (unicode::is_printable(c) && !(c >= 0xd800 && c <= 0xdfff))) {
    unicode::append(to, c);
  } else if (c < 0x100) {
    to += "\\x";
    append_hex(to, c, 2);
  } else if (c < 0x10000) {
    to += "\\u";
    append_hex(to, c, 4);
  } else {
    to += "\\U";
    append_hex(to, c, 8);
  }
}

void repr_text(text_builder& to, const value& v) {
  const std::string_view text = v.text();
  const bool has_single = text.find('\'') != std::string_view::npos;
  const char quote = has_single && text.find('"') == std::string_view::npos ? '"' : '\'';
  if (v.is_safe()) to.append("Markup(");
  to.append(quote);
  const rich_text* rich = v.rich();
  std::size_t part = 0, at = 0;
  std::string piece;
  while (at < text.size()) {
    const std::size_t end = rich == nullptr ? text.size() : rich->parts[part].end;
    piece.clear();
    while (at < end) append_quoted(piece, unicode::decode(text, at), quote);
    to.append(piece, rich == nullptr ? 0 : rich->parts[part].origin);
    ++part;
  }
  to.append(quote);
  if (v.is_safe()) to.append(')');
}

std::string undefined_text(machine& m, const undefined_info& why) {
  const bool attribute = why.reason == undefined_reason::attribute;
  if (why.reason == undefined_reason::variable) return "{{ " + std::string(why.name) + " }}";
  if (attribute || why.reason == undefined_reason::item) {
    const std::string key = m.repr_bytes(attribute ? value::of(why.name) : why.key);
    return "{{ no such element: " + std::string(m.type_name(why.subject)) + " object[" + key +
           "] }}";
  }
  return "{{ undefined value printed: " + std::string(why.name) + " }}";
}

}  // namespace

std::string float_repr(double d) {
  if (std::isnan(d)) return "nan";
  if (std::isinf(d)) return d < 0 ? "-inf" : "inf";
  char buffer[40];
  const auto end =
      std::to_chars(buffer, buffer + sizeof buffer, d, std::chars_format::scientific).ptr;
  std::string_view all(buffer, static_cast<std::size_t>(end - buffer));
  std::string out;
  if (all[0] == '-') {
    out = "-";
    all.remove_prefix(1);
  }
  const auto e = all.find('e');
  std::string digits(1, all[0]);
  if (e > 1) digits += all.substr(2, e - 2);
  int exponent = 0;
  const auto* const from = all.data() + e + (all[e + 1] == '+' ? 2 : 1);
  std::from_chars(from, all.data() + all.size(), exponent);
  constexpr int largest_plain = 16, smallest_plain = -4;
  const int size = static_cast<int>(digits.size());
  if (exponent >= largest_plain || exponent < smallest_plain) {
    out += digits[0];
    if (size > 1) out += "." + digits.substr(1);
    out += exponent < 0 ? "e-" : "e+";
    const std::string number = std::to_string(std::abs(exponent));
    return out + (number.size() < 2 ? "0" : "") + number;
  }
  if (exponent < 0)
    return out + "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
  if (size <= exponent + 1)
    return out + digits + std::string(static_cast<std::size_t>(exponent + 1 - size), '0') + ".0";
  return out + digits.substr(0, static_cast<std::size_t>(exponent) + 1) + "." +
         digits.substr(static_cast<std::size_t>(exponent) + 1);
}

void machine::print(text_builder& to, const value& v) {
  switch (v.kind()) {
    case kind::string:
      return to.append(v);
    case kind::undefined:
      if (is_strict(v)) fail_undefined(v);
      if (how_.undefined == undefined_policy::debug &&
          v.why().reason != undefined_reason::condition)
        to.append(undefined_text(*this, v.why()));
      return;
    case kind::object:
      return to.append(v.thing().text(*this));
    default:
      return repr(to, v);
  }
}

void machine::repr(text_builder& to, const value& v, int depth) {
  if (depth > 100) too_deep();
  switch (v.kind()) {
    case kind::missing:
    case kind::none:
      return to.append("None");
    case kind::undefined:
      return to.append("Undefined");
    case kind::boolean:
      return to.append(v.boolean() ? "True" : "False");
    case kind::integer: {
      char buffer[24];
      const auto end = std::to_chars(buffer, buffer + sizeof buffer, v.integer()).ptr;
      return to.append(std::string_view(buffer, static_cast<std::size_t>(end - buffer)));
    }
    case kind::big:
      if (integers::digits(v) > most_digits + 10)
        fail(failure_kind::value, "Exceeds the limit (4300 digits) for integer string conversion");
      return to.append(integers::to_string(v));
    case kind::floating:
      return to.append(float_repr(v.floating()));
    case kind::string:
      return repr_text(to, v);
    case kind::tuple:
    case kind::list: {
      to.append(v.is(kind::tuple) ? '(' : '[');
      bool more = false;
      for (const value& item : v.items()) {
        if (more) to.append(", ");
        more = true;
        repr(to, item, depth + 1);
      }
      if (v.is(kind::tuple) && v.items().size == 1) to.append(',');
      return to.append(v.is(kind::tuple) ? ')' : ']');
    }
    case kind::dict: {
      to.append('{');
      std::uint32_t at = 0;
      bool more = false;
      while (const auto* e = v.entries().next(at)) {
        if (more) to.append(", ");
        more = true;
        repr(to, e->key, depth + 1);
        to.append(": ");
        repr(to, e->item, depth + 1);
      }
      return to.append('}');
    }
    case kind::object:
      return to.append(v.thing().repr(*this));
  }
}

value machine::str(const value& v) {
  if (v.is_string()) return v;
  text_builder& text = borrow();
  print(text, v);
  const value made = text.finish(memory_);
  give_back();
  return made;
}

std::string machine::str_bytes(const value& v) {
  text_builder& text = borrow();
  print(text, v);
  std::string made = text.bytes();
  give_back();
  return made;
}

std::string machine::repr_bytes(const value& v) {
  text_builder& text = borrow();
  repr(text, v);
  std::string made = text.bytes();
  give_back();
  return made;
}

value machine::escaped(const value& v) {
  if (v.is_string() && v.is_safe()) return v;
  const value text = str(v);
  const std::string_view bytes = text.text();
  text_builder& out = borrow();
  std::size_t from = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const char c = bytes[i];
    const std::string_view as = c == '&'    ? "&amp;"
                                : c == '<'  ? "&lt;"
                                : c == '>'  ? "&gt;"
                                : c == '\'' ? "&#39;"
                                : c == '"'  ? "&#34;"
                                            : "";
    if (as.empty()) continue;
    out.append(text, from, i);
    out.append(as, origin_of(text));
    from = i + 1;
  }
  out.append(text, from, bytes.size());
  const value made = out.finish(memory_);
  give_back();
  return made.safe();
}

void machine::output(text_builder& to, const value& v) {
  if (v.is(kind::object) && v.thing().is_mark()) {
    if (&to != main_out_)
      fail(
          failure_kind::runtime,
          "this tag must stand where its text goes to the output: not in a macro, a call, a filter "
          "or a 'set' block");
    return to.note(v.thing());
  }
  const std::size_t before = to.size();
  if (autoescape_ && !(v.is_string() && v.is_safe()))
    to.append(escaped(v));
  else
    print(to, v);
  if (tells_origins_ && !v.is_string()) to.claim(before, unmarked_value);
  if (to.size() > limits_.output_bytes) too_much("output");
}

}  // namespace jinja
