#include "text_functions.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "unicode.hpp"

namespace jinja::texts {

std::size_t find(std::string_view in, std::string_view what, std::size_t from) noexcept {
  if (from > in.size()) return std::string_view::npos;
  if (what.empty()) return from;
  if (in.size() - from < what.size()) return std::string_view::npos;
  const void* const at = ::memmem(in.data() + from, in.size() - from, what.data(), what.size());
  return at == nullptr ? std::string_view::npos
                       : static_cast<std::size_t>(static_cast<const char*>(at) - in.data());
}

std::size_t rfind(machine& m, std::string_view in, std::string_view what, std::size_t from) {
  constexpr std::size_t bytes_a_step = 4096;
  m.step(in.size() * what.size() / bytes_a_step);
  return in.rfind(what, from);
}

std::vector<line> split_lines(std::string_view text) {
  std::vector<line> out;
  std::size_t begin = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t here = at;
    const char32_t c = unicode::decode(text, at);
    const bool ends = (c >= 0x0a && c <= 0x0d) || (c >= 0x1c && c <= 0x1e) || c == 0x85 ||
                      c == 0x2028 || c == 0x2029;
    if (!ends) continue;
    if (c == '\r' && at < text.size() && text[at] == '\n') ++at;
    out.push_back({begin, here, at});
    begin = at;
  }
  if (begin < text.size()) out.push_back({begin, text.size(), text.size()});
  return out;
}

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> out;
  bool inside = false;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t here = at;
    const bool space = unicode::is_space(unicode::decode(text, at));
    if (!space && !inside) out.emplace_back();
    if (!space) out.back() += text.substr(here, at - here);
    inside = !space;
  }
  return out;
}

value padded(machine& m, const value& text, std::int64_t width, std::string_view fill, side where) {
  const auto size = static_cast<std::int64_t>(unicode::length(text.text()));
  if (width <= size) return text;
  const std::int64_t pad = width - size;
  if (static_cast<std::uint64_t>(pad) > m.most().memory_bytes / 4)
    m.fail(failure_kind::limit, "the padding would pass the memory that a template may use");
  std::int64_t left = where == side::left ? pad : 0;
  // Python puts the odd one to the left where the width is odd.
  if (where == side::both) left = pad / 2 + (pad & width & 1);
  text_builder& out = m.borrow();
  for (std::int64_t i = 0; i < left; ++i) out.append(fill);
  out.append(text);
  for (std::int64_t i = left; i < pad; ++i) out.append(fill);
  const value made = out.finish(m.memory());
  m.give_back();
  return made.safe(text.is_safe());
}

value stripped(machine& m, const value& text, const value& chars, bool left, bool right) {
  const std::string_view all = text.text();
  if (chars.is_none()) {
    const std::string_view kept = unicode::trimmed(all, left, right);
    const auto from = static_cast<std::size_t>(kept.data() - all.data());
    return kept.size() == all.size() ? text : substring(m.memory(), text, from, from + kept.size());
  }
  if (!chars.is_string()) m.fail(failure_kind::type, "strip arg must be None or str");
  std::u32string set;
  for (std::size_t at = 0; at < chars.text().size();) set += unicode::decode(chars.text(), at);
  std::size_t begin = 0, end = all.size();
  while (left && begin < end) {
    std::size_t next = begin;
    if (set.find(unicode::decode(all, next)) == std::u32string::npos) break;
    begin = next;
  }
  while (right && end > begin) {
    std::size_t last = end - 1;
    while (last > begin && (static_cast<unsigned char>(all[last]) & 0xc0) == 0x80) --last;
    std::size_t behind = last;
    if (set.find(unicode::decode(all, behind)) == std::u32string::npos) break;
    end = last;
  }
  return substring(m.memory(), text, begin, end);
}

value replaced(machine& m, const value& text, const value& old, const value& with,
               std::int64_t count) {
  const std::string_view all = text.text(), what = old.text();
  if (count == 0 || (what.size() > all.size())) return text;
  text_builder& out = m.borrow();
  std::size_t from = 0;
  if (what.empty()) {
    for (std::size_t at = 0; count != 0; --count) {
      out.append(with);
      if (at >= all.size()) break;
      unicode::decode(all, at);
      out.append(text, from, at);
      from = at;
    }
  }
  for (std::size_t at = what.empty() ? std::string_view::npos : find(all, what);
       at != std::string_view::npos && count != 0; at = find(all, what, from), --count) {
    out.append(text, from, at);
    out.append(with);
    from = at + what.size();
    m.step();
  }
  out.append(text, from, all.size());
  const value made = out.finish(m.memory());
  m.give_back();
  return made;
}

std::string quoted(std::string_view text, bool in_query) {
  static constexpr char hex[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto u = static_cast<unsigned char>(c);
    const bool plain = (u >= '0' && u <= '9') || ((u | 32) >= 'a' && (u | 32) <= 'z') || c == '_' ||
                       c == '.' || c == '-' || c == '~' || (c == '/' && !in_query);
    if (plain) {
      out += c;
    } else if (c == ' ' && in_query) {
      out += '+';
    } else {
      out += '%';
      out += hex[u >> 4];
      out += hex[u & 15];
    }
  }
  return out;
}

std::string unescaped_html(std::string_view html) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 7> named = {
      {{"amp;", "&"},
       {"lt;", "<"},
       {"gt;", ">"},
       {"quot;", "\""},
       {"apos;", "'"},
       {"#39;", "'"},
       {"nbsp;", "\xc2\xa0"}}};
  std::string out;
  for (std::size_t i = 0; i < html.size(); ++i) {
    if (html[i] != '&') {
      out += html[i];
      continue;
    }
    const std::string_view rest = html.substr(i + 1);
    const auto* const known = std::find_if(
        named.begin(), named.end(), [&](const auto& n) { return rest.starts_with(n.first); });
    if (known != named.end()) {
      out += known->second;
      i += known->first.size();
      continue;
    }
    if (rest.starts_with("#")) {
      const bool hexadecimal = rest.size() > 1 && (rest[1] | 32) == 'x';
      std::size_t p = hexadecimal ? 2 : 1;
      char32_t point = 0;
      const std::size_t begin = p;
      for (; p < rest.size() && point < 0x110000; ++p) {
        const char c = rest[p];
        const int digit = c >= '0' && c <= '9'                                ? c - '0'
                          : hexadecimal && (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10
                                                                              : -1;
        if (digit < 0) break;
        point = point * (hexadecimal ? 16 : 10) + static_cast<char32_t>(digit);
      }
      if (p > begin && point < 0x110000) {
        unicode::append(out, point);
        i += p < rest.size() && rest[p] == ';' ? p + 1 : p;
        continue;
      }
    }
    out += '&';
  }
  return out;
}

std::string without_tags(std::string_view html) {
  std::string out;
  // Each end is looked for once if it is not there.
  const std::size_t last_comment = html.rfind("-->"), last_tag = html.rfind('>');
  const auto before = [](std::size_t at, std::size_t end) {
    return end != std::string_view::npos && at < end;
  };
  for (std::size_t at = 0; at < html.size();) {
    if (html[at] == '<') {
      if (before(at + 3, last_comment) && html.substr(at).starts_with("<!--")) {
        if (const auto end = html.find("-->", at + 4); end != std::string_view::npos) {
          at = end + 3;
          continue;
        }
      }
      if (before(at, last_tag)) {
        at = html.find('>', at) + 1;
        continue;
      }
    }
    out += html[at++];
  }
  std::string joined;
  for (const std::string& word : words(out)) joined += (joined.empty() ? "" : " ") + word;
  return unescaped_html(joined);
}

namespace {

/// textwrap's chunks: words, hyphenated parts of them, and the space between.
std::vector<std::u32string> chunks_of(const std::u32string& text, bool hyphens) {
  const auto space = [](char32_t c) { return c == ' ' || (c >= 9 && c <= 13); };
  std::vector<std::u32string> out;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    const bool blank = space(text[at]);
    while (end < text.size() && space(text[end]) == blank) ++end;
    if (blank || !hyphens) {
      out.push_back(text.substr(at, end - at));
      at = end;
      continue;
    }
    // A word may be parted behind a hyphen between letters, or behind a dash of several.
    std::size_t begin = at;
    for (std::size_t i = at; i < end; ++i) {
      if (text[i] != '-') continue;
      std::size_t dash = i;
      while (dash < end && text[dash] == '-') ++dash;
      const bool before = i > begin && unicode::is_word(text[i - 1]);
      if (dash - i >= 2 && before && dash < end && unicode::is_word(text[dash])) {
        out.push_back(text.substr(begin, i - begin));
        out.push_back(text.substr(i, dash - i));
        begin = dash;
      } else if (dash - i == 1 && i >= begin + 2 && unicode::is_alpha(text[i - 1]) &&
                 unicode::is_word(text[i - 2]) && i + 2 < end && unicode::is_alpha(text[i + 1]) &&
                 (unicode::is_alpha(text[i + 2]) || text[i + 2] == '-')) {
        out.push_back(text.substr(begin, i + 1 - begin));
        begin = i + 1;
      }
      i = dash - 1;
    }
    if (begin < end) out.push_back(text.substr(begin, end - begin));
    at = end;
  }
  return out;
}

std::vector<std::u32string> wrapped_line(const std::u32string& text, std::size_t width,
                                         bool break_long, bool hyphens) {
  std::vector<std::u32string> chunks = chunks_of(text, hyphens), lines;
  std::reverse(chunks.begin(), chunks.end());
  const auto is_blank = [](const std::u32string& c) {
    return std::all_of(c.begin(), c.end(), [](char32_t x) { return unicode::is_space(x); });
  };
  while (!chunks.empty()) {
    std::vector<std::u32string> now;
    std::size_t length = 0;
    if (!lines.empty() && is_blank(chunks.back())) chunks.pop_back();
    while (!chunks.empty() && length + chunks.back().size() <= width) {
      length += chunks.back().size();
      now.push_back(std::move(chunks.back()));
      chunks.pop_back();
    }
    if (!chunks.empty() && chunks.back().size() > width) {
      const std::size_t left = width < 1 ? 1 : width - length;
      if (break_long && left > 0) {
        std::size_t end = left;
        if (hyphens && chunks.back().size() > left) {
          const auto hyphen = chunks.back().rfind(U'-', left - 1);
          if (hyphen != std::u32string::npos && hyphen > 0 &&
              std::any_of(chunks.back().begin(),
                          chunks.back().begin() + static_cast<std::ptrdiff_t>(hyphen),
                          [](char32_t c) { return c != '-'; }))
            end = hyphen + 1;
        }
        now.push_back(chunks.back().substr(0, end));
        chunks.back().erase(0, end);
      } else if (now.empty()) {
        now.push_back(std::move(chunks.back()));
        chunks.pop_back();
      }
    }
    if (!now.empty() && is_blank(now.back())) now.pop_back();
    if (now.empty()) continue;
    std::u32string line;
    for (const auto& c : now) line += c;
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace

std::string wrapped(std::string_view text, std::int64_t width, bool break_long_words,
                    std::string_view between, bool break_on_hyphens) {
  std::string out;
  bool first = true;
  for (const line& l : split_lines(text)) {
    std::u32string points;
    const std::string_view bytes = text.substr(l.begin, l.end - l.begin);
    for (std::size_t at = 0; at < bytes.size();) points += unicode::decode(bytes, at);
    if (!first) out += between;
    first = false;
    bool more = false;
    for (const std::u32string& piece : wrapped_line(points, static_cast<std::size_t>(width),
                                                    break_long_words, break_on_hyphens)) {
      if (more) out += between;
      more = true;
      for (const char32_t c : piece) unicode::append(out, c);
    }
  }
  return out;
}

}  // namespace jinja::texts
