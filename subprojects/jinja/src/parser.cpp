// Statements. What a tag may look like is Jinja2's own grammar (docs, "Template Designer").
#include "parser.hpp"

#include <algorithm>
#include <array>

#include "unicode.hpp"

namespace jinja {
namespace {

constexpr std::string_view describe(token_kind k) {
  switch (k) {
    case token_kind::block_end:
      return "end of statement block";
    case token_kind::variable_end:
      return "end of print statement";
    case token_kind::name:
      return "a name";
    case token_kind::assign:
      return "=";
    case token_kind::comma:
      return ",";
    case token_kind::colon:
      return ":";
    case token_kind::left_paren:
      return "(";
    case token_kind::right_paren:
      return ")";
    case token_kind::right_bracket:
      return "]";
    case token_kind::right_brace:
      return "}";
    case token_kind::end:
      return "the end of the template";
    default:
      return "something else";
  }
}

template <std::size_t N>
using names = std::array<std::string_view, N>;

}  // namespace

bool parser::skip(token_kind k) {
  if (!at(k)) return false;
  next();
  return true;
}

bool parser::skip_name(std::string_view name) {
  if (!at_name(name)) return false;
  next();
  return true;
}

token parser::expect(token_kind k) {
  if (!at(k)) unexpected(describe(k));
  return next();
}

void parser::expect_name(std::string_view name) {
  if (!at_name(name)) unexpected(name);
  next();
}

void parser::fail(std::string message, failure_kind kind) {
  fail_at(now(), std::move(message), kind);
}

void parser::fail_at(const token& t, std::string message, failure_kind kind) {
  refuse(kind, std::move(message), t.line, t.offset);
}

void parser::unexpected(std::string_view wanted) {
  if (at(token_kind::end))
    fail("unexpected end of template, expected '" + std::string(wanted) + "'" +
         (tags_.empty() ? ""
                        : ": the innermost block that has to be closed is '" +
                              std::string(tags_.back()) + "'"));
  fail("expected '" + std::string(wanted) + "', got '" +
       std::string(now().text.empty() ? describe(now().kind) : now().text) + "'");
}

void parser::enter() {
  if (++nested_ > how_.limits.nesting)
    fail("the template is nested more than " + std::to_string(how_.limits.nesting) + " deep",
         failure_kind::recursion);
}

stmt* parser::make(stmt_kind kind, const token& from) {
  auto* made = in_.make<stmt>();
  made->kind = kind;
  made->line = from.line;
  made->offset = from.offset;
  return made;
}

parsed parser::run() {
  parsed out;
  out.body = parse_body({});
  out.blocks = std::move(blocks_);
  return out;
}

/// What is printed and done up to one of the tags `until`, whose name is the next token.
body parser::parse_body(ends until) {
  std::vector<stmt*> out;
  enter();
  while (!at(token_kind::end)) {
    const token t = next();
    if (t.kind == token_kind::data) {
      stmt* s = make(stmt_kind::text, t);
      s->text = value::of(t.text);
      out.push_back(s);
    } else if (t.kind == token_kind::variable_begin) {
      stmt* s = make(stmt_kind::output, now());
      s->items = keep<expr*>({parse_tuple(true, {}, false)});
      expect(token_kind::variable_end);
      out.push_back(s);
    } else {
      if (at(token_kind::name) &&
          std::find(until.begin(), until.end(), now().text) != until.end()) {
        leave();
        return keep(out);
      }
      if (stmt* s = parse_statement()) out.push_back(s);
      expect(token_kind::block_end);
    }
  }
  leave();
  return keep(out);
}

body parser::statements(ends until, bool drop) {
  skip(token_kind::colon);
  expect(token_kind::block_end);
  const body out = parse_body(until);
  if (at(token_kind::end)) unexpected(until.back());
  if (drop) next();
  return out;
}

stmt* parser::parse_statement() {
  if (!at(token_kind::name)) fail("a tag's name was expected");
  const std::string_view name = now().text;
  tags_.push_back(name);
  stmt* made = statement_named(name);
  tags_.pop_back();
  return made;
}

stmt* parser::statement_named(std::string_view name) {
  if (name == "for") return parse_for();
  if (name == "if") return parse_if();
  if (name == "set") return parse_set();
  if (name == "with") return parse_with();
  if (name == "block") return parse_block();
  if (name == "extends") return parse_extends();
  if (name == "include") return parse_include();
  if (name == "import") return parse_import();
  if (name == "from") return parse_from();
  if (name == "macro") return parse_macro();
  if (name == "call") return parse_call();
  if (name == "filter") return parse_filter_block();
  if (name == "print") return parse_print();
  if (name == "autoescape") return parse_autoescape();
  if (name == "do" && how_.do_statement) return parse_do();
  if (name == "generation" && how_.generation) return parse_generation();
  if (name == "break" && how_.loop_controls) return parse_jump(stmt_kind::break_loop);
  if (name == "continue" && how_.loop_controls) return parse_jump(stmt_kind::continue_loop);
  for (const tag& own : how_.tags)
    if (own.name == name) return parse_tag(own);
  tags_.pop_back();
  const std::string open = tags_.empty() ? ""
                                         : "; the innermost block that has to be closed is '" +
                                               std::string(tags_.back()) + "'";
  fail("there is no tag '" + std::string(name) + "'" + open);
}

stmt* parser::parse_for() {
  stmt* s = make(stmt_kind::loop, next());
  static constexpr names<1> in = {"in"}, recursive = {"recursive"}, end = {"endfor"};
  static constexpr names<2> middle = {"endfor", "else"};
  s->to = parse_target(true, false, in);
  expect_name("in");
  s->a = parse_tuple(false, recursive, false);
  if (skip_name("if")) s->test = expression();
  s->flag = skip_name("recursive");
  ++loops_;
  s->body = statements(middle, false);
  --loops_;
  if (next().text == "else") s->otherwise = statements(end, true);
  return s;
}

stmt* parser::parse_if() {
  stmt* s = make(stmt_kind::condition, next());
  static constexpr names<3> middle = {"elif", "else", "endif"};
  static constexpr names<1> end = {"endif"};
  std::vector<branch> branches;
  while (true) {
    branch b;
    b.test = parse_tuple(false, {}, false);
    b.body = statements(middle, false);
    branches.push_back(b);
    const token t = next();
    if (t.text == "elif") continue;
    if (t.text == "else") s->otherwise = statements(end, true);
    break;
  }
  s->branches = keep(branches);
  return s;
}

stmt* parser::parse_set() {
  const token from = next();
  const target to = parse_target(true, true);
  if (skip(token_kind::assign)) {
    stmt* s = make(stmt_kind::set, from);
    s->to = to;
    s->a = parse_tuple(true, {}, false);
    return s;
  }
  stmt* s = make(stmt_kind::set_block, from);
  s->to = to;
  s->a = parse_filter(nullptr, false);
  static constexpr names<1> end = {"endset"};
  s->body = statements(end, true);
  return s;
}

stmt* parser::parse_with() {
  stmt* s = make(stmt_kind::with, next());
  std::vector<target> targets;
  std::vector<expr*> values;
  while (!at(token_kind::block_end)) {
    if (!targets.empty()) expect(token_kind::comma);
    targets.push_back(parse_target(true, false));
    expect(token_kind::assign);
    values.push_back(expression());
  }
  s->targets = keep(targets);
  s->values = keep(values);
  static constexpr names<1> end = {"endwith"};
  s->body = statements(end, true);
  return s;
}

stmt* parser::parse_block() {
  stmt* s = make(stmt_kind::block, next());
  s->name = expect(token_kind::name).text;
  s->with_context = skip_name("scoped");
  s->flag = skip_name("required");
  if (at(token_kind::sub))
    fail("a block's name is a word: use underscores in the place of hyphens");
  const int loops = std::exchange(loops_, 0);
  static constexpr names<1> end = {"endblock"};
  s->body = statements(end, true);
  loops_ = loops;
  for (const stmt* inner : s->body)
    if (s->flag && (inner->kind != stmt_kind::text ||
                    !unicode::trimmed(inner->text.text(), true, false).empty()))
      fail("a required block can only have comments and space in it");
  skip_name(s->name);
  for (const stmt* other : blocks_)
    if (other->name == s->name)
      refuse(failure_kind::assertion, "the block '" + std::string(s->name) + "' is there twice",
             s->line, s->offset);
  blocks_.push_back(s);
  return s;
}

stmt* parser::parse_extends() {
  stmt* s = make(stmt_kind::extends, next());
  s->a = expression();
  return s;
}

void parser::parse_context(stmt* of, bool otherwise) {
  of->with_context = otherwise;
  if ((!at_name("with") && !at_name("without")) || look().kind != token_kind::name ||
      look().text != "context")
    return;
  of->with_context = next().text == "with";
  next();
}

stmt* parser::parse_include() {
  stmt* s = make(stmt_kind::include, next());
  s->a = expression();
  if (at_name("ignore") && look().text == "missing") {
    s->flag = true;
    next();
    next();
  }
  parse_context(s, true);
  return s;
}

stmt* parser::parse_import() {
  stmt* s = make(stmt_kind::import, next());
  s->a = expression();
  expect_name("as");
  s->to = parse_target_name(false);
  parse_context(s, false);
  return s;
}

stmt* parser::parse_from() {
  stmt* s = make(stmt_kind::from_import, next());
  s->a = expression();
  expect_name("import");
  std::vector<imported_name> all;
  const auto is_context = [this] {
    return (at_name("with") || at_name("without")) && look().text == "context";
  };
  bool more = true;
  while (more) {
    if (!all.empty()) expect(token_kind::comma);
    if (is_context()) break;
    const target one = parse_target_name(false);
    if (one.name.starts_with('_'))
      fail("a name that begins with an underscore cannot be imported", failure_kind::assertion);
    all.push_back({one.name, skip_name("as") ? parse_target_name(false).name : one.name, {}});
    more = !is_context() && at(token_kind::comma);
  }
  parse_context(s, false);
  s->names = keep(all);
  return s;
}

void parser::parse_signature(stmt* of) {
  std::vector<parameter> all;
  expect(token_kind::left_paren);
  while (!at(token_kind::right_paren)) {
    if (!all.empty()) expect(token_kind::comma);
    parameter p{.name = parse_target_name(false).name};
    for (const parameter& other : all)
      if (other.name == p.name)
        fail("the parameter '" + std::string(p.name) + "' is there twice",
             failure_kind::python_syntax);
    if (skip(token_kind::assign))
      p.fallback = expression();
    else if (!all.empty() && all.back().fallback != nullptr)
      fail("a parameter without a default follows one that has one");
    all.push_back(p);
  }
  expect(token_kind::right_paren);
  of->own->parameters = keep(all);
}

stmt* parser::parse_macro() {
  stmt* s = make(stmt_kind::macro, next());
  s->own = in_.make<unit>();
  s->to = parse_target_name(false);
  s->own->name = s->name = s->to.name;
  parse_signature(s);
  const int loops = std::exchange(loops_, 0);
  static constexpr names<1> end = {"endmacro"};
  s->own->body = statements(end, true);
  loops_ = loops;
  return s;
}

stmt* parser::parse_call() {
  stmt* s = make(stmt_kind::call_block, next());
  s->own = in_.make<unit>();
  s->own->name = "caller";
  if (at(token_kind::left_paren)) parse_signature(s);
  s->a = expression();
  if (s->a->kind != expr_kind::call) fail("a call was expected");
  const int loops = std::exchange(loops_, 0);
  static constexpr names<1> end = {"endcall"};
  s->own->body = statements(end, true);
  loops_ = loops;
  return s;
}

stmt* parser::parse_filter_block() {
  stmt* s = make(stmt_kind::filter_block, next());
  s->a = parse_filter(nullptr, true);
  static constexpr names<1> end = {"endfilter"};
  s->body = statements(end, true);
  return s;
}

stmt* parser::parse_print() {
  stmt* s = make(stmt_kind::output, next());
  std::vector<expr*> all;
  while (!at(token_kind::block_end)) {
    if (!all.empty()) expect(token_kind::comma);
    all.push_back(expression());
  }
  s->items = keep(all);
  return s;
}

stmt* parser::parse_autoescape() {
  stmt* s = make(stmt_kind::autoescape, next());
  s->a = expression();
  static constexpr names<1> end = {"endautoescape"};
  s->body = statements(end, true);
  return s;
}

stmt* parser::parse_do() {
  stmt* s = make(stmt_kind::expression, next());
  s->a = parse_tuple(true, {}, false);
  return s;
}

stmt* parser::parse_generation() {
  stmt* s = make(stmt_kind::scope, next());
  const int loops = std::exchange(loops_, 0);
  static constexpr names<1> end = {"endgeneration"};
  s->body = statements(end, true);
  loops_ = loops;
  return s;
}

std::string tag_function(std::string_view tag, bool ends) {
  return (ends ? "{%end" : "{%") + std::string(tag);
}

/// `{{ f(ARGUMENTS) }}`, with a function that only tags reach.
stmt* parser::tag_call(const tag& of, const token& from, bool ends) {
  expr* callee = make(expr_kind::name, from);
  callee->name = in_.copy(tag_function(of.name, ends));
  expr* call = make(expr_kind::call, from);
  call->a = callee;
  if (!ends) parse_arguments(call, token_kind::block_end);
  stmt* s = make(stmt_kind::output, from);
  expr* const items[] = {grown(call)};
  s->items = keep(std::vector<expr*>(std::begin(items), std::end(items)));
  return s;
}

stmt* parser::parse_tag(const tag& of) {
  const token from = next();
  stmt* begin = tag_call(of, from, false);
  if (!of.has_end) return begin;
  stmt* s = make(stmt_kind::scope, from);
  const std::string end = "end" + of.name;
  const std::string_view ends[] = {end};
  const int loops = std::exchange(loops_, 0);
  const body inner = statements(ends, true);
  loops_ = loops;
  std::vector<stmt*> all = {begin};
  all.insert(all.end(), inner.begin(), inner.end());
  all.push_back(tag_call(of, from, true));
  s->body = keep(all);
  return s;
}

stmt* parser::parse_jump(stmt_kind kind) {
  stmt* s = make(kind, now());
  if (loops_ == 0)
    fail("'" + std::string(now().text) + "' outside of a loop", failure_kind::python_syntax);
  next();
  return s;
}

target parser::parse_target_name(bool namespaces) {
  const token t = expect(token_kind::name);
  target out{.name = t.text, .attribute = {}, .where = {}, .parts = {}};
  if (namespaces && at(token_kind::dot)) {
    next();
    out.attribute = expect(token_kind::name).text;
    return out;
  }
  static constexpr names<6> constants = {"true", "false", "none", "True", "False", "None"};
  if (std::find(constants.begin(), constants.end(), t.text) != constants.end())
    fail_at(t, "'" + std::string(t.text) + "' cannot be set");
  return out;
}

target parser::parse_target(bool tuples, bool namespaces, std::span<const std::string_view> until) {
  if (namespaces && at(token_kind::name) && look().kind == token_kind::dot)
    return parse_target_name(true);
  std::vector<target> all;
  bool is_tuple = false;
  while (true) {
    if (!all.empty()) expect(token_kind::comma);
    if (tuples && is_tuple_end(until)) break;
    if (at(token_kind::left_paren)) {
      enter();
      next();
      all.push_back(parse_target(true, false));
      expect(token_kind::right_paren);
      leave();
    } else {
      if (!at(token_kind::name)) fail("only a name can be set here");
      all.push_back(parse_target_name(false));
    }
    if (!tuples || !at(token_kind::comma)) break;
    is_tuple = true;
  }
  if (!is_tuple && all.size() == 1) return all[0];
  if (all.empty()) fail("a name to set was expected");
  return {.name = {}, .attribute = {}, .where = {}, .parts = keep(all)};
}

parsed parse(arena& in, std::string_view source, const options& how) {
  return parser(in, source, how).run();
}

}  // namespace jinja
