// Links in plain text, as Jinja2's `urlize` finds them.
#include <algorithm>
#include <array>

#include "text_functions.hpp"
#include "unicode.hpp"

namespace jinja::texts {
namespace {

char small(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 32) : c; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return small(c) >= 'a' && small(c) <= 'z'; }
bool starts(std::string_view text, std::string_view with) {
  return text.size() >= with.size() && std::equal(with.begin(), with.end(), text.begin(),
                                                  [](char a, char b) { return a == small(b); });
}

/// Bytes of letters, digits, "_", "%" and "-" from `at` on.
std::size_t label(std::string_view text, std::size_t at) {
  while (at < text.size()) {
    std::size_t next = at;
    const char32_t c = unicode::decode(text, next);
    if (!unicode::is_word(c) && c != '%' && c != '-') break;
    at = next;
  }
  return at;
}

/// A port and a path may follow, and nothing else.
bool is_rest(std::string_view rest) {
  if (rest.starts_with(':')) {
    std::size_t n = 1;
    while (n < rest.size() && n <= 5 && is_digit(rest[n])) ++n;
    if (n == 1) return false;
    rest.remove_prefix(n);
  }
  if (rest.empty()) return true;
  return (rest[0] == '/' || rest[0] == '?' || rest[0] == '#');
}

bool is_numeric_host(std::string_view host) {
  if (host.starts_with('[')) {
    const auto end = host.find(']');
    if (end == std::string_view::npos) return false;
    const std::string_view inside = host.substr(1, end - 1);
    const bool good = std::all_of(inside.begin(), inside.end(), [](char c) {
      return is_digit(c) || (small(c) >= 'a' && small(c) <= 'f') || c == ':';
    });
    return good && std::count(inside.begin(), inside.end(), ':') >= 2 &&
           is_rest(host.substr(end + 1));
  }
  std::size_t at = 0;
  for (int part = 0; part < 4; ++part) {
    if (part > 0 && (at >= host.size() || host[at++] != '.')) return false;
    const std::size_t begin = at;
    while (at < host.size() && at - begin < 3 && is_digit(host[at])) ++at;
    if (at == begin) return false;
  }
  return is_rest(host.substr(at));
}

/// Labels with dots, the last of letters.
bool is_named_host(std::string_view host, bool known_ends_only) {
  static constexpr std::array<std::string_view, 8> ends = {"com", "net", "int",  "edu",
                                                           "gov", "org", "info", "mil"};
  std::size_t at = 0;
  int labels = 0;
  while (true) {
    const std::size_t end = label(host, at);
    const std::string_view one = host.substr(at, end - at);
    const bool is_last = end >= host.size() || host[end] != '.' || label(host, end + 1) == end + 1;
    if (one.empty()) return false;
    if (is_last) {
      if (known_ends_only)
        return labels > 0 &&
               std::any_of(ends.begin(), ends.end(),
                           [&](auto e) { return one.size() == e.size() && starts(one, e); }) &&
               is_rest(host.substr(end));
      const bool letters =
          one.size() >= 2 && one.size() <= 63 && std::all_of(one.begin(), one.end(), is_letter);
      return (letters || (starts(one, "xn--") && one.size() >= 6)) && is_rest(host.substr(end));
    }
    if (known_ends_only && one.size() < 2) return false;
    ++labels;
    at = end + 1;
  }
}

bool is_address(std::string_view word) {
  for (const std::string_view scheme : {"http://", "https://"})
    if (starts(word, scheme)) {
      const std::string_view host = word.substr(scheme.size());
      return is_named_host(host, false) || is_numeric_host(host);
    }
  if (starts(word, "www.") && is_named_host(word.substr(4), false)) return true;
  return is_named_host(word, true);
}

bool is_mail(std::string_view word) {
  const auto at = word.rfind('@');
  if (at == std::string_view::npos || at == 0) return false;
  const std::string_view host = word.substr(at + 1);
  const auto dot = host.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || dot + 1 == host.size()) return false;
  for (std::size_t p = 0; p < host.size();) {
    const std::size_t here = p;
    const char32_t c = unicode::decode(host, p);
    if (!unicode::is_word(c) && (here == 0 || here > dot || (c != '.' && c != '-'))) return false;
  }
  return true;
}

std::size_t count(std::string_view text, std::string_view what) {
  std::size_t n = 0;
  for (auto at = text.find(what); at != std::string_view::npos;
       at = text.find(what, at + what.size()))
    ++n;
  return n;
}

std::string shortened(std::string_view text, const link_options& how) {
  if (how.limit < 0 || static_cast<std::int64_t>(unicode::length(text)) <= how.limit)
    return std::string(text);
  return std::string(
             text.substr(0, unicode::offset_of(text, static_cast<std::size_t>(how.limit)))) +
         "...";
}

std::string linked(std::string_view word, const link_options& how) {
  std::string more;
  if (!how.rel.empty()) more += " rel=\"" + how.rel + "\"";
  if (!how.target.empty()) more += " target=\"" + how.target + "\"";
  const std::string text(word);
  if (is_address(word)) {
    const bool whole = word.starts_with("https://") || word.starts_with("http://");
    return "<a href=\"" + std::string(whole ? "" : "https://") + text + "\"" + more + ">" +
           shortened(word, how) + "</a>";
  }
  if (word.starts_with("mailto:") && is_mail(word.substr(7)))
    return "<a href=\"" + text + "\">" + text.substr(7) + "</a>";
  if (!word.starts_with("www.") && word.find(':') == std::string_view::npos && is_mail(word))
    return "<a href=\"mailto:" + text + "\">" + text + "</a>";
  for (const std::string& scheme : how.schemes)
    if (word != scheme && word.starts_with(scheme))
      return "<a href=\"" + text + "\"" + more + ">" + text + "</a>";
  return text;
}

std::string one_word(std::string_view word, const link_options& how) {
  std::size_t begin = 0, end = word.size();
  while (true) {
    if (begin < end && (word[begin] == '(' || word[begin] == '<'))
      ++begin;
    else if (word.substr(begin).starts_with("&lt;"))
      begin += 4;
    else
      break;
  }
  while (end > begin) {
    if (std::string_view(")>.,\n").find(word[end - 1]) != std::string_view::npos)
      --end;
    else if (end - begin >= 4 && word.substr(begin, end - begin).ends_with("&gt;"))
      end -= 4;
    else
      break;
  }
  // Brackets that were opened inside of an address are closed inside of it.
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 3> pairs = {
      {{"(", ")"}, {"<", ">"}, {"&lt;", "&gt;"}}};
  for (const auto& [open, close] : pairs) {
    const std::string_view middle = word.substr(begin, end - begin);
    const std::size_t opened = count(middle, open);
    if (opened <= count(middle, close)) continue;
    for (std::size_t n = std::min(opened, count(word.substr(end), close)); n > 0; --n)
      end = word.find(close, end) + close.size();
  }
  return std::string(word.substr(0, begin)) + linked(word.substr(begin, end - begin), how) +
         std::string(word.substr(end));
}

}  // namespace

std::string with_links(const std::string& escaped, const link_options& how) {
  std::string out;
  std::size_t begin = 0;
  const auto flush = [&](std::size_t end) {
    if (end > begin) out += one_word(std::string_view(escaped).substr(begin, end - begin), how);
  };
  for (std::size_t at = 0; at < escaped.size();) {
    const std::size_t here = at;
    if (!unicode::is_space(unicode::decode(escaped, at))) continue;
    flush(here);
    out.append(escaped, here, at - here);
    begin = at;
  }
  flush(escaped.size());
  return out;
}

}  // namespace jinja::texts
