#include <algorithm>
#include <functional>

#include "filters.hpp"
#include "objects.hpp"
#include "percent.hpp"
#include "text_functions.hpp"
#include "unicode.hpp"

namespace jinja::filters {
namespace {

/// A text that was made of the subject's.
value from(machine& m, const value& subject, std::string_view made) {
  return made_of(m.memory(), made, {subject}).safe(subject.is_safe());
}

bool is_word(char32_t c) { return unicode::is_word(c); }

}  // namespace

value capitalize(machine& m, const call_of& c) {
  const taker t(m, "capitalize", c, {});
  const value s = m.str(c.subject);
  return from(m, s, unicode::capitalize(s.text()));
}

value center(machine& m, const call_of& c) {
  const taker t(m, "center", c, {"width"});
  const value s = m.str(c.subject);
  return texts::padded(m, s, t.number(0, 80), " ", texts::side::both);
}

value escape(machine& m, const call_of& c) {
  const taker t(m, "escape", c, {});
  return m.escaped(c.subject);
}

value force_escape(machine& m, const call_of& c) {
  const taker t(m, "forceescape", c, {});
  return m.escaped(m.str(c.subject).safe(false));
}

value format(machine& m, const call_of& c) {
  if (!c.positional.empty() && !c.named.empty())
    m.fail(failure_kind::argument,
           "can't handle positional and keyword arguments at the same time");
  const value s = m.str(c.subject);
  if (c.named.empty())
    return percent_format(m, s, value::tuple(make_list(m.memory(), c.positional)));
  dict* named = make_dict(m.memory());
  for (const named_argument& each : c.named)
    named->set(m.memory(), value::of(each.name), each.item);
  return percent_format(m, s, value::of(named));
}

value indent(machine& m, const call_of& c) {
  const taker t(m, "indent", c, {"width", "first", "blank"});
  if (t[0].is_undefined()) m.fail_undefined(t[0]);
  const std::string margin =
      t.has(0) && t[0].is_string()
          ? std::string(t[0].text())
          : std::string(
                static_cast<std::size_t>(std::clamp<std::int64_t>(t.number(0, 4), 0, 1 << 20)),
                ' ');
  if (c.subject.is_undefined()) m.fail_undefined(c.subject);
  if (c.subject.is(kind::list))
    m.fail(failure_kind::attribute, "'list' object has no attribute 'splitlines'");
  if (!c.subject.is_string())
    m.fail(failure_kind::type, "unsupported operand type(s) for +=: '" +
                                   std::string(m.type_name(c.subject)) + "' and 'str'");
  const bool first = t.flag(1, false), blank = t.flag(2, false);
  text_builder& out = m.borrow();
  std::vector<texts::line> lines = texts::split_lines(c.subject.text());
  // As if the text ended with a line end.
  const std::size_t size = c.subject.bytes();
  if (lines.empty() || lines.back().next == size) {
    const bool ended = !lines.empty() && lines.back().end != lines.back().next;
    if (lines.empty() || ended) lines.push_back({size, size, size});
  }
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i > 0) out.append('\n');
    const bool empty = lines[i].begin == lines[i].end;
    if (i == 0 ? first : blank || !empty) out.append(margin);
    out.append(c.subject, lines[i].begin, lines[i].end);
  }
  const value made = out.finish(m.memory());
  m.give_back();
  return made.safe(c.subject.is_safe());
}

value lower(machine& m, const call_of& c) {
  const taker t(m, "lower", c, {});
  const value s = m.str(c.subject);
  return from(m, s, unicode::lower(s.text()));
}

value upper(machine& m, const call_of& c) {
  const taker t(m, "upper", c, {});
  const value s = m.str(c.subject);
  return from(m, s, unicode::upper(s.text()));
}

value replace(machine& m, const call_of& c) {
  const taker t(m, "replace", c, {"old", "new", "count"});
  const value given_old = t.required(0), given_new = t.required(1);
  const value s = m.str(c.subject), old = m.str(given_old), with = m.str(given_new);
  const std::int64_t count = t.has(2) && !t[2].is_none() ? index_number(m, t[2]) : -1;
  if (m.escapes() && !s.is_safe() && (old.is_safe() || with.is_safe()))
    return texts::replaced(m, m.escaped(s), old, with, count).safe();
  return texts::replaced(m, s, old, s.is_safe() ? m.escaped(with) : with, count).safe(s.is_safe());
}

value safe(machine& m, const call_of& c) {
  const taker t(m, "safe", c, {});
  return m.str(c.subject).safe();
}

value string(machine& m, const call_of& c) {
  const taker t(m, "string", c, {});
  return m.str(c.subject);
}

value strip_tags(machine& m, const call_of& c) {
  const taker t(m, "striptags", c, {});
  const value s = m.str(c.subject);
  return from(m, s.safe(false), texts::without_tags(s.text()));
}

/// Words begin behind spaces and opening brackets; apostrophes begin none.
value title(machine& m, const call_of& c) {
  const taker t(m, "title", c, {});
  const value s = m.str(c.subject);
  const std::string_view text = s.text();
  std::string out;
  const auto parts = [](char32_t ch) {
    return ch == '-' || ch == '(' || ch == '{' || ch == '[' || ch == '<' || unicode::is_space(ch);
  };
  std::size_t begin = 0;
  const auto finish = [&](std::size_t end) {
    if (end == begin) return;
    const std::string_view word = text.substr(begin, end - begin);
    std::size_t one = 0;
    unicode::decode(word, one);
    out += unicode::upper(word.substr(0, one));
    out += unicode::lower(word.substr(one));
    begin = end;
  };
  bool inside = true;  // of a word, or of what parts words
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t here = at;
    const bool is_parting = parts(unicode::decode(text, at));
    if (here > 0 && is_parting == inside) finish(here);
    inside = !is_parting;
  }
  finish(text.size());
  return from(m, s, out);
}

value trim(machine& m, const call_of& c) {
  const taker t(m, "trim", c, {"chars"});
  return texts::stripped(m, m.str(c.subject), t.has(0) ? t[0] : value::none(), true, true);
}

value truncate(machine& m, const call_of& c) {
  const taker t(m, "truncate", c, {"length", "killwords", "end", "leeway"});
  if (t[0].is_undefined()) m.fail_undefined(t[0]);
  const std::int64_t length = t.number(0, 255);
  const value end = t.text(2, value::of("..."));
  const std::int64_t leeway = t.has(3) && !t[3].is_none() ? index_number(m, t[3]) : 5;
  const auto end_length = static_cast<std::int64_t>(unicode::length(end.text()));
  if (length < end_length || leeway < 0)
    m.fail(failure_kind::assert_,
           "expected length >= " + std::to_string(end_length) + ", got " + std::to_string(length));
  if (static_cast<std::int64_t>(m.length(c.subject)) <= length + leeway) return c.subject;
  value cut = m.sliced(c.subject, value::none(), value::of(length - end_length), value::none());
  if (!cut.is_string()) return m.binary(binary_op::add, cut, end);
  if (!t.flag(1, false)) {
    const auto space = cut.text().rfind(' ');
    if (space != std::string_view::npos) cut = substring(m.memory(), cut, 0, space);
  }
  return m.binary(binary_op::add, cut, end);
}

value urlencode(machine& m, const call_of& c) {
  const taker t(m, "urlencode", c, {});
  const value& v = c.subject;
  if (v.is_string() ||
      !(v.is_sequence() || v.is(kind::dict) || (v.is(kind::object) && v.thing().iterate(m)))) {
    const value s = m.str(v);
    return from(m, s.safe(false), texts::quoted(s.text(), false));
  }
  std::string out;
  value first;
  const auto pair = [&](const value& key, const value& item) {
    if (!out.empty()) out += '&';
    const value k = m.str(key), i = m.str(item);
    if (origin_of(i) != 0) first = i;
    out += texts::quoted(k.text(), true) + "=" + texts::quoted(i.text(), true);
  };
  if (v.is(kind::dict)) {
    std::uint32_t at = 0;
    while (const auto* e = v.entries().next(at)) pair(e->key, e->item);
  } else {
    m.iterate(v, [&](const value& each) {
      const list* both = m.to_list(each);
      if (both->size != 2) m.fail(failure_kind::value, "not enough values to unpack (expected 2)");
      pair((*both)[0], (*both)[1]);
      return true;
    });
  }
  return made_of(m.memory(), out, {first});
}

value urlize(machine& m, const call_of& c) {
  const taker t(m, "urlize", c, {"trim_url_limit", "nofollow", "target", "rel", "extra_schemes"});
  texts::link_options how;
  if (t.has(0) && !t[0].is_none()) how.limit = index_number(m, t[0]);
  std::vector<std::string> rel;
  if (t.has(3) && !t[3].is_none()) rel = texts::words(m.str(t[3]).text());
  if (t.flag(1, false)) rel.emplace_back("nofollow");
  rel.emplace_back("noopener");
  std::sort(rel.begin(), rel.end());
  rel.erase(std::unique(rel.begin(), rel.end()), rel.end());
  for (const std::string& each : rel) how.rel += (how.rel.empty() ? "" : " ") + each;
  if (t.has(2) && !t[2].is_none()) how.target = m.str_bytes(t[2]);
  if (t.has(4) && !t[4].is_none())
    for (const value& scheme : *m.to_list(t[4])) how.schemes.push_back(m.str_bytes(scheme));
  const value s = m.str(c.subject);
  m.step((how.rel.size() + how.target.size()) * texts::words(s.text()).size() / 16);
  const value made =
      made_of(m.memory(), texts::with_links(std::string(m.escaped(s).text()), how), {s});
  return made.safe(m.escapes());
}

value wordcount(machine& m, const call_of& c) {
  const taker t(m, "wordcount", c, {});
  const value s = m.str(c.subject);
  std::int64_t words = 0;
  bool inside = false;
  for (std::size_t at = 0; at < s.text().size();) {
    const bool word = is_word(unicode::decode(s.text(), at));
    if (word && !inside) ++words;
    inside = word;
  }
  return value::of(words);
}

value wordwrap(machine& m, const call_of& c) {
  const taker t(m, "wordwrap", c, {"width", "break_long_words", "wrapstring", "break_on_hyphens"});
  if (c.subject.is_undefined()) m.fail_undefined(c.subject);
  if (!c.subject.is_string())
    m.fail(failure_kind::attribute,
           "'" + std::string(m.type_name(c.subject)) + "' object has no attribute 'splitlines'");
  if (c.subject.bytes() == 0) return c.subject;
  if (t[0].is_undefined()) m.fail_undefined(t[0]);
  const std::int64_t width = t.number(0, 79);
  if (width <= 0)
    m.fail(failure_kind::value, "invalid width " + std::to_string(width) + " (must be > 0)");
  const std::string between = t.has(2) && !t[2].is_none() ? m.str_bytes(t[2]) : "\n";
  // A long word is cut piece by piece off its beginning.
  const std::size_t bytes = c.subject.bytes();
  m.step(between.size() * bytes / 16 + bytes / static_cast<std::size_t>(width) * bytes / 4096);
  return from(m, c.subject,
              texts::wrapped(c.subject.text(), width, t.flag(1, true), between, t.flag(3, true)));
}

value xmlattr(machine& m, const call_of& c) {
  const taker t(m, "xmlattr", c, {"autospace"});
  if (c.subject.is_undefined()) m.fail_undefined(c.subject);
  if (!c.subject.is(kind::dict))
    m.fail(failure_kind::attribute,
           "'" + std::string(m.type_name(c.subject)) + "' object has no attribute 'items'");
  text_builder& out = m.borrow();
  std::uint32_t at = 0;
  while (const auto* e = c.subject.entries().next(at)) {
    if (e->item.is_none() || e->item.is_undefined()) continue;
    const value key = m.str(e->key);
    if (key.text().find_first_of(" \t\n\r\f\v/>=") != std::string_view::npos)
      m.fail(failure_kind::value, "Invalid character in attribute name: " + m.repr_bytes(key));
    if (out.size() > 0) out.append(' ');
    out.append(m.escaped(key));
    out.append("=\"");
    out.append(m.escaped(e->item));
    out.append('"');
  }
  value made = out.finish(m.memory());
  m.give_back();
  if (t.flag(0, true) && made.bytes() > 0) made = m.binary(binary_op::add, value::of(" "), made);
  return made.safe(m.escapes());
}

}  // namespace jinja::filters
