#include "json_text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "big_int.hpp"
#include "percent.hpp"
#include "unicode.hpp"

namespace jinja {
namespace {

constexpr int deepest_written = 200;

class writer {
 public:
  writer(machine& m, const json_style& how, text_builder& out) : m_(m), how_(how), out_(out) {}

  void write(const value& v, int depth) {
    if (depth > deepest_written)
      m_.fail(failure_kind::recursion,
              "maximum recursion depth exceeded while encoding a JSON object");
    switch (v.kind()) {
      case kind::none:
        return out_.append("null");
      case kind::boolean:
        return out_.append(v.boolean() ? "true" : "false");
      case kind::integer:
      case kind::big:
        return out_.append(integers::to_string(v));
      case kind::floating:
        return out_.append(number(v.floating()));
      case kind::string:
        return quoted(v);
      case kind::list:
      case kind::tuple:
        return items(v.items(), depth);
      case kind::dict:
        return entries(v.entries(), depth);
      default:
        break;
    }
    if (v.is_undefined() && m_.is_strict(v)) {
      m_.fail(failure_kind::type, "Object of type StrictUndefined is not JSON serializable");
    }
    m_.fail(failure_kind::type,
            "Object of type " + std::string(m_.type_name(v)) + " is not JSON serializable");
  }

 private:
  static std::string number(double d) {
    if (std::isnan(d)) return "NaN";
    if (std::isinf(d)) return d < 0 ? "-Infinity" : "Infinity";
    return float_repr(d);
  }

  void line(int depth) {
    const std::size_t size = 1 + static_cast<std::size_t>(depth) * how_.indent.size();
    constexpr std::size_t usual = 256;  // the output's budget counts what is longer
    if (size > usual) {
      out_.append('\n');
      for (int i = 0; i < depth; ++i) out_.append(how_.indent);
      return;
    }
    while (margin_.size() < size) margin_ += how_.indent;
    out_.append(std::string_view(margin_).substr(0, size));
  }

  void items(const list& all, int depth) {
    if (all.size == 0) return out_.append("[]");
    out_.append('[');
    for (std::uint32_t i = 0; i < all.size; ++i) {
      if (i > 0) out_.append(how_.between);
      if (how_.has_indent) line(depth + 1);
      write(all[i], depth + 1);
    }
    if (how_.has_indent) line(depth);
    out_.append(']');
  }

  value key_text(const value& key) {
    switch (key.kind()) {
      case kind::string:
        return key;
      case kind::boolean:
        return value::of(key.boolean() ? "true" : "false");
      case kind::none:
        return value::of("null");
      case kind::integer:
      case kind::big:
        return m_.text_of(integers::to_string(key));
      case kind::floating:
        return m_.text_of(number(key.floating()));
      default:
        m_.fail(failure_kind::type, "keys must be str, int, float, bool or None, not " +
                                        std::string(m_.type_name(key)));
    }
  }

  void entries(const dict& all, int depth) {
    if (all.size == 0) return out_.append("{}");
    std::vector<const dict::entry*> order;
    std::uint32_t at = 0;
    while (const auto* e = all.next(at)) order.push_back(e);
    if (how_.sort_keys)
      std::stable_sort(order.begin(), order.end(),
                       [this](const auto* a, const auto* b) { return m_.less(a->key, b->key); });
    out_.append('{');
    bool more = false;
    for (const dict::entry* e : order) {
      if (more) out_.append(how_.between);
      more = true;
      if (how_.has_indent) line(depth + 1);
      quoted(key_text(e->key));
      out_.append(how_.colon);
      write(e->item, depth + 1);
    }
    if (how_.has_indent) line(depth);
    out_.append('}');
  }

  /// ASCII that stands for itself whatever the style.
  static bool is_plain(char c) {
    return c >= ' ' && c < 0x7f && c != '"' && c != '\\' && c != '<' && c != '>' && c != '&' &&
           c != '\'';
  }

  void one(std::string& to, char32_t c) const {
    static constexpr char hex[] = "0123456789abcdef";
    const auto escape = [&](char32_t unit) {
      to += "\\u";
      for (int shift = 12; shift >= 0; shift -= 4) to += hex[unit >> shift & 15];
    };
    switch (c) {
      case '"':
        to += "\\\"";
        return;
      case '\\':
        to += "\\\\";
        return;
      case '\n':
        to += "\\n";
        return;
      case '\r':
        to += "\\r";
        return;
      case '\t':
        to += "\\t";
        return;
      case '\f':
        to += "\\f";
        return;
      case '\b':
        to += "\\b";
        return;
      default:
        break;
    }
    const bool html = how_.html_safe && (c == '<' || c == '>' || c == '&' || c == '\'');
    if (c < ' ' || html || (how_.ascii && c > 0x7e)) {
      if (c == 0x7f && !html) {
        to += '\x7f';
      } else if (c > 0xffff) {
        escape(0xd800 + ((c - 0x10000) >> 10));
        escape(0xdc00 + ((c - 0x10000) & 0x3ff));
      } else {
        escape(c);
      }
      return;
    }
    unicode::append(to, c);
  }

  void quoted(const value& v) {
    const std::string_view text = v.text();
    const rich_text* rich = v.rich();
    out_.append('"');
    std::size_t at = 0, part = 0;
    std::string piece;
    while (at < text.size()) {
      const std::size_t end = rich == nullptr ? text.size() : rich->parts[part].end;
      piece.clear();
      while (at < end) {
        std::size_t plain = at;
        while (plain < end && is_plain(text[plain])) ++plain;
        piece.append(text, at, plain - at);
        at = plain;
        if (at < end) one(piece, unicode::decode(text, at));
      }
      out_.append(piece, rich == nullptr ? 0 : rich->parts[part].origin);
      ++part;
    }
    out_.append('"');
  }

  std::string margin_ = "\n";  ///< a line's end and as many indents as were needed
  machine& m_;
  const json_style& how_;
  text_builder& out_;
};

}  // namespace

value json_text(machine& m, const value& v, const json_style& how) {
  text_builder& out = m.borrow();
  writer(m, how, out).write(v, 0);
  const value made = out.finish(m.memory());
  m.give_back();
  return made;
}

}  // namespace jinja
