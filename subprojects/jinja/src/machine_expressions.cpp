#include <algorithm>

#include "machine.hpp"
#include "objects.hpp"

namespace jinja {

value machine::eval(const expr& e, frame& f, const context& c) {
  guard_stack();
  step();
  switch (e.kind) {
    case expr_kind::constant:
      return e.constant;
    case expr_kind::name:
      return eval_name(e, f, c);
    case expr_kind::tuple:
      return sequence(e, f, c, true);
    case expr_kind::list:
      return sequence(e, f, c, false);
    case expr_kind::dict:
      return eval_dict(e, f, c);
    case expr_kind::condition:
      if (truth(eval(*e.a, f, c))) return eval(*e.b, f, c);
      at(e, f);
      return e.c != nullptr ? eval(*e.c, f, c) : undefined(undefined_reason::condition, {});
    case expr_kind::negate:
    case expr_kind::plus: {
      const value v = eval(*e.a, f, c);
      at(e, f);
      return e.kind == expr_kind::negate ? negated(v) : positive(v);
    }
    case expr_kind::logical_not: {
      const value v = eval(*e.a, f, c);
      at(e, f);
      return value::of(!truth(v));
    }
    case expr_kind::binary: {
      if (e.op == binary_op::add) return eval_sum(e, f, c);
      const value a = eval(*e.a, f, c), b = eval(*e.b, f, c);
      at(e, f);
      return binary(e.op, a, b);
    }
    case expr_kind::concat:
      return eval_concat(e, f, c);
    case expr_kind::compare:
      return eval_compare(e, f, c);
    case expr_kind::logical_and: {
      const value a = eval(*e.a, f, c);
      at(e, f);
      return truth(a) ? eval(*e.b, f, c) : a;
    }
    case expr_kind::logical_or: {
      const value a = eval(*e.a, f, c);
      at(e, f);
      return truth(a) ? a : eval(*e.b, f, c);
    }
    case expr_kind::attribute: {
      const value of = eval(*e.a, f, c);
      at(e, f);
      return attribute(of, e.name, e.methods);
    }
    case expr_kind::item:
      return eval_item(e, f, c);
    case expr_kind::slice:
      at(e, f);
      fail(failure_kind::type, "a slice can only be used to index");
    case expr_kind::call:
      return eval_call(e, f, c);
    case expr_kind::filter:
      return eval_filter(e, f, c);
    case expr_kind::test:
      return value::of(eval_test(e, f, c));
  }
  return {};
}

value machine::eval_name(const expr& e, frame& f, const context& c) {
  value& known = slot(e.where, f);
  if (!known.is_missing()) return known;
  at(e, f);
  value found;
  if (e.where.from_context) found = from_context(e.name, c);
  if (found.is_missing()) return undefined(undefined_reason::variable, e.name);
  return known = found;
}

value machine::lookup(const variable& where, std::string_view name, frame& f, const context& c) {
  const value known = slot(where, f);
  if (!known.is_missing()) return known;
  return where.from_context ? from_context(name, c) : value();
}

value machine::from_context(std::string_view name, const context& c) {
  for (const context* each = &c; each != nullptr; each = each->outer) {
    if (each->set != nullptr)
      if (const value* v = each->set->find(name)) return *v;
    if (each->locals != nullptr)
      if (const value* v = each->locals->find(name)) return *v;
    if (each->given != nullptr)
      if (const value* v = each->given->find(name)) return *v;
  }
  if (const value v = special_name(name, c); !v.is_missing()) return v;
  if (const value* v = env_.global(name)) return *v;
  return builtin_global(*this, name);
}

value machine::special_name(std::string_view name, const context& c) {
  if (name == "self") return value::of(memory_.make<self_reference>(c));
  if (name != "super" || c.block.empty()) return {};
  const auto& all = c.blocks->at(c.block);
  if (c.block_index + 1 >= all.size()) return undefined(undefined_reason::parent, c.block);
  return value::of(memory_.make<block_reference>(c, c.block, c.block_index + 1));
}

value machine::sequence(const expr& e, frame& f, const context& c, bool is_tuple) {
  list* made = make_list(memory_, e.items.size());
  for (const expr* each : e.items) {
    const value v = eval(*each, f, c);
    made->push(memory_, v);
  }
  return is_tuple ? value::tuple(made) : value::of(made);
}

value machine::eval_dict(const expr& e, frame& f, const context& c) {
  dict* made = make_dict(memory_);
  for (std::size_t i = 0; i + 1 < e.items.size(); i += 2) {
    const value key = eval(*e.items[i], f, c);
    const value item = eval(*e.items[i + 1], f, c);
    at(e, f);
    require_hashable(*this, key);
    made->set(memory_, key, item);
  }
  return value::of(made);
}

value machine::append_sum(const expr& e, frame& f, const context& c, text_builder& out,
                          std::size_t begun) {
  const auto is_plain = [](const value& v) { return v.is_string() && !v.is_safe(); };
  value odd;
  if (e.a->kind == expr_kind::binary && e.a->op == binary_op::add)
    odd = append_sum(*e.a, f, c, out, begun);
  else if (const value first = operand(*e.a, f, c); is_plain(first))
    out.append(first);
  else
    odd = first;
  const value next = operand(*e.b, f, c);
  at(e, f);
  if (odd.is_missing() && is_plain(next)) {
    out.append(next);
    return odd;
  }
  odd = binary(binary_op::add, odd.is_missing() ? out.taken(memory_, begun) : odd, next);
  if (!is_plain(odd)) return odd;
  out.append(odd);
  return {};
}

value machine::eval_sum(const expr& e, frame& f, const context& c) {
  text_builder& text = borrow();
  value made = append_sum(e, f, c, text, 0);
  if (made.is_missing()) made = text.finish(memory_);
  give_back();
  return made;
}

value machine::eval_concat(const expr& e, frame& f, const context& c) {
  value items[8];
  std::vector<value> many;
  value* all = items;
  if (e.items.size() > std::size(items)) {
    many.resize(e.items.size());
    all = many.data();
  }
  bool safe = false;
  for (std::size_t i = 0; i < e.items.size(); ++i) {
    all[i] = eval(*e.items[i], f, c);
    safe = safe || (autoescape_ && all[i].is_string() && all[i].is_safe());
  }
  at(e, f);
  text_builder& text = borrow();
  for (std::size_t i = 0; i < e.items.size(); ++i) {
    if (safe)
      text.append(escaped(all[i]));
    else
      print(text, all[i]);
  }
  const value made = text.finish(memory_);
  give_back();
  return made.safe(safe);
}

value machine::eval_compare(const expr& e, frame& f, const context& c) {
  value left = eval(*e.a, f, c);
  bool yes = true;
  for (const comparison& each : e.comparisons) {
    const value right = operand(*each.with, f, c);
    at(e, f);
    switch (each.op) {
      case compare_op::eq:
        yes = equals(left, right);
        break;
      case compare_op::ne:
        yes = !equals(left, right);
        break;
      case compare_op::lt:
        yes = less(left, right, "<");
        break;
      case compare_op::gt:
        yes = less(right, left, ">");
        break;
      case compare_op::le:
        yes = compare(left, right, "<=") <= 0;
        break;
      case compare_op::ge:
        yes = compare(left, right, ">=") >= 0 && compare(left, right, ">=") != 2;
        break;
      case compare_op::in:
        yes = contains(right, left);
        break;
      case compare_op::not_in:
        yes = !contains(right, left);
        break;
    }
    if (!yes) break;
    left = right;
  }
  return value::of(yes);
}

value machine::eval_item(const expr& e, frame& f, const context& c) {
  const value of = eval(*e.a, f, c);
  if (e.b->kind != expr_kind::slice) {
    const value key = operand(*e.b, f, c);
    at(e, f);
    return item(of, key);
  }
  const auto bound = [&](const expr* which) {
    return which == nullptr ? value::none() : eval(*which, f, c);
  };
  const value from = bound(e.b->a), to = bound(e.b->b), by = bound(e.b->c);
  at(e, f);
  return sliced(of, from, to, by);
}

void machine::gather(const expr& e, frame& f, const context& c, gathered& into) {
  const bool has_rest = e.more != nullptr && e.more->rest != nullptr;
  const bool many = e.items.size() > std::size(into.small) || has_rest;
  std::size_t n = 0;
  for (const expr* each : e.items) {
    const value v = eval(*each, f, c);
    if (many)
      into.many.push_back(v);
    else
      into.small[n++] = v;
  }
  if (has_rest) {
    const value rest = eval(*e.more->rest, f, c);
    at(e, f);
    iterate(rest, [&](const value& v) {
      into.many.push_back(v);
      return true;
    });
  }
  into.given.positional =
      many ? std::span<const value>(into.many) : std::span<const value>(into.small.data(), n);
  if (e.more != nullptr) gather_named(e, f, c, into);
}

void machine::gather_named(const expr& e, frame& f, const context& c, gathered& into) {
  for (const named_expr& each : e.more->named)
    into.named.push_back({each.name, eval(*each.item, f, c)});
  if (e.more->named_rest != nullptr) {
    const value rest = eval(*e.more->named_rest, f, c);
    at(e, f);
    if (rest.is_undefined()) fail_undefined(rest);
    if (!rest.is(kind::dict))
      fail(failure_kind::type,
           "what stands behind ** has to be a mapping, not " + std::string(type_name(rest)));
    std::uint32_t at_entry = 0;
    while (const auto* entry = rest.entries().next(at_entry)) {
      if (!entry->key.is_string()) fail(failure_kind::type, "keywords must be strings");
      for (const named_expr& each : e.more->named)
        if (each.name == entry->key.text())
          fail(failure_kind::type,
               "got multiple values for keyword argument '" + std::string(each.name) + "'");
      into.named.push_back({entry->key.text(), entry->item});
    }
  }
  into.given.named = into.named;
}

value machine::eval_call(const expr& e, frame& f, const context& c) {
  const expr& callee = *e.a;
  value of;
  if (callee.kind == expr_kind::attribute && callee.methods != nullptr) {
    const value subject = eval(*callee.a, f, c);
    if (const method run = method_of(*callee.methods, subject)) {
      gathered all;
      gather(e, f, c, all);
      at(e, f);
      refuse_change(*this, *callee.methods, subject);
      if (subject.is_string()) step_over(subject.bytes());
      return run(*this, subject, all.given);
    }
    at(callee, f);
    of = attribute(subject, callee.name, callee.methods);
  } else {
    of = eval(callee, f, c);
  }
  gathered all;
  gather(e, f, c, all);
  at(e, f);
  return call(of, all.given);
}

value machine::eval_filter(const expr& e, frame& f, const context& c) {
  const value of = e.a != nullptr ? eval(*e.a, f, c) : block_text_;
  gathered all;
  gather(e, f, c, all);
  at(e, f);
  if (e.filter == nullptr)
    fail(failure_kind::runtime, "there is no filter '" + std::string(e.name) + "'");
  return apply_filter(*e.filter, {of, all.given.positional, all.given.named});
}

bool machine::eval_test(const expr& e, frame& f, const context& c) {
  const value of = eval(*e.a, f, c);
  gathered all;
  gather(e, f, c, all);
  at(e, f);
  if (e.test == nullptr)
    fail(failure_kind::runtime, "there is no test '" + std::string(e.name) + "'");
  return apply_test(*e.test, {of, all.given.positional, all.given.named});
}

value machine::apply_filter(const filter_entry& f, const call_of& c) {
  if (c.subject.is_string()) step_over(c.subject.bytes());
  if (f.run != nullptr) return f.run(*this, c);
  return f.own(*this, c.subject, {c.positional, c.named});
}

bool machine::apply_test(const test_entry& t, const call_of& c) {
  if (c.subject.is_string()) step_over(c.subject.bytes());
  return t.run(*this, c);
}

const filter_entry* machine::filter_named(std::string_view name) {
  const filter_entry* f = env_.filter(name);
  if (f == nullptr) fail(failure_kind::runtime, "there is no filter '" + std::string(name) + "'");
  return f;
}

}  // namespace jinja
