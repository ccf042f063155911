#include <algorithm>

#include "prompt/handlebars_tree.hpp"

namespace ark::prompt::handlebars {
namespace {

constexpr std::string_view space = " \t\r\n\f\v", blank = " \t";
constexpr auto npos = std::string_view::npos;

std::string_view trimmed(std::string_view text) {
  const auto from = text.find_first_not_of(space);
  if (from == npos) return text.substr(text.size());
  return text.substr(from, text.find_last_not_of(space) + 1 - from);
}

bool is_name_end(std::string_view text, std::size_t at) {
  return at >= text.size() || std::string_view(" \t\r\n\f\v~}").find(text[at]) != npos;
}

/// Cuts a source into text and tags, of either language.
class scanner {
 public:
  scanner(std::string_view source, dialect how) : source_(source), how_(how) {}
  std::vector<token> run();

 private:
  char at(std::size_t i) const { return i < source_.size() ? source_[i] : '\0'; }
  void add_text(std::size_t from, std::size_t to);
  void escaped_text(std::size_t brace);
  void handlebars_tag();
  std::size_t comment_end(token& made, std::size_t from);
  std::size_t handlebars_end(std::size_t from, bool is_triple) const;
  void mustache_tag();
  void change_delimiters(std::string_view inner, std::size_t tag);

  std::string_view source_;
  dialect how_;
  std::string_view open_ = "{{", close_ = "}}";
  std::size_t text_from_ = 0, next_ = 0;
  std::vector<token> out_;
};

void scanner::add_text(std::size_t from, std::size_t to) {
  if (from == to) return;
  token made;
  made.at = from;
  made.text = source_.substr(from, to - from);
  out_.push_back(made);
}

std::vector<token> scanner::run() {
  while (true) {
    next_ = source_.find(open_, next_);
    if (next_ == npos) break;
    if (how_ == dialect::mustache) {
      add_text(text_from_, next_);
      mustache_tag();
      continue;
    }
    const bool one = next_ > text_from_ && source_[next_ - 1] == '\\';
    const bool two = one && next_ - 1 > text_from_ && source_[next_ - 2] == '\\';
    if (one && !two) {
      escaped_text(next_);
      continue;
    }
    add_text(text_from_, next_ - (two ? 1 : 0));
    handlebars_tag();
  }
  add_text(text_from_, source_.size());
  return std::move(out_);
}

/// `\{{x}} ..`: text up to the next tag.
void scanner::escaped_text(std::size_t brace) {
  add_text(text_from_, brace - 1);
  std::size_t end = source_.find("{{", brace + 2);
  next_ = std::min(end, source_.size());
  if (end == npos) end = source_.size();
  while (end < source_.size() && end > brace + 2 && next_ - end < 2 && source_[end - 1] == '\\')
    --end;
  add_text(brace, end);
  text_from_ = end;
}

/// Behind the `}}` of a comment that begins at `from`, with its `!`.
std::size_t scanner::comment_end(token& made, std::size_t from) {
  std::size_t end = npos;
  if (source_.substr(from).starts_with("!--")) {
    end = source_.find("--", from + 1);
    while (end != npos && !source_.substr(end + 2).starts_with("}}") &&
           !source_.substr(end + 2).starts_with("~}}"))
      end = source_.find("--", end + 1);
    if (end != npos) end += 2;
  } else if (end = source_.find("}}", from); end != npos && source_[end - 1] == '~') {
    --end;
  }
  if (end == npos) throw failure{made.at, "a comment that does not end"};
  made.trims_right = source_[end] == '~';
  return end + (made.trims_right ? 3 : 2);
}

/// Where a tag's content ends. Strings and `[..]` may hold what would end it.
std::size_t scanner::handlebars_end(std::size_t from, bool is_triple) const {
  for (std::size_t i = from; i < source_.size(); ++i) {
    const char c = source_[i];
    if (c == '}') {
      const std::size_t outer = i + (is_triple ? (at(i + 1) == '~' ? 2 : 1) : 0);
      if (at(outer) == '}' && at(outer + 1) == '}') return i;
    }
    if (c != '"' && c != '\'' && c != '[') continue;
    const char end = c == '[' ? ']' : c;
    for (++i; i < source_.size() && source_[i] != end; ++i)
      if (source_[i] == '\\' && at(i + 1) == end) ++i;
  }
  throw failure{from, "a tag that does not end"};
}

void scanner::handlebars_tag() {
  token made;
  made.is_tag = true;
  made.at = next_;
  std::size_t i = next_ + 2;
  if (at(i) == '{' && at(i + 1) == '{') throw failure{next_, "raw blocks are not supported"};
  made.trims_left = at(i) == '~';
  if (made.trims_left) ++i;
  if (at(i) == '!') {
    made.sigil = '!';
    next_ = comment_end(made, i);
  } else {
    const bool is_triple = at(i) == '{';
    if (is_triple) made.sigil = '&';
    if (std::string_view("#/^>&").find(at(i)) != npos && at(i) != '\0') made.sigil = at(i);
    if (made.sigil != '=') ++i;
    if (at(i) == '*' || (made.sigil == '#' && at(i) == '>'))
      throw failure{next_, "decorators and partial blocks are not supported"};
    std::size_t end = handlebars_end(i, is_triple);
    next_ = end + 2;
    if (is_triple) {
      made.trims_right = source_[end + 1] == '~';
      next_ += made.trims_right ? 2 : 1;
    } else if (end > i && source_[end - 1] == '~') {
      made.trims_right = true;
      --end;
    }
    made.text = trimmed(source_.substr(i, end - i));
    const bool is_else = made.text.starts_with("else") && is_name_end(made.text, 4);
    if (made.sigil == '=' && is_else) made.text = trimmed(made.text.substr(4));
    if ((made.sigil == '=' && is_else) || (made.sigil == '^' && made.text.empty()))
      made.sigil = 'e';
  }
  out_.push_back(made);
  text_from_ = next_;
}

void scanner::change_delimiters(std::string_view inner, std::size_t tag) {
  inner = trimmed(inner);
  const auto gap = inner.find_first_of(space);
  const auto second = gap == npos ? npos : inner.find_first_not_of(space, gap);
  if (second == npos || inner.find('=') != npos || inner.find_first_of(space, second) != npos)
    throw failure{tag, "delimiters are two words: {{=<% %>=}}"};
  open_ = inner.substr(0, gap);
  close_ = inner.substr(second);
}

void scanner::mustache_tag() {
  token made;
  made.is_tag = true;
  made.at = next_;
  std::size_t i = next_ + open_.size();
  std::string end(close_);
  const char first = at(i);
  if (first == '{') end.insert(0, 1, '}');
  if (first == '=') end.insert(0, 1, '=');
  if (first != '\0' && std::string_view("!#^/>&$<{=").find(first) != npos) {
    made.sigil = first == '{' ? '&' : first == '=' ? '!' : first;
    ++i;
  }
  const std::size_t to = source_.find(end, i);
  if (to == npos) throw failure{next_, "a tag that does not end"};
  made.text = trimmed(source_.substr(i, to - i));
  if (first == '=') change_delimiters(made.text, next_);
  out_.push_back(made);
  text_from_ = next_ = to + end.size();
}

/// What a text's begin and end lose.
struct cut {
  std::size_t begin = 0, end = 0;
};

/// The length of the white space at the begin of `text` with its line end; npos if there is more
/// on that line.
std::size_t blank_line_begin(std::string_view text, bool is_last) {
  std::size_t i = std::min(text.find_first_not_of(blank), text.size());
  if (text.substr(i).starts_with("\r\n")) return i + 2;
  if (text.substr(i).starts_with("\n")) return i + 1;
  return is_last && i == text.size() ? i : npos;
}

/// The length of the white space on the last line; npos if there is more on it.
std::size_t blank_line_end(std::string_view text, bool is_first) {
  const auto last = text.find_last_not_of(blank);
  if (last == npos) return is_first ? text.size() : npos;
  return text[last] == '\n' ? text.size() - last - 1 : npos;
}

/// Finds tags that are alone on their lines and cuts the white space around tags.
class tidier {
 public:
  tidier(std::vector<token>& tokens, dialect how)
      : tokens_(tokens), cuts_(tokens.size()), how_(how) {}
  void run();

 private:
  bool is_blank_text(std::size_t i) const {
    return i < tokens_.size() && !tokens_[i].is_tag &&
           tokens_[i].text.find_first_not_of(blank) == npos;
  }
  bool is_inheritance(std::size_t i) const { return i < tokens_.size() && inherits_[i]; }
  void find_inheritance();
  std::size_t run_end(std::size_t first) const;
  bool is_whole_override(std::size_t first, std::size_t last) const;
  void settle(std::size_t first, std::size_t last);
  void trim(std::size_t i);
  void cut_texts();

  std::vector<token>& tokens_;
  std::vector<cut> cuts_;
  std::vector<bool> inherits_;  ///< mustache's `{{<x}}`, `{{$x}}` and their ends
  dialect how_;
};

void tidier::find_inheritance() {
  inherits_.resize(tokens_.size());
  if (how_ == dialect::handlebars) return;
  std::vector<bool> open;
  for (std::size_t i = 0; i < tokens_.size(); ++i) {
    if (!tokens_[i].is_tag) continue;
    const char sigil = tokens_[i].sigil;
    if (sigil == '<' || sigil == '$') inherits_[i] = true;
    if (sigil == '#' || sigil == '^' || inherits_[i]) open.push_back(inherits_[i]);
    if (sigil == '/' && !open.empty()) {
      inherits_[i] = open.back();
      open.pop_back();
    }
  }
}

/// Of tags that may share a line: the last one from `first` on.
std::size_t tidier::run_end(std::size_t first) const {
  std::size_t last = first;
  while (is_inheritance(last)) {
    if (is_inheritance(last + 1)) {
      ++last;
    } else if (is_blank_text(last + 1) && is_inheritance(last + 2)) {
      last += 2;
    } else {
      break;
    }
  }
  return last;
}

/// `{{$x}}{{/x}}`: it stands for text in its line, not for lines.
bool tidier::is_whole_override(std::size_t first, std::size_t last) const {
  if (tokens_[first].sigil != '$') return false;
  int open = 0;
  for (std::size_t i = first; i <= last; ++i) {
    if (!tokens_[i].is_tag) continue;
    if (tokens_[i].sigil == '<') return false;
    open += tokens_[i].sigil == '$' ? 1 : -1;
  }
  return open == 0;
}

void tidier::settle(std::size_t first, std::size_t last) {
  if (is_whole_override(first, last)) return;
  std::size_t before = 0, after = 0;
  if (first > 0) {
    if (tokens_[first - 1].is_tag) return;
    before = blank_line_end(tokens_[first - 1].text, first == 1);
  }
  if (last + 1 < tokens_.size()) {
    if (tokens_[last + 1].is_tag) return;
    after = blank_line_begin(tokens_[last + 1].text, last + 2 == tokens_.size());
  }
  if (before == npos || after == npos) return;
  if (first > 0) {
    cuts_[first - 1].end = std::max(cuts_[first - 1].end, before);
    const auto text = tokens_[first - 1].text;
    tokens_[first].indent = text.substr(text.size() - before);
  }
  if (last + 1 < tokens_.size()) cuts_[last + 1].begin = std::max(cuts_[last + 1].begin, after);
  for (std::size_t i = first; i <= last; ++i) {
    if (!tokens_[i].is_tag) cuts_[i].begin = tokens_[i].text.size();
    tokens_[i].is_standalone = tokens_[i].is_tag;
  }
}

void tidier::trim(std::size_t i) {
  const auto before = i > 0 && !tokens_[i - 1].is_tag ? tokens_[i - 1].text : std::string_view();
  if (tokens_[i].trims_left && !before.empty())
    cuts_[i - 1].end = before.size() - (before.find_last_not_of(space) + 1);
  if (!tokens_[i].trims_right || i + 1 >= tokens_.size() || tokens_[i + 1].is_tag) return;
  const auto after = tokens_[i + 1].text;
  cuts_[i + 1].begin = std::min(after.find_first_not_of(space), after.size());
}

void tidier::run() {
  find_inheritance();
  for (std::size_t i = 0; i < tokens_.size(); ++i) {
    if (!tokens_[i].is_tag) continue;
    trim(i);
    if (tokens_[i].sigil == '=' || tokens_[i].sigil == '&') continue;
    const std::size_t last = run_end(i);
    for (std::size_t j = i + 1; j <= last; ++j)
      if (tokens_[j].is_tag) trim(j);
    settle(i, last);
    i = last;
  }
  cut_texts();
}

void tidier::cut_texts() {
  // What `~` took away indents nothing.
  for (std::size_t i = 1; i < tokens_.size(); ++i)
    if (tokens_[i].trims_left ||
        tokens_[i - 1].text.size() < cuts_[i - 1].begin + tokens_[i].indent.size())
      tokens_[i].indent = {};
  for (std::size_t i = 0; i < tokens_.size(); ++i) {
    token& t = tokens_[i];
    const auto [begin, end] = cuts_[i];
    if (t.is_tag) continue;
    const bool is_gone = begin + end >= t.text.size();
    t.text = is_gone ? std::string_view() : t.text.substr(begin, t.text.size() - begin - end);
    t.at += begin;
  }
  std::erase_if(tokens_, [](const token& t) { return !t.is_tag && t.text.empty(); });
}

}  // namespace

std::vector<token> scan(std::string_view source, dialect how) {
  auto tokens = scanner(source, how).run();
  tidier(tokens, how).run();
  for (token& t : tokens) t.at_line_start = t.at == 0 || source[t.at - 1] == '\n';
  return tokens;
}

}  // namespace ark::prompt::handlebars
