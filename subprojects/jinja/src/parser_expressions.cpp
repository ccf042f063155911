#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>

#include "big_int.hpp"
#include "parser.hpp"

namespace jinja {

expr* parser::make(expr_kind kind, const token& from) {
  auto* made = in_.make<expr>();
  made->kind = kind;
  made->line = from.line;
  made->offset = from.offset;
  return made;
}

expr* parser::binary(binary_op op, expr* a, expr* b, const token& from) {
  expr* e = make(expr_kind::binary, from);
  e->op = op;
  e->a = a;
  e->b = b;
  return grown(e);
}

expr* parser::grown(expr* e) {
  // Python's own parser ends at less.
  constexpr std::uint16_t highest = 400;
  std::uint16_t below = 0;
  const auto look_at = [&below](const expr* part) {
    if (part != nullptr) below = std::max(below, part->height);
  };
  for (const expr* part : {e->a, e->b, e->c}) look_at(part);
  for (const expr* part : e->items) look_at(part);
  for (const comparison& part : e->comparisons) look_at(part.with);
  if (e->more != nullptr) {
    for (const named_expr& part : e->more->named) look_at(part.item);
    look_at(e->more->rest);
    look_at(e->more->named_rest);
  }
  if (below >= highest)
    fail("an expression is more than " + std::to_string(highest) + " deep",
         failure_kind::recursion);
  e->height = static_cast<std::uint16_t>(below + 1);
  return e;
}

expr* parser::expression(bool conditions) {
  enter();
  expr* e = conditions ? parse_condition() : parse_or();
  leave();
  return e;
}

expr* parser::parse_condition() {
  const token from = now();
  expr* e = parse_or();
  while (skip_name("if")) {
    expr* made = make(expr_kind::condition, from);
    made->a = parse_or();
    made->b = e;
    if (skip_name("else")) {
      enter();
      made->c = parse_condition();
      leave();
    }
    e = grown(made);
  }
  return e;
}

expr* parser::parse_or() {
  const token from = now();
  expr* e = parse_and();
  while (skip_name("or")) {
    expr* made = make(expr_kind::logical_or, from);
    made->a = e;
    made->b = parse_and();
    e = grown(made);
  }
  return e;
}

expr* parser::parse_and() {
  const token from = now();
  expr* e = parse_not();
  while (skip_name("and")) {
    expr* made = make(expr_kind::logical_and, from);
    made->a = e;
    made->b = parse_not();
    e = grown(made);
  }
  return e;
}

expr* parser::parse_not() {
  if (!at_name("not")) return parse_compare();
  enter();
  expr* e = make(expr_kind::logical_not, next());
  e->a = parse_not();
  leave();
  return grown(e);
}

expr* parser::parse_compare() {
  const token from = now();
  expr* e = parse_sum();
  std::vector<comparison> all;
  while (true) {
    comparison c{};
    if (at(token_kind::eq))
      c.op = compare_op::eq;
    else if (at(token_kind::ne))
      c.op = compare_op::ne;
    else if (at(token_kind::lt))
      c.op = compare_op::lt;
    else if (at(token_kind::le))
      c.op = compare_op::le;
    else if (at(token_kind::gt))
      c.op = compare_op::gt;
    else if (at(token_kind::ge))
      c.op = compare_op::ge;
    else if (at_name("in"))
      c.op = compare_op::in;
    else if (at_name("not") && look().kind == token_kind::name && look().text == "in") {
      next();
      c.op = compare_op::not_in;
    } else {
      break;
    }
    next();
    c.with = parse_sum();
    all.push_back(c);
  }
  if (all.empty()) return e;
  expr* made = make(expr_kind::compare, from);
  made->a = e;
  made->comparisons = keep(all);
  return grown(made);
}

expr* parser::parse_sum() {
  const token from = now();
  expr* e = parse_concat();
  while (at(token_kind::add) || at(token_kind::sub)) {
    const auto op = next().kind == token_kind::add ? binary_op::add : binary_op::sub;
    expr* const more = parse_concat();
    if (op != binary_op::add || !join_texts(e, more)) e = binary(op, e, more, from);
  }
  return e;
}

/// `x + 'a' + 'b'` is `x + 'ab'`, whatever x is: where it is no text, both fail at the first sum.
bool parser::join_texts(expr* to, const expr* more) {
  const auto is_text = [](const expr& e) {
    return e.kind == expr_kind::constant && e.constant.is_string();
  };
  const bool is_sum = to->kind == expr_kind::binary && to->op == binary_op::add;
  expr* const last = is_sum ? to->b : to;
  if (!is_text(*last) || !is_text(*more)) return false;
  // So that a long chain, or a long text before it, is not copied again and again.
  constexpr std::size_t most = 256;
  if (last->constant.bytes() + std::size_t{more->constant.bytes()} > most) return false;
  std::string both(last->constant.text());
  both += more->constant.text();
  last->constant = value::of(in_.copy(both));
  return true;
}

expr* parser::parse_concat() {
  const token from = now();
  expr* const first = parse_product();
  if (!at(token_kind::tilde)) return first;
  std::vector<expr*> all{first};
  while (skip(token_kind::tilde)) all.push_back(parse_product());
  expr* made = make(expr_kind::concat, from);
  made->items = keep(all);
  return grown(made);
}

expr* parser::parse_product() {
  const token from = now();
  expr* e = parse_power();
  while (true) {
    binary_op op{};
    if (at(token_kind::mul))
      op = binary_op::mul;
    else if (at(token_kind::div))
      op = binary_op::div;
    else if (at(token_kind::floor_div))
      op = binary_op::floor_div;
    else if (at(token_kind::mod))
      op = binary_op::mod;
    else
      return e;
    next();
    e = binary(op, e, parse_power(), from);
  }
}

expr* parser::parse_power() {
  const token from = now();
  expr* e = parse_unary(true);
  while (skip(token_kind::pow)) e = binary(binary_op::pow, e, parse_unary(true), from);
  return e;
}

expr* parser::parse_unary(bool filters) {
  const token from = now();
  expr* e = nullptr;
  if (at(token_kind::sub) || at(token_kind::add)) {
    enter();
    e = make(next().kind == token_kind::sub ? expr_kind::negate : expr_kind::plus, from);
    e->a = parse_unary(false);
    grown(e);
    leave();
  } else {
    e = parse_primary();
  }
  e = parse_postfix(e);
  return filters ? parse_filters(e) : e;
}

namespace {

value number_of(arena& in, const token& t) {
  std::string digits;
  for (const char c : t.text)
    if (c != '_') digits += c;
  if (t.kind == token_kind::floating) return value::of(std::strtod(digits.c_str(), nullptr));
  unsigned base = 10;
  if (digits.size() > 2 && digits[0] == '0') {
    const char mark = static_cast<char>(digits[1] | 32);
    base = mark == 'x' ? 16 : mark == 'o' ? 8 : mark == 'b' ? 2 : 10;
  }
  return integers::parse(in, std::string_view(digits).substr(base == 10 ? 0 : 2), base, false);
}

}  // namespace

expr* parser::parse_primary() {
  const token t = now();
  expr* e = make(expr_kind::constant, t);
  switch (t.kind) {
    case token_kind::name:
      next();
      if (t.text == "true" || t.text == "True")
        e->constant = value::of(true);
      else if (t.text == "false" || t.text == "False")
        e->constant = value::of(false);
      else if (t.text == "none" || t.text == "None")
        e->constant = value::none();
      else {
        e->kind = expr_kind::name;
        e->name = t.text;
      }
      return e;
    case token_kind::string: {
      if (look().kind != token_kind::string && t.text.find('\\') == std::string_view::npos) {
        e->constant = value::of(next().text);
        return e;
      }
      std::string text;
      while (at(token_kind::string)) text += unescaped(next());
      e->constant = value::of(in_.copy(text));
      return e;
    }
    case token_kind::integer:
    case token_kind::floating:
      next();
      e->constant = number_of(in_, t);
      return e;
    case token_kind::left_paren:
      next();
      e = parse_tuple(true, {}, true);
      expect(token_kind::right_paren);
      return e;
    case token_kind::left_bracket:
      return parse_list();
    case token_kind::left_brace:
      return parse_dict();
    case token_kind::end:
      unexpected("an expression");
    default:
      fail("unexpected '" + std::string(t.text) + "'");
  }
}

bool parser::is_tuple_end(ends until) const {
  if (at(token_kind::variable_end) || at(token_kind::block_end) || at(token_kind::right_paren))
    return true;
  return at(token_kind::name) && std::find(until.begin(), until.end(), now().text) != until.end();
}

expr* parser::parse_tuple(bool conditions, ends until, bool in_parentheses) {
  const token from = now();
  std::vector<expr*> all;
  bool is_tuple = false;
  while (true) {
    if (!all.empty()) expect(token_kind::comma);
    if (is_tuple_end(until)) break;
    all.push_back(expression(conditions));
    if (!at(token_kind::comma)) break;
    is_tuple = true;
  }
  if (!is_tuple) {
    if (!all.empty()) return all[0];
    if (!in_parentheses) fail("an expression was expected");
  }
  expr* made = make(expr_kind::tuple, from);
  made->items = keep(all);
  return grown(made);
}

expr* parser::parse_list() {
  expr* made = make(expr_kind::list, next());
  std::vector<expr*> all;
  while (!at(token_kind::right_bracket)) {
    if (!all.empty()) expect(token_kind::comma);
    if (at(token_kind::right_bracket)) break;
    all.push_back(expression());
  }
  expect(token_kind::right_bracket);
  made->items = keep(all);
  return grown(made);
}

expr* parser::parse_dict() {
  expr* made = make(expr_kind::dict, next());
  std::vector<expr*> all;
  while (!at(token_kind::right_brace)) {
    if (!all.empty()) expect(token_kind::comma);
    if (at(token_kind::right_brace)) break;
    all.push_back(expression());
    expect(token_kind::colon);
    all.push_back(expression());
  }
  expect(token_kind::right_brace);
  made->items = keep(all);
  return grown(made);
}

expr* parser::parse_postfix(expr* of) {
  while (true) {
    if (at(token_kind::dot) || at(token_kind::left_bracket))
      of = parse_subscript(of);
    else if (at(token_kind::left_paren))
      of = parse_call_of(of);
    else
      return of;
  }
}

expr* parser::parse_filters(expr* of) {
  while (true) {
    if (at(token_kind::pipe))
      of = parse_filter(of, false);
    else if (at_name("is"))
      of = parse_test(of);
    else if (at(token_kind::left_paren))
      of = parse_call_of(of);
    else
      return of;
  }
}

expr* parser::parse_subscript(expr* of) {
  const token t = next();
  if (t.kind == token_kind::dot) {
    const token what = now();
    if (what.kind == token_kind::name) {
      expr* made = make(expr_kind::attribute, what);
      made->a = of;
      made->name = next().text;
      return grown(made);
    }
    if (what.kind != token_kind::integer) fail("a name or a number was expected");
    expr* made = make(expr_kind::item, what);
    made->a = of;
    made->b = make(expr_kind::constant, what);
    made->b->constant = number_of(in_, next());
    return grown(made);
  }
  expr* made = make(expr_kind::item, t);
  made->a = of;
  std::vector<expr*> all;
  while (!at(token_kind::right_bracket)) {
    if (!all.empty()) expect(token_kind::comma);
    all.push_back(parse_subscribed());
  }
  expect(token_kind::right_bracket);
  if (all.size() == 1) {
    made->b = all[0];
    return grown(made);
  }
  made->b = make(expr_kind::tuple, t);
  made->b->items = keep(all);
  grown(made->b);
  return grown(made);
}

expr* parser::parse_subscribed() {
  const token from = now();
  expr* first = nullptr;
  if (!at(token_kind::colon)) {
    first = expression();
    if (!at(token_kind::colon)) return first;
  }
  next();
  expr* made = make(expr_kind::slice, from);
  made->a = first;
  const auto ends = [this] { return at(token_kind::right_bracket) || at(token_kind::comma); };
  if (!at(token_kind::colon) && !ends()) made->b = expression();
  if (skip(token_kind::colon) && !ends()) made->c = expression();
  return grown(made);
}

expr* parser::parse_call_of(expr* callee) {
  expr* made = make(expr_kind::call, now());
  made->a = callee;
  next();
  parse_arguments(made, token_kind::right_paren);
  next();
  return grown(made);
}

/// Up to the `end`.
void parser::parse_arguments(expr* to, token_kind end) {
  const token open = now();
  std::vector<expr*> items;
  std::vector<named_expr> named;
  named_arguments more_of;
  const auto ensure = [&](bool good) {
    if (!good) fail_at(open, "the arguments of a call are not in order");
  };
  bool more = false;
  while (!at(end)) {
    if (more) {
      // Between the arguments of a tag a blank is enough.
      if (end == token_kind::block_end)
        skip(token_kind::comma);
      else
        expect(token_kind::comma);
      if (at(end)) break;
    }
    more = true;
    if (skip(token_kind::mul)) {
      ensure(more_of.rest == nullptr && more_of.named_rest == nullptr);
      more_of.rest = expression();
    } else if (skip(token_kind::pow)) {
      ensure(more_of.named_rest == nullptr);
      more_of.named_rest = expression();
    } else if (at(token_kind::name) && look().kind == token_kind::assign) {
      ensure(more_of.named_rest == nullptr);
      const std::string_view name = next().text;
      next();
      for (const named_expr& other : named)
        if (other.name == name)
          fail("the argument '" + std::string(name) + "' is given twice",
               failure_kind::python_syntax);
      named.push_back({name, expression()});
    } else {
      ensure(more_of.rest == nullptr && more_of.named_rest == nullptr && named.empty());
      items.push_back(expression());
    }
  }
  to->items = keep(items);
  if (named.empty() && more_of.rest == nullptr && more_of.named_rest == nullptr) return;
  more_of.named = keep(named);
  to->more = in_.make<named_arguments>(more_of);
}

std::string_view parser::dotted_name() {
  const std::string_view first = expect(token_kind::name).text;
  if (!at(token_kind::dot)) return first;
  std::string name(first);
  while (skip(token_kind::dot)) name += "." + std::string(expect(token_kind::name).text);
  return in_.copy(name);
}

expr* parser::parse_filter(expr* of, bool started) {
  while (at(token_kind::pipe) || started) {
    if (!started) next();
    started = false;
    expr* made = make(expr_kind::filter, now());
    made->a = of;
    made->name = dotted_name();
    if (skip(token_kind::left_paren)) {
      parse_arguments(made, token_kind::right_paren);
      next();
    }
    of = grown(made);
  }
  return of;
}

expr* parser::parse_test(expr* of) {
  const token from = next();
  const bool negated = skip_name("not");
  expr* made = make(expr_kind::test, from);
  made->a = of;
  made->name = dotted_name();
  static constexpr std::array<token_kind, 7> begins = {
      token_kind::name,       token_kind::string,       token_kind::integer,   token_kind::floating,
      token_kind::left_paren, token_kind::left_bracket, token_kind::left_brace};
  if (skip(token_kind::left_paren)) {
    parse_arguments(made, token_kind::right_paren);
    next();
  } else if (std::find(begins.begin(), begins.end(), now().kind) != begins.end() &&
             !at_name("else") && !at_name("or") && !at_name("and")) {
    if (at_name("is")) fail("tests cannot be chained: use `and`");
    made->items = keep<expr*>({parse_postfix(parse_primary())});
  }
  grown(made);
  if (!negated) return made;
  expr* inverse = make(expr_kind::logical_not, from);
  inverse->a = made;
  return grown(inverse);
}

}  // namespace jinja
