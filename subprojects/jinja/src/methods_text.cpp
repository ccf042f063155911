#include <algorithm>

#include "methods.hpp"
#include "percent.hpp"
#include "text_functions.hpp"
#include "unicode.hpp"

namespace jinja::methods {
namespace {

value from(machine& m, const value& self, std::string_view made) {
  return made_of(m.memory(), made, {self}).safe(self.is_safe());
}

bool all_are(std::string_view text, bool (*what)(char32_t)) {
  if (text.empty()) return false;
  for (std::size_t at = 0; at < text.size();)
    if (!what(unicode::decode(text, at))) return false;
  return true;
}

/// Bytes [from, to) that `start` and `end` name.
struct window {
  std::size_t from = 0, to = 0;
  bool is_there = true;
};
window window_of(machine& m, const value& self, const value& start, const value& end) {
  const auto size = static_cast<std::int64_t>(unicode::length(self.text()));
  const auto index = [&](const value& v, std::int64_t otherwise) {
    if (v.is_missing() || v.is_none()) return otherwise;
    std::int64_t i = index_number(m, v);
    if (i < 0) i = std::max<std::int64_t>(i + size, 0);
    return i;
  };
  const std::int64_t from = index(start, 0), to = std::min(index(end, size), size);
  if (from > to) return {0, 0, false};
  const auto offset = [&](std::int64_t i) {
    return unicode::offset_of(self.text(), static_cast<std::size_t>(i));
  };
  return {offset(from), offset(to), from <= size};
}

std::int64_t found_at(machine& m, const value& self, const arguments& given, std::string_view name,
                      bool last) {
  const taker t(m, name, given, {"sub", "start", "end"});
  t.required(0);
  const value sub = t.text(0, {});
  const window w = window_of(m, self, t[1], t[2]);
  if (!w.is_there) return -1;
  const std::string_view inside = self.text().substr(w.from, w.to - w.from);
  const auto at = last ? texts::rfind(m, inside, sub.text()) : texts::find(inside, sub.text());
  if (at == std::string_view::npos) return -1;
  return static_cast<std::int64_t>(unicode::length(self.text().substr(0, w.from + at)));
}

value begins_or_ends(machine& m, const value& self, const arguments& given, bool ends) {
  const taker t(m, ends ? "endswith" : "startswith", given, {"prefix", "start", "end"});
  const value& what = t.required(0);
  const window w = window_of(m, self, t[1], t[2]);
  const std::string_view inside = self.text().substr(w.from, w.to - w.from);
  const auto one = [&](const value& v) {
    if (!v.is_string())
      m.fail(failure_kind::type, std::string(ends ? "endswith" : "startswith") +
                                     " first arg must be str or a tuple of str, not " +
                                     std::string(m.type_name(v)));
    return w.is_there && (ends ? inside.ends_with(v.text()) : inside.starts_with(v.text()));
  };
  if (!what.is(kind::tuple)) return value::of(one(what));
  return value::of(std::any_of(what.items().begin(), what.items().end(), one));
}

value adjusted(machine& m, const value& self, const arguments& given, std::string_view name,
               texts::side where) {
  const taker t(m, name, given, {"width", "fillchar"});
  const value fill = t.text(1, value::of(" "));
  if (unicode::length(fill.text()) != 1)
    m.fail(failure_kind::type, "The fill character must be exactly one character long");
  return texts::padded(m, self, index_number(m, t.required(0)), fill.text(), where);
}

value parted(machine& m, const value& self, const arguments& given, bool last) {
  const taker t(m, last ? "rpartition" : "partition", given, {"sep"});
  t.required(0);
  const value separator = t.text(0, {});
  if (separator.text().empty()) m.fail(failure_kind::value, "empty separator");
  const auto at = last ? texts::rfind(m, self.text(), separator.text())
                       : texts::find(self.text(), separator.text());
  const value empty = value::of("");
  list* made = make_list(m.memory(), 3);
  if (at == std::string_view::npos) {
    const value all[] = {last ? empty : self, empty, last ? self : empty};
    return value::tuple(make_list(m.memory(), all));
  }
  made->push(m.memory(), substring(m.memory(), self, 0, at));
  made->push(m.memory(), separator);
  made->push(m.memory(), substring(m.memory(), self, at + separator.bytes(), self.bytes()));
  return value::tuple(made);
}

/// At white space, as split() without a separator.
void split_at_space(machine& m, const value& self, std::int64_t most, bool from_right, list* to) {
  struct piece {
    std::size_t begin, end;
  };
  std::vector<piece> words;
  const std::string_view text = self.text();
  bool inside = false;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t here = at;
    const bool space = unicode::is_space(unicode::decode(text, at));
    if (!space && !inside) words.push_back({here, at});
    if (!space) words.back().end = at;
    inside = !space;
  }
  if (most >= 0 && static_cast<std::size_t>(most) < words.size()) {
    const auto kept = static_cast<std::size_t>(most);
    if (from_right) {
      const std::size_t merged = words.size() - kept;
      const std::size_t begin = 0, end = words[merged - 1].end;
      words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(merged - 1));
      const auto head = unicode::trimmed(text.substr(begin, end), false, true);
      words[0] = {0, head.size()};
    } else {
      const auto tail = unicode::trimmed(text.substr(words[kept].begin), false, false);
      words.resize(kept + 1);
      words[kept].end = words[kept].begin + tail.size();
    }
  }
  for (const piece& p : words) to->push(m.memory(), substring(m.memory(), self, p.begin, p.end));
}

value split_text(machine& m, const value& self, const arguments& given, bool from_right) {
  const taker t(m, from_right ? "rsplit" : "split", given, {"sep", "maxsplit"});
  std::int64_t most = t.number(1, -1);
  list* made = make_list(m.memory());
  if (!t.has(0) || t[0].is_none()) {
    split_at_space(m, self, most, from_right, made);
    return value::of(made);
  }
  const value separator = t.text(0, {});
  if (separator.text().empty()) m.fail(failure_kind::value, "empty separator");
  const std::string_view text = self.text();
  std::vector<std::size_t> cuts;
  if (from_right) {
    for (std::size_t end = text.size(); most != 0 && end >= separator.bytes(); --most) {
      const auto at = texts::rfind(m, text, separator.text(), end - separator.bytes());
      if (at == std::string_view::npos) break;
      cuts.push_back(at);
      end = at;
    }
    std::reverse(cuts.begin(), cuts.end());
  } else {
    for (std::size_t at = texts::find(text, separator.text());
         at != std::string_view::npos && most != 0; --most) {
      cuts.push_back(at);
      at = texts::find(text, separator.text(), at + separator.bytes());
    }
  }
  m.step(cuts.size());
  std::size_t begin = 0;
  for (const std::size_t cut : cuts) {
    made->push(m.memory(), substring(m.memory(), self, begin, cut));
    begin = cut + separator.bytes();
  }
  made->push(m.memory(), substring(m.memory(), self, begin, text.size()));
  return value::of(made);
}

}  // namespace

#define JINJA_MAPPED(name, run)                                       \
  value name(machine& m, const value& self, const arguments& given) { \
    const taker t(m, #name, given, {});                               \
    return from(m, self, unicode::run(self.text()));                  \
  }
JINJA_MAPPED(capitalize, capitalize)
JINJA_MAPPED(casefold, casefold)
JINJA_MAPPED(lower, lower)
JINJA_MAPPED(swapcase, swapcase)
JINJA_MAPPED(title, title)
JINJA_MAPPED(upper, upper)
#undef JINJA_MAPPED

#define JINJA_ASKED(name, answer)                                     \
  value name(machine& m, const value& self, const arguments& given) { \
    const taker t(m, #name, given, {});                               \
    [[maybe_unused]] const std::string_view text = self.text();       \
    return value::of(answer);                                         \
  }
JINJA_ASKED(isalnum, all_are(text, [](char32_t c) { return unicode::is_word(c) && c != '_'; }))
JINJA_ASKED(isalpha, all_are(text, unicode::is_alpha))
JINJA_ASKED(isascii, unicode::is_ascii(text))
JINJA_ASKED(isdecimal, all_are(text, unicode::is_decimal))
JINJA_ASKED(isdigit, all_are(text, unicode::is_digit))
JINJA_ASKED(isnumeric, all_are(text, unicode::is_numeric))
JINJA_ASKED(isspace, all_are(text, unicode::is_space))
JINJA_ASKED(isprintable, text.empty() || all_are(text, unicode::is_printable))
JINJA_ASKED(islower, m.apply_test(*builtin_test("lower"), {self, {}, {}}))
JINJA_ASKED(isupper, m.apply_test(*builtin_test("upper"), {self, {}, {}}))
#undef JINJA_ASKED

value isidentifier(machine& m, const value& self, const arguments& given) {
  const taker t(m, "isidentifier", given, {});
  std::size_t at = 0;
  const std::string_view text = self.text();
  if (text.empty() || !unicode::is_identifier_start(unicode::decode(text, at)))
    return value::of(false);
  return value::of(at == text.size() || all_are(text.substr(at), unicode::is_identifier_part));
}

value istitle(machine& m, const value& self, const arguments& given) {
  const taker t(m, "istitle", given, {});
  bool inside = false, cased = false;
  for (std::size_t at = 0; at < self.text().size();) {
    const char32_t c = unicode::decode(self.text(), at);
    const bool upper = unicode::is_upper(c) || unicode::is_title(c);
    if (upper ? inside : unicode::is_lower(c) && !inside) return value::of(false);
    inside = upper || unicode::is_lower(c);
    cased = cased || inside;
  }
  return value::of(cased);
}

value center(machine& m, const value& self, const arguments& given) {
  return adjusted(m, self, given, "center", texts::side::both);
}
value ljust(machine& m, const value& self, const arguments& given) {
  return adjusted(m, self, given, "ljust", texts::side::right);
}
value rjust(machine& m, const value& self, const arguments& given) {
  return adjusted(m, self, given, "rjust", texts::side::left);
}

value count_text(machine& m, const value& self, const arguments& given) {
  const taker t(m, "count", given, {"sub", "start", "end"});
  t.required(0);
  const value sub = t.text(0, {});
  const window w = window_of(m, self, t[1], t[2]);
  if (!w.is_there) return value::of(std::int64_t{0});
  const std::string_view inside = self.text().substr(w.from, w.to - w.from);
  if (sub.text().empty()) return value::of(static_cast<std::int64_t>(unicode::length(inside)) + 1);
  std::int64_t n = 0;
  for (auto at = texts::find(inside, sub.text()); at != std::string_view::npos;
       at = texts::find(inside, sub.text(), at + sub.bytes()))
    ++n;
  return value::of(n);
}

value encode(machine& m, const value&, const arguments&) {
  m.fail(failure_kind::type, "templates have no bytes: text is UTF-8 already");
}

value endswith(machine& m, const value& self, const arguments& given) {
  return begins_or_ends(m, self, given, true);
}
value startswith(machine& m, const value& self, const arguments& given) {
  return begins_or_ends(m, self, given, false);
}

value expandtabs(machine& m, const value& self, const arguments& given) {
  const taker t(m, "expandtabs", given, {"tabsize"});
  const std::int64_t size = std::clamp<std::int64_t>(t.number(0, 8), 0, 10'000);
  std::string out;
  std::int64_t column = 0;
  for (std::size_t at = 0; at < self.text().size();) {
    const std::size_t here = at;
    const char32_t c = unicode::decode(self.text(), at);
    if (c == '\t') {
      const std::int64_t spaces = size == 0 ? 0 : size - column % size;
      out.append(static_cast<std::size_t>(spaces), ' ');
      column += spaces;
      m.step(static_cast<std::uint64_t>(spaces));
      continue;
    }
    out += self.text().substr(here, at - here);
    column = c == '\n' || c == '\r' ? 0 : column + 1;
  }
  return from(m, self, out);
}

value find(machine& m, const value& self, const arguments& given) {
  return value::of(found_at(m, self, given, "find", false));
}
value rfind(machine& m, const value& self, const arguments& given) {
  return value::of(found_at(m, self, given, "rfind", true));
}

value index_text(machine& m, const value& self, const arguments& given) {
  const std::int64_t at = found_at(m, self, given, "index", false);
  if (at < 0) m.fail(failure_kind::value, "substring not found");
  return value::of(at);
}

value rindex(machine& m, const value& self, const arguments& given) {
  const std::int64_t at = found_at(m, self, given, "rindex", true);
  if (at < 0) m.fail(failure_kind::value, "substring not found");
  return value::of(at);
}

value format(machine& m, const value& self, const arguments& given) {
  return brace_format(m, self, given);
}

value format_map(machine& m, const value& self, const arguments& given) {
  const taker t(m, "format_map", given, {"mapping"});
  const value& mapping = t.required(0);
  if (!mapping.is(kind::dict))
    m.fail(failure_kind::type,
           "'" + std::string(m.type_name(mapping)) + "' object is not a mapping");
  std::vector<named_argument> named;
  std::uint32_t at = 0;
  while (const auto* e = mapping.entries().next(at))
    if (e->key.is_string()) named.push_back({e->key.text(), e->item});
  return brace_format(m, self, {{}, named});
}

value join(machine& m, const value& self, const arguments& given) {
  const taker t(m, "join", given, {"iterable"});
  text_builder& out = m.borrow();
  std::int64_t n = 0;
  m.iterate(t.required(0), [&](const value& v) {
    if (!v.is_string())
      m.fail(failure_kind::type, "sequence item " + std::to_string(n) +
                                     ": expected str instance, " + std::string(m.type_name(v)) +
                                     " found");
    if (n++ > 0) out.append(self);
    out.append(self.is_safe() ? m.escaped(v) : v);
    return true;
  });
  const value made = out.finish(m.memory());
  m.give_back();
  return made.safe(self.is_safe());
}

value lstrip(machine& m, const value& self, const arguments& given) {
  const taker t(m, "lstrip", given, {"chars"});
  return texts::stripped(m, self, t.has(0) ? t[0] : value::none(), true, false);
}
value rstrip(machine& m, const value& self, const arguments& given) {
  const taker t(m, "rstrip", given, {"chars"});
  return texts::stripped(m, self, t.has(0) ? t[0] : value::none(), false, true);
}
value strip(machine& m, const value& self, const arguments& given) {
  const taker t(m, "strip", given, {"chars"});
  return texts::stripped(m, self, t.has(0) ? t[0] : value::none(), true, true);
}

value partition(machine& m, const value& self, const arguments& given) {
  return parted(m, self, given, false);
}
value rpartition(machine& m, const value& self, const arguments& given) {
  return parted(m, self, given, true);
}

// MarkupSafe 2.1 does not know these two: what they give is a plain text.
value removeprefix(machine& m, const value& self, const arguments& given) {
  const taker t(m, "removeprefix", given, {"prefix"});
  t.required(0);
  const value p = t.text(0, {}), plain = self.safe(false);
  return self.text().starts_with(p.text()) ? substring(m.memory(), plain, p.bytes(), plain.bytes())
                                           : plain;
}

value removesuffix(machine& m, const value& self, const arguments& given) {
  const taker t(m, "removesuffix", given, {"suffix"});
  t.required(0);
  const value s = t.text(0, {}), plain = self.safe(false);
  return self.text().ends_with(s.text())
             ? substring(m.memory(), plain, 0, plain.bytes() - s.bytes())
             : plain;
}

value replace(machine& m, const value& self, const arguments& given) {
  const taker t(m, "replace", given, {"old", "new", "count"});
  t.required(0);
  t.required(1);
  return texts::replaced(m, self, t.text(0, {}), t.text(1, {}), t.number(2, -1))
      .safe(self.is_safe());
}

value split(machine& m, const value& self, const arguments& given) {
  return split_text(m, self, given, false);
}
value rsplit(machine& m, const value& self, const arguments& given) {
  return split_text(m, self, given, true);
}

value splitlines(machine& m, const value& self, const arguments& given) {
  const taker t(m, "splitlines", given, {"keepends"});
  list* made = make_list(m.memory());
  const bool keep = t.number(0, 0) != 0;
  for (const texts::line& l : texts::split_lines(self.text()))
    made->push(m.memory(), substring(m.memory(), self, l.begin, keep ? l.next : l.end));
  return value::of(made);
}

value zfill(machine& m, const value& self, const arguments& given) {
  const taker t(m, "zfill", given, {"width"});
  const std::int64_t width = index_number(m, t.required(0));
  const bool sign = self.text().starts_with('-') || self.text().starts_with('+');
  const value digits = sign ? substring(m.memory(), self, 1, self.bytes()) : self;
  const value padded = texts::padded(m, digits, width - (sign ? 1 : 0), "0", texts::side::left);
  return sign ? m.binary(binary_op::add, substring(m.memory(), self, 0, 1), padded) : padded;
}

}  // namespace jinja::methods
