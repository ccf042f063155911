#include "lexer.hpp"

#include <algorithm>
#include <array>

#include "unicode.hpp"

namespace jinja {
namespace {

enum class begin_kind : std::uint8_t {
  none,
  block,
  variable,
  comment,
  raw,
  line_statement,
  line_comment
};

struct opening {
  begin_kind kind = begin_kind::none;
  std::size_t at = 0, end = 0;  ///< of the mark, with its sign and what belongs to `raw`
  char sign = 0;
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_ascii_word(char c) {
  return ((c | 32) >= 'a' && (c | 32) <= 'z') || is_digit(c) || c == '_';
}

class lexer {
 public:
  lexer(std::string_view source, const options& how) : source_(source), how_(how) {}

  std::vector<token> run() {
    tokens_.reserve(source_.size() / 6 + 8);
    while (at_ < source_.size()) root();
    put(token_kind::end, at_, at_);
    return std::move(tokens_);
  }

 private:
  [[noreturn]] void fail(std::string message, std::size_t at) {
    refuse(failure_kind::syntax, std::move(message), line_at(at), static_cast<std::uint32_t>(at));
  }
  std::uint32_t line_at(std::size_t at) {
    if (at < counted_)
      return line_ - static_cast<std::uint32_t>(
                         std::count(source_.begin() + static_cast<std::ptrdiff_t>(at),
                                    source_.begin() + static_cast<std::ptrdiff_t>(counted_), '\n'));
    line_ += static_cast<std::uint32_t>(
        std::count(source_.begin() + static_cast<std::ptrdiff_t>(counted_),
                   source_.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
    counted_ = at;
    return line_;
  }
  void put(token_kind kind, std::size_t from, std::size_t to) {
    tokens_.push_back(
        {kind, source_.substr(from, to - from), line_at(from), static_cast<std::uint32_t>(from)});
  }
  bool has(std::size_t at, std::string_view what) const {
    // Nearly all ask in vain: the first character says so.
    return !what.empty() && peek(at) == what.front() && source_.compare(at, what.size(), what) == 0;
  }
  char peek(std::size_t at) const { return at < source_.size() ? source_[at] : '\0'; }
  std::size_t skip_space(std::size_t at) const {
    while (at < source_.size()) {
      if (source_[at] > ' ' && source_[at] < 0x7f) break;
      if (source_[at] == ' ' || source_[at] == '\n') {
        ++at;
        continue;
      }
      std::size_t next = at;
      if (!unicode::is_space(unicode::decode(source_, next))) break;
      at = next;
    }
    return at;
  }

  opening find_opening();
  opening opening_at(std::size_t at);
  bool is_raw(std::size_t at, opening& found) const;
  std::size_t block_end(std::size_t at) const;
  void root();
  void put_data(std::size_t from, std::size_t to, const opening& next);
  void comment(std::size_t begin);
  void raw(std::size_t begin);
  void inside(begin_kind what, std::size_t begin);
  std::size_t end_of_tag(begin_kind what, std::size_t at) const;
  std::size_t one(std::size_t at);
  std::size_t number(std::size_t at);
  std::size_t digits(std::size_t at) const;
  std::size_t string(std::size_t at);
  std::size_t operation(std::size_t at);
  void opened(char closing);
  void closed(std::size_t at);
  void passed(std::size_t to) {
    if (to > at_) line_starting_ = source_[to - 1] == '\n';
    at_ = to;
  }

  std::string_view source_;
  const options& how_;
  std::vector<token> tokens_;
  std::size_t at_ = 0, counted_ = 0;
  std::uint32_t line_ = 1;
  bool line_starting_ = true;
  std::string balance_;  ///< closing brackets that are waited for
};

/// `{% raw %}`: the mark with its end, whose sign belongs to it.
bool lexer::is_raw(std::size_t at, opening& found) const {
  std::size_t p = at + how_.syntax.block_begin.size();
  if (peek(p) == '-' || peek(p) == '+') ++p;
  p = skip_space(p);
  if (!has(p, "raw")) return false;
  p = skip_space(p + 3);
  if (peek(p) == '-' && has(p + 1, how_.syntax.block_end))
    p = skip_space(p + 1 + how_.syntax.block_end.size());
  else if (has(p, how_.syntax.block_end))
    p += how_.syntax.block_end.size();
  else
    return false;
  found.end = p;
  return true;
}

opening lexer::opening_at(std::size_t at) {
  const syntax& s = how_.syntax;
  opening best;
  std::size_t longest = 0;
  const auto offer = [&](begin_kind kind, std::string_view mark) {
    if (mark.size() <= longest || !has(at, mark)) return;
    longest = mark.size();
    best = {kind, at, at + mark.size(), 0};
  };
  offer(begin_kind::comment, s.comment_begin);
  offer(begin_kind::block, s.block_begin);
  offer(begin_kind::variable, s.variable_begin);
  if (best.kind == begin_kind::none) return best;
  const char c = peek(best.end);
  if (c == '-' || c == '+') {
    best.sign = c;
    ++best.end;
  }
  if (best.kind == begin_kind::block && is_raw(at, best)) best.kind = begin_kind::raw;
  return best;
}

opening lexer::find_opening() {
  const syntax& s = how_.syntax;
  const std::array<char, 3> firsts = {s.block_begin[0], s.variable_begin[0], s.comment_begin[0]};
  const bool alike = firsts[0] == firsts[1] && firsts[0] == firsts[2];
  const bool lines = !s.line_statement.empty() || !s.line_comment.empty();
  for (std::size_t p = at_; p < source_.size(); ++p) {
    if (alike && !lines) p = std::min(source_.find(firsts[0], p), source_.size() - 1);
    if (lines && (p == at_ ? line_starting_ : source_[p - 1] == '\n')) {
      std::size_t q = p;
      while (peek(q) == ' ' || peek(q) == '\t' || peek(q) == '\v') ++q;
      if (has(q, s.line_comment) && s.line_comment.size() >= s.line_statement.size())
        return {begin_kind::line_comment, p, q + s.line_comment.size(), 0};
      if (has(q, s.line_statement)) {
        const std::size_t end = q + s.line_statement.size();
        const bool sign = peek(end) == '-' || peek(end) == '+';
        return {begin_kind::line_statement, p, end + (sign ? 1 : 0), sign ? source_[end] : '\0'};
      }
    }
    if (!s.line_comment.empty() && has(p, s.line_comment)) {
      const opening tag = opening_at(p);
      std::size_t from = p;
      while (from > at_ &&
             (source_[from - 1] == ' ' || source_[from - 1] == '\t' || source_[from - 1] == '\v'))
        --from;
      if (tag.kind == begin_kind::none)
        return {begin_kind::line_comment, from, p + s.line_comment.size(), 0};
    }
    if (std::find(firsts.begin(), firsts.end(), source_[p]) == firsts.end()) continue;
    if (const opening found = opening_at(p); found.kind != begin_kind::none) return found;
  }
  return {begin_kind::none, source_.size(), source_.size(), 0};
}

void lexer::put_data(std::size_t from, std::size_t to, const opening& next) {
  if (next.sign == '-') {
    const auto text = unicode::trimmed(source_.substr(from, to - from), false, true);
    to = from + text.size();
  } else if (next.sign != '+' && how_.lstrip_blocks && next.kind != begin_kind::variable &&
             next.kind != begin_kind::none) {
    const auto last = source_.substr(from, to - from).rfind('\n');
    const std::size_t start = last == std::string_view::npos ? from : from + last + 1;
    if ((start > from || line_starting_) && skip_space(start) >= to) to = start;
  }
  if (to > from) put(token_kind::data, from, to);
}

void lexer::root() {
  const opening next = find_opening();
  put_data(at_, next.at, next);
  switch (next.kind) {
    case begin_kind::none:
      at_ = source_.size();
      return;
    case begin_kind::comment:
      return comment(next.end);
    case begin_kind::raw:
      return raw(next.end);
    case begin_kind::line_comment: {
      const auto end = source_.find('\n', next.end);
      return passed(end == std::string_view::npos ? source_.size() : end);
    }
    case begin_kind::block:
    case begin_kind::line_statement:
      put(token_kind::block_begin, next.at, next.end);
      break;
    case begin_kind::variable:
      put(token_kind::variable_begin, next.at, next.end);
      break;
  }
  inside(next.kind, next.end);
}

/// Behind the end of a block's mark that is at `at`; `at` itself if there is none.
std::size_t lexer::block_end(std::size_t at) const {
  const std::string& mark = how_.syntax.block_end;
  if (peek(at) == '+' && has(at + 1, mark)) return at + 1 + mark.size();
  if (peek(at) == '-' && has(at + 1, mark)) return skip_space(at + 1 + mark.size());
  if (!has(at, mark)) return at;
  at += mark.size();
  return how_.trim_blocks && peek(at) == '\n' ? at + 1 : at;
}

void lexer::comment(std::size_t begin) {
  if (begin >= source_.size()) return passed(begin);
  const std::string& mark = how_.syntax.comment_end;
  const std::size_t end = source_.find(mark, begin);
  if (end == std::string_view::npos) fail("this comment has no end: write " + mark, begin);
  const bool strips = end > begin && source_[end - 1] == '-';
  std::size_t to = end + mark.size();
  const bool keeps = end > begin && source_[end - 1] == '+';
  if (strips)
    to = skip_space(to);
  else if (how_.trim_blocks && !keeps && peek(to) == '\n')
    ++to;
  passed(to);
}

void lexer::raw(std::size_t begin) {
  if (begin >= source_.size()) return passed(begin);
  if (begin > at_) line_starting_ = source_[begin - 1] == '\n';
  const std::string& mark = how_.syntax.block_begin;
  for (std::size_t p = source_.find(mark, begin); p != std::string_view::npos;
       p = source_.find(mark, p + 1)) {
    opening end{begin_kind::block, p, p + mark.size(), 0};
    if (peek(end.end) == '-' || peek(end.end) == '+') end.sign = source_[end.end++];
    std::size_t q = skip_space(end.end);
    if (!has(q, "endraw")) continue;
    q = skip_space(q + 6);
    const std::size_t to = block_end(q);
    if (to == q) continue;
    put_data(begin, p, end);
    return passed(to);
  }
  fail("this raw block has no end: write {% endraw %}", begin);
}

std::size_t lexer::end_of_tag(begin_kind what, std::size_t at) const {
  if (what == begin_kind::block) return block_end(at);
  if (what == begin_kind::line_statement) {
    // With the empty lines that follow it.
    const std::size_t behind = skip_space(at);
    if (behind >= source_.size()) return behind;
    const auto last = source_.substr(at, behind - at).rfind('\n');
    return last == std::string_view::npos ? at : at + last + 1;
  }
  const std::string& mark = how_.syntax.variable_end;
  if (peek(at) == '-' && has(at + 1, mark)) return skip_space(at + 1 + mark.size());
  return has(at, mark) ? at + mark.size() : at;
}

void lexer::inside(begin_kind what, std::size_t begin) {
  const auto closing =
      what == begin_kind::variable ? token_kind::variable_end : token_kind::block_end;
  balance_.clear();
  std::size_t p = begin;
  while (true) {
    if (balance_.empty()) {
      const std::size_t end = end_of_tag(what, p);
      if (end != p || (what == begin_kind::line_statement && p >= source_.size())) {
        put(closing, p, end);
        return passed(end);
      }
    }
    if (p >= source_.size()) break;
    const std::size_t behind = skip_space(p);
    p = behind != p ? behind : one(p);
  }
  at_ = source_.size();
}

std::size_t lexer::digits(std::size_t at) const {
  while (is_digit(peek(at)) || (peek(at) == '_' && is_digit(peek(at + 1)))) ++at;
  return at;
}

std::size_t lexer::number(std::size_t at) {
  const std::size_t whole = digits(at);
  std::size_t end = whole;
  const bool follows_dot = at > 0 && source_[at - 1] == '.';
  if (!follows_dot) {
    std::size_t p = whole;
    if (peek(p) == '.' && is_digit(peek(p + 1))) end = p = digits(p + 1);
    if (peek(p) == 'e' || peek(p) == 'E') {
      const std::size_t sign = peek(p + 1) == '+' || peek(p + 1) == '-' ? 1 : 0;
      if (is_digit(peek(p + 1 + sign))) end = digits(p + 1 + sign);
    }
  }
  if (end > whole) {
    put(token_kind::floating, at, end);
    return end;
  }
  end = whole;
  if (source_[at] == '0') {
    const char base = static_cast<char>(peek(at + 1) | 32);
    const auto in_base = [&](char c) {
      c = static_cast<char>(c | 32);
      if (base == 'x') return is_digit(c) || (c >= 'a' && c <= 'f');
      return c >= '0' && c <= (base == 'o' ? '7' : '1');
    };
    std::size_t p = at + 2;
    if (base == 'x' || base == 'o' || base == 'b')
      while (in_base(peek(p)) || (peek(p) == '_' && in_base(peek(p + 1)))) ++p;
    if (p > at + 2 && (base == 'x' || base == 'o' || base == 'b')) {
      end = p;
    } else {
      end = at + 1;
      while (peek(end) == '0' || (peek(end) == '_' && peek(end + 1) == '0')) ++end;
    }
  }
  constexpr std::size_t most_digits = 4300;
  if (end - at > most_digits) fail("an integer has more than 4300 digits", at);
  put(token_kind::integer, at, end);
  return end;
}

std::size_t lexer::string(std::size_t at) {
  const char quote = source_[at];
  for (std::size_t p = at + 1; p < source_.size(); ++p) {
    if (source_[p] == '\\') {
      ++p;
    } else if (source_[p] == quote) {
      put(token_kind::string, at + 1, p);
      return p + 1;
    }
  }
  fail(std::string("unexpected char ") + quote + ": this text has no end", at);
}

void lexer::opened(char closing) {
  balance_ += closing;
  if (balance_.size() > how_.limits.nesting) fail("brackets are nested too deeply", at_);
}

void lexer::closed(std::size_t at) {
  const auto found = [&] { return "unexpected '" + std::string(1, source_[at]) + "'"; };
  if (balance_.empty()) fail(found(), at);
  if (balance_.back() != source_[at]) fail(found() + ", expected '" + balance_.back() + "'", at);
  balance_.pop_back();
}

std::size_t lexer::operation(std::size_t at) {
  const auto put_one = [&](token_kind kind, std::size_t size) {
    put(kind, at, at + size);
    return at + size;
  };
  const char c = source_[at], next = peek(at + 1);
  switch (c) {
    case '/':
      return next == '/' ? put_one(token_kind::floor_div, 2) : put_one(token_kind::div, 1);
    case '*':
      return next == '*' ? put_one(token_kind::pow, 2) : put_one(token_kind::mul, 1);
    case '=':
      return next == '=' ? put_one(token_kind::eq, 2) : put_one(token_kind::assign, 1);
    case '>':
      return next == '=' ? put_one(token_kind::ge, 2) : put_one(token_kind::gt, 1);
    case '<':
      return next == '=' ? put_one(token_kind::le, 2) : put_one(token_kind::lt, 1);
    case '+':
      return put_one(token_kind::add, 1);
    case '-':
      return put_one(token_kind::sub, 1);
    case '%':
      return put_one(token_kind::mod, 1);
    case '~':
      return put_one(token_kind::tilde, 1);
    case '.':
      return put_one(token_kind::dot, 1);
    case ':':
      return put_one(token_kind::colon, 1);
    case '|':
      return put_one(token_kind::pipe, 1);
    case ',':
      return put_one(token_kind::comma, 1);
    case ';':
      return put_one(token_kind::semicolon, 1);
    case '(':
      return opened(')'), put_one(token_kind::left_paren, 1);
    case '[':
      return opened(']'), put_one(token_kind::left_bracket, 1);
    case '{':
      return opened('}'), put_one(token_kind::left_brace, 1);
    case ')':
      return closed(at), put_one(token_kind::right_paren, 1);
    case ']':
      return closed(at), put_one(token_kind::right_bracket, 1);
    case '}':
      return closed(at), put_one(token_kind::right_brace, 1);
    default:
      break;
  }
  if (c == '!' && next == '=') return put_one(token_kind::ne, 2);
  std::size_t end = at;
  unicode::decode(source_, end);
  fail("unexpected char '" + std::string(source_.substr(at, end - at)) + "'", at);
}

std::size_t lexer::one(std::size_t at) {
  const char c = source_[at];
  if (is_digit(c)) return number(at);
  if (c == '"' || c == '\'') return string(at);
  std::size_t p = at;
  while (is_ascii_word(peek(p))) ++p;
  // Digits do not come here first, so that what is ASCII is a name.
  bool first = p == at, good = true;
  const bool has_others = (peek(p) & 0x80) != 0;
  while (has_others && p < source_.size()) {
    std::size_t next = p;
    const char32_t point = unicode::decode(source_, next);
    if (!unicode::is_word(point)) break;
    good =
        good && (first ? unicode::is_identifier_start(point) : unicode::is_identifier_part(point));
    first = false;
    p = next;
  }
  if (p == at) return operation(at);
  if (!good) fail("a name has a character that names cannot have", at);
  put(token_kind::name, at, p);
  return p;
}

/// Three octal or so many hexadecimal digits; npos if they are not there.
std::size_t escape_number(std::string_view text, std::size_t at, unsigned base, std::size_t most,
                          char32_t& out) {
  out = 0;
  std::size_t n = 0;
  for (; n < most && at + n < text.size(); ++n) {
    const char c = text[at + n];
    const unsigned digit = is_digit(c) ? static_cast<unsigned>(c - '0')
                           : (c | 32) >= 'a' && (c | 32) <= 'f'
                               ? static_cast<unsigned>((c | 32) - 'a' + 10)
                               : 99;
    if (digit >= base) break;
    out = out * base + digit;
  }
  if (n == 0 || (base == 16 && n < most)) return std::string_view::npos;
  return at + n;
}

}  // namespace

std::vector<token> lex(std::string_view source, const options& how) {
  return lexer(source, how).run();
}

std::string normalized(std::string_view source, bool keep_trailing_newline) {
  std::string out;
  out.reserve(source.size());
  const std::size_t first = std::min(source.find('\r'), source.size());
  out.append(source, 0, first);
  for (std::size_t i = first; i < source.size(); ++i) {
    if (source[i] != '\r') {
      out += source[i];
      continue;
    }
    out += '\n';
    if (i + 1 < source.size() && source[i + 1] == '\n') ++i;
  }
  if (!keep_trailing_newline && out.ends_with('\n')) out.pop_back();
  return out;
}

std::string unescaped(const token& literal) {
  const std::string_view text = literal.text;
  std::string out;
  out.reserve(text.size());
  const auto bad = [&](std::size_t at) {
    refuse(failure_kind::syntax, "a text has an escape that is cut off", literal.line,
           literal.offset + static_cast<std::uint32_t>(at));
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    const char c = text[++i];
    static constexpr std::string_view plain = "\\'\"abfnrtv", stands_for = "\\'\"\a\b\f\n\r\t\v";
    if (const auto at = plain.find(c); at != std::string_view::npos) {
      out += stands_for[at];
    } else if (c == '\n') {
      continue;
    } else if (c >= '0' && c <= '7') {
      char32_t point = 0;
      i = escape_number(text, i, 8, 3, point) - 1;
      unicode::append(out, point);
    } else if (c == 'x' || c == 'u' || c == 'U') {
      char32_t point = 0;
      const std::size_t end = escape_number(text, i + 1, 16,
                                            c == 'x'   ? 2
                                            : c == 'u' ? 4
                                                       : 8,
                                            point);
      if (end == std::string_view::npos || point > 0x10ffff) bad(i);
      unicode::append(out, point);
      i = end - 1;
    } else if (c == 'N') {
      bad(i);  // names of characters are not known here
    } else {
      out += '\\';
      out += c;
    }
  }
  return out;
}

}  // namespace jinja
