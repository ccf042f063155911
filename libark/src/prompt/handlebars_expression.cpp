#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "prompt/handlebars_tree.hpp"

namespace ark::prompt::handlebars {
namespace {

constexpr std::string_view no_name = " \t\r\n\f\v!\"#%&'()*+,./;<=>@[\\]^`{|}~";

bool is_name(char c) noexcept { return no_name.find(c) == std::string_view::npos; }

/// Reads what stands in one tag.
class tag_reader {
 public:
  tag_reader(const reading& in, std::string_view text)
      : in_(in), text_(text), base_(static_cast<std::size_t>(text.data() - in.source.data())) {}

  tag_content read(bool is_block);
  void read_partial(node& made);

 private:
  [[noreturn]] void fail(std::string why) const { throw failure{base_ + at_, std::move(why)}; }
  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  void skip_space() { at_ = std::min(text_.find_first_not_of(" \t\r\n\f\v", at_), text_.size()); }
  bool at_word_end(std::size_t at) const { return at >= text_.size() || !is_name(text_[at]); }
  std::string_view name();
  bool at_block_parameters() const;
  std::vector<std::string_view> block_parameters();
  std::string_view key();
  void arguments(expression& call, std::uint32_t depth);
  expression operand(std::uint32_t depth);
  expression group(std::uint32_t depth);
  expression string_literal();
  bool word_literal(expression& made);
  bool number_literal(expression& made);
  expression path();
  void segments(expression& made);

  const reading& in_;
  std::string_view text_;
  std::size_t base_ = 0, at_ = 0;
};

std::string_view tag_reader::name() {
  const std::size_t from = at_;
  while (at_ < text_.size() && is_name(text_[at_])) ++at_;
  if (at_ == from) fail("a name was expected here");
  return text_.substr(from, at_ - from);
}

/// Whether `as |` stands here.
bool tag_reader::at_block_parameters() const {
  if (!text_.substr(at_).starts_with("as")) return false;
  const std::size_t bar = text_.find_first_not_of(" \t\r\n", at_ + 2);
  return bar != std::string_view::npos && bar > at_ + 2 && text_[bar] == '|';
}

std::vector<std::string_view> tag_reader::block_parameters() {
  std::vector<std::string_view> out;
  at_ = text_.find('|', at_) + 1;
  for (skip_space(); peek() != '|'; skip_space()) out.push_back(name());
  ++at_;
  if (out.empty() || out.size() > 2) fail("a block has one or two parameters: as |item index|");
  return out;
}

/// The name of `name=value`; empty if there is none here.
std::string_view tag_reader::key() {
  std::size_t end = at_;
  while (end < text_.size() && is_name(text_[end])) ++end;
  if (end == at_ || end >= text_.size() || text_[end] != '=') return {};
  const auto out = text_.substr(at_, end - at_);
  at_ = end + 1;
  return out;
}

void tag_reader::arguments(expression& call, std::uint32_t depth) {
  for (skip_space(); at_ < text_.size() && peek() != ')' && !at_block_parameters(); skip_space()) {
    if (const auto named = key(); !named.empty()) {
      skip_space();
      call.named.emplace_back(named, operand(depth));
    } else if (call.named.empty()) {
      call.parameters.push_back(operand(depth));
    } else {
      fail("behind name=value come more of these only");
    }
  }
}

expression tag_reader::operand(std::uint32_t depth) {
  const char c = peek();
  if (c == '(') return group(depth + 1);
  if (c == '"' || c == '\'') return string_literal();
  expression made;
  made.at = base_ + at_;
  if (word_literal(made) || number_literal(made)) return made;
  return path();
}

expression tag_reader::group(std::uint32_t depth) {
  if (depth > most_nesting) fail("expressions are nested too deeply: 100 at most");
  ++at_;
  skip_space();
  expression made = path();
  if (!made.is_plain) fail("a helper's name was expected here");
  made.what = expression::kind::call;
  made.run = helper_called(made.segments[0]);
  arguments(made, depth);
  if (peek() != ')') fail("a ')' was expected here");
  ++at_;
  made.is_plain = false;
  return made;
}

expression tag_reader::string_literal() {
  expression made;
  made.what = expression::kind::literal;
  made.at = base_ + at_;
  const char quote = text_[at_++];
  std::string out;
  for (; peek() != quote; ++at_) {
    if (at_ >= text_.size()) fail("a string that does not end");
    if (peek() == '\\' && peek(1) == quote) ++at_;
    out += text_[at_];
  }
  ++at_;
  made.literal = jinja::value::of(in_.strings.copy(out));
  return made;
}

bool tag_reader::word_literal(expression& made) {
  for (const std::string_view word : {"true", "false", "null", "undefined"}) {
    const std::size_t end = at_ + word.size();
    if (!text_.substr(at_).starts_with(word) || !at_word_end(end)) continue;
    if (end < text_.size() && (text_[end] == '.' || text_[end] == '/')) continue;
    made.what = expression::kind::literal;
    if (word == "null") made.literal = jinja::value::none();
    if (word == "true" || word == "false") made.literal = jinja::value::of(word == "true");
    at_ = end;
    return true;
  }
  return false;
}

bool tag_reader::number_literal(expression& made) {
  std::size_t end = at_ + (peek() == '-' ? 1 : 0);
  const std::size_t digits = end;
  bool is_whole = true;
  while (end < text_.size() && text::is_digit(text_[end])) ++end;
  if (end == digits) return false;
  if (end + 1 < text_.size() && text_[end] == '.' && text::is_digit(text_[end + 1])) {
    is_whole = false;
    for (++end; end < text_.size() && text::is_digit(text_[end]);) ++end;
  }
  if (end < text_.size() &&
      std::string_view(" \t\r\n\f\v)~").find(text_[end]) == std::string_view::npos)
    return false;
  const char* from = text_.data() + at_;
  const char* to = text_.data() + end;
  std::int64_t whole = 0;
  double real = 0;
  if (is_whole && std::from_chars(from, to, whole).ec == std::errc()) {
    made.literal = jinja::value::of(whole);
  } else {
    std::from_chars(from, to, real);
    made.literal = jinja::value::of(real);
  }
  made.what = expression::kind::literal;
  at_ = end;
  return true;
}

void tag_reader::segments(expression& made) {
  bool is_scoped = false;
  for (bool more = true; more; more = (peek() == '.' || peek() == '/') && ++at_) {
    const bool is_first = made.segments.empty();
    if (peek() == '[') {
      const std::size_t end = text_.find(']', at_);
      if (end == std::string_view::npos) fail("a ']' was expected behind this");
      made.segments.push_back(text_.substr(at_ + 1, end - at_ - 1));
      at_ = end + 1;
    } else if (text_.substr(at_).starts_with("..") && at_word_end(at_ + 2) && is_first) {
      made.up += 1;
      at_ += 2;
    } else if (peek() == '.' && is_first && (peek(1) == '/' || at_word_end(at_ + 1))) {
      is_scoped = true;
      ++at_;
    } else if (const auto found = name(); found != "this") {
      made.segments.push_back(found);
    } else {
      if (!is_first) fail("`this` can only begin a path; write [this] for a key of that name");
      is_scoped = true;
    }
  }
  made.is_plain = made.segments.size() == 1 && made.up == 0 && !is_scoped && !made.is_data;
  made.is_parameter = !made.segments.empty() && made.up == 0 && !is_scoped && !made.is_data &&
                      std::ranges::find(in_.scope, made.segments[0]) != in_.scope.end();
}

expression tag_reader::path() {
  expression made;
  made.at = base_ + at_;
  if (peek() == '@') {
    made.is_data = true;
    ++at_;
  }
  segments(made);
  if (made.is_data && made.segments.empty()) fail("a name was expected behind @");
  return made;
}

tag_content tag_reader::read(bool is_block) {
  tag_content out;
  skip_space();
  const std::size_t from = at_;
  out.head = operand(0);
  out.original = text_.substr(from, at_ - from);
  if (out.head.what == expression::kind::literal) {
    // A string, a number or `true` at this place is the name of a variable.
    const auto key = out.head.literal.is_string() ? out.head.literal.text() : out.original;
    out.head = {.at = out.head.at, .segments = {key}};
  }
  expression call{.what = expression::kind::call, .at = out.head.at};
  arguments(call, 0);
  if (is_block && at_ < text_.size() && at_block_parameters())
    out.block_parameters = block_parameters();
  skip_space();
  if (at_ < text_.size()) fail("this was not expected here");
  const bool has_arguments = !call.parameters.empty() || !call.named.empty();
  const bool is_helper = out.head.is_plain && !out.head.is_parameter &&
                         helper_called(out.head.segments[0]) != helper::none;
  if (!has_arguments && !is_helper) return out;
  if (!out.head.is_plain) fail("only helpers take arguments");
  call.run = helper_called(out.head.segments[0]);
  call.segments = out.head.segments;
  out.head = std::move(call);
  return out;
}

void tag_reader::read_partial(node& made) {
  skip_space();
  if (peek() == '(') {
    made.dynamic_name.push_back(group(1));
  } else if (peek() == '"' || peek() == '\'') {
    made.text = string_literal().literal.text();
  } else {
    // A name may have slashes and dots.
    const std::size_t from = at_;
    while (at_ < text_.size() && (is_name(peek()) || peek() == '/' || peek() == '.')) ++at_;
    made.text = text_.substr(from, at_ - from);
    if (made.text.empty()) fail("the name of a partial was expected here");
  }
  made.head.at = made.at;
  arguments(made.head, 0);
  if (at_ < text_.size()) fail("this was not expected here");
  if (made.head.parameters.size() > 1) fail("a partial takes one context only");
}

}  // namespace

tag_content read_tag(const reading& in, const token& from, bool is_block) {
  return tag_reader(in, from.text).read(is_block);
}

void read_partial(const reading& in, const token& from, node& made) {
  tag_reader(in, from.text).read_partial(made);
}

expression read_name(std::string_view source, std::string_view name) {
  expression out;
  out.at = static_cast<std::size_t>(name.data() - source.data());
  if (name.empty()) throw failure{out.at, "a tag without a name"};
  if (name == ".") return out;
  for (std::size_t from = 0; from <= name.size();) {
    const std::size_t end = std::min(name.find('.', from), name.size());
    out.segments.push_back(name.substr(from, end - from));
    from = end + 1;
  }
  return out;
}

}  // namespace ark::prompt::handlebars
