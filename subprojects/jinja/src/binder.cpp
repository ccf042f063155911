#include "binder.hpp"

#include <algorithm>

namespace jinja {

void binder::define(scope& s, std::string_view name, load from) {
  const std::size_t before = s.slots.size();
  std::uint32_t& slot = s.slots[name];
  if (s.slots.size() != before) slot = s.own->slots++;
  s.symbols[name] = {slot, from};
  if (from == load::context) undeclared_.insert(name);
}

binder::found binder::find(const scope* s, std::string_view name) {
  found out;
  const scope* owner = s;
  std::uint32_t up = 0;
  bool first = true;
  for (; s != nullptr; s = s->outer) {
    if (s->own != owner->own) {
      ++up;
      owner = s;
    }
    const symbol* known = s->symbols.find(name);
    if (known == nullptr) continue;
    if (first) out = {{up, known->slot, true}, true};
    first = false;
    // What begins as the outer one may have to be looked up as the outer one would.
    if (known->from == load::outer) continue;
    out.where.from_context = known->from == load::context;
    return out;
  }
  return out;
}

void binder::read(scope& s, std::string_view name) {
  if (!find(&s, name).is_there) define(s, name, load::context);
}

void binder::store(scope& s, std::string_view name) {
  s.stores[name] = true;
  if (s.symbols.contains(name)) return;
  const bool has_outer = s.outer != nullptr && find(s.outer, name).is_there;
  define(s, name, has_outer ? load::outer : load::nothing);
}

void binder::give(scope& s, std::string_view name) {
  s.stores[name] = true;
  define(s, name, load::given);
}

void binder::analyze(scope& s, const expr* e) {
  if (e == nullptr) return;
  if (e->kind == expr_kind::name) read(s, e->name);
  for (const expr* each : {e->a, e->b, e->c}) analyze(s, each);
  for (const expr* each : e->items) analyze(s, each);
  if (e->more != nullptr) {
    for (const named_expr& each : e->more->named) analyze(s, each.item);
    analyze(s, e->more->rest);
    analyze(s, e->more->named_rest);
  }
  for (const comparison& each : e->comparisons) analyze(s, each.with);
}

void binder::analyze(scope& s, const target& t, bool given) {
  if (!t.attribute.empty()) return read(s, t.name);
  if (!t.name.empty()) return given ? give(s, t.name) : store(s, t.name);
  for (const target& each : t.parts) analyze(s, each, given);
}

void binder::analyze(scope& s, body all) {
  for (const stmt* one : all) analyze(s, *one);
}

void binder::analyze(scope& s, const stmt& one) {
  switch (one.kind) {
    case stmt_kind::condition:
      return analyze_condition(s, one);
    case stmt_kind::set:
      analyze(s, one.a);
      return analyze(s, one.to, false);
    case stmt_kind::set_block:
    case stmt_kind::macro:
      return analyze(s, one.to, false);
    case stmt_kind::import:
      analyze(s, one.a);
      return analyze(s, one.to, false);
    case stmt_kind::from_import:
      analyze(s, one.a);
      for (const imported_name& each : one.names) store(s, each.alias);
      return;
    case stmt_kind::with:
      for (const expr* each : one.values) analyze(s, each);
      return;
    case stmt_kind::block:
    case stmt_kind::scope:
    case stmt_kind::autoescape:
      return;
    default:
      analyze(s, one.a);
      for (const expr* each : one.items) analyze(s, each);
  }
}

/// A name that only some of the three, the first branch, the `elif`s and the `else`, set may still
/// come from outside.
void binder::analyze_condition(scope& s, const stmt& one) {
  analyze(s, one.branches[0].test);
  const scope before = s;
  by_name<int> branches;
  const auto visit = [&](auto&& run) {
    scope copy = before;
    copy.slots = s.slots;
    run(copy);
    s.slots = copy.slots;
    for (const auto& [name, symbol] : copy.symbols) s.symbols[name] = symbol;
    for (const auto& [name, yes] : copy.stores) {
      if (!before.stores.contains(name)) ++branches[name];
      s.stores[name] = yes;
    }
  };
  visit([&](scope& in) { analyze(in, one.branches[0].body); });
  visit([&](scope& in) {
    for (std::size_t i = 1; i < one.branches.size(); ++i) {
      stmt alone;
      alone.branches = one.branches.subspan(i, 1);
      analyze_condition(in, alone);
    }
  });
  visit([&](scope& in) { analyze(in, one.otherwise); });
  for (const auto& [name, count] : branches) {
    constexpr int all = 3;
    if (count == all) continue;
    const bool has_outer = s.outer != nullptr && find(s.outer, name).is_there;
    s.symbols[name].from = has_outer ? load::outer : load::context;
    if (!has_outer) undeclared_.insert(name);
  }
}

std::span<reset> binder::resets_of(const scope& s) {
  std::vector<reset> all;
  for (const auto& [name, known] : s.symbols) {
    if (known.from == load::given || !s.stores.contains(name)) continue;
    reset r{.slot = known.slot, .has_outer = known.from == load::outer, .outer = {}};
    if (r.has_outer) r.outer = find(s.outer, name).where;
    // Seen from inside of this scope's unit.
    if (r.has_outer && s.outer->own != s.own) ++r.outer.up;
    all.push_back(r);
  }
  auto* const kept = in_.array<reset>(all.size());
  std::copy(all.begin(), all.end(), kept);
  return {kept, all.size()};
}

std::span<visible_name> binder::visible_from(const scope& s) {
  std::map<std::string_view, variable> all;
  for (const scope* each = &s; each != nullptr; each = each->outer)
    for (const auto& [name, yes] : each->stores)
      if (!all.contains(name)) all[name] = find(&s, name).where;
  auto* const kept = in_.array<visible_name>(all.size());
  std::size_t n = 0;
  for (const auto& [name, where] : all) kept[n++] = {name, where};
  return {kept, n};
}

bool binder::mentions(const expr* e, std::string_view name) {
  if (e == nullptr) return false;
  if (e->kind == expr_kind::name && e->name == name) return true;
  for (const expr* each : {e->a, e->b, e->c})
    if (mentions(each, name)) return true;
  if (e->more != nullptr) {
    if (mentions(e->more->rest, name) || mentions(e->more->named_rest, name)) return true;
    for (const named_expr& each : e->more->named)
      if (mentions(each.item, name)) return true;
  }
  for (const expr* each : e->items)
    if (mentions(each, name)) return true;
  for (const comparison& each : e->comparisons)
    if (mentions(each.with, name)) return true;
  return false;
}

bool binder::mentions(const stmt& one, std::string_view name) {
  if (one.kind == stmt_kind::block) return one.with_context && mentions(one.body, name);
  if (mentions(one.a, name) || mentions(one.test, name) || mentions(one.body, name) ||
      mentions(one.otherwise, name))
    return true;
  for (const expr* each : one.items)
    if (mentions(each, name)) return true;
  for (const expr* each : one.values)
    if (mentions(each, name)) return true;
  for (const branch& each : one.branches)
    if (mentions(each.test, name) || mentions(each.body, name)) return true;
  if (one.own == nullptr) return false;
  for (const parameter& each : one.own->parameters)
    if (mentions(each.fallback, name)) return true;
  return mentions(one.own->body, name);
}

bool binder::mentions(body all, std::string_view name) {
  return std::any_of(all.begin(), all.end(), [&](const stmt* one) { return mentions(*one, name); });
}

unit* binder::make_unit(std::string_view name) {
  auto* const made = in_.make<unit>();
  made->name = name;
  made->home = &home_;
  return made;
}

unit* binder::bind(const parsed& all) {
  unit* const root = make_unit({});
  root->is_captured = true;
  scope s{.outer = nullptr, .own = root};
  analyze(s, all.body);
  bind(s, all.body, {.is_soft = false, .is_top = true, .is_root = true});
  root->body = all.body;
  for (stmt* block : all.blocks) bind_block(*block);
  return root;
}

void binder::bind_block(stmt& one) {
  one.own = make_unit(one.name);
  one.own->is_captured = true;
  const int loops = std::exchange(loops_, 0);
  scope s{.outer = nullptr, .own = one.own};
  analyze(s, one.body);
  bind(s, one.body, {});
  loops_ = loops;
  one.own->body = one.body;
}

void binder::bind(scope& s, expr* e, bool soft) {
  if (e == nullptr) return;
  soft = soft || e->kind == expr_kind::condition;
  if (e->kind == expr_kind::name) {
    found there = find(&s, e->name);
    if (!there.is_there) {
      define(s, e->name, load::context);
      there = find(&s, e->name);
    }
    e->where = there.where;
  } else if (e->kind == expr_kind::attribute) {
    e->methods = methods_named(e->name);
    home_.empties_lists =
        home_.empties_lists || (e->methods != nullptr && e->methods->empties_list);
  } else if (e->kind == expr_kind::filter) {
    e->filter = known_.filter(e->name);
    if (e->filter == nullptr && !soft)
      refuse(failure_kind::assertion, "there is no filter '" + std::string(e->name) + "'", e->line,
             e->offset);
  } else if (e->kind == expr_kind::test) {
    e->test = known_.test(e->name);
    if (e->test == nullptr && !soft)
      refuse(failure_kind::assertion, "there is no test '" + std::string(e->name) + "'", e->line,
             e->offset);
  }
  for (expr* each : {e->a, e->b, e->c}) bind(s, each, soft);
  for (expr* each : e->items) bind(s, each, soft);
  if (e->more != nullptr) {
    for (const named_expr& each : e->more->named) bind(s, each.item, soft);
    bind(s, e->more->rest, soft);
    bind(s, e->more->named_rest, soft);
  }
  for (const comparison& each : e->comparisons) bind(s, each.with, soft);
}

void binder::bind(scope& s, target& t, state now) {
  if (!t.name.empty()) {
    t.where = find(&s, t.name).where;
    t.exports = now.is_top && t.attribute.empty();
  }
  for (target& each : t.parts) bind(s, each, now);
}

void binder::bind(scope& s, body all, state now) {
  for (stmt* one : all) bind(s, *one, now);
}

void binder::refuse_loop_name(const target& t, const stmt& at) {
  if (loops_ > 0 && t.attribute.empty() && t.name == "loop")
    refuse(failure_kind::assertion, "'loop' is the loop's own and cannot be set in it", at.line,
           at.offset);
  for (const target& each : t.parts) refuse_loop_name(each, at);
}

void binder::bind(scope& s, stmt& one, state now) {
  switch (one.kind) {
    case stmt_kind::loop:
      return bind_loop(s, one, now);
    case stmt_kind::condition: {
      state soft = now;
      soft.is_soft = true;
      soft.is_root = false;
      for (branch& each : one.branches) {
        bind(s, each.test, true);
        bind(s, each.body, soft);
      }
      return bind(s, one.otherwise, soft);
    }
    case stmt_kind::set:
      refuse_loop_name(one.to, one);
      bind(s, one.a, now.is_soft);
      return bind(s, one.to, now);
    case stmt_kind::set_block:
      refuse_loop_name(one.to, one);
      bind(s, one.to, now);
      return bind_inner(s, one);
    case stmt_kind::filter_block:
    case stmt_kind::scope:
    case stmt_kind::autoescape:
      return bind_inner(s, one);
    case stmt_kind::with:
      return bind_with(s, one, now);
    case stmt_kind::macro:
      bind(s, one.to, now);
      return bind_macro(s, one);
    case stmt_kind::call_block:
      bind(s, one.a, now.is_soft);
      return bind_macro(s, one);
    case stmt_kind::extends:
      if (!now.is_top)
        refuse(failure_kind::assertion, "`extends` must stand at the top of a template", one.line,
               one.offset);
      one.flag = !now.is_root;
      return bind(s, one.a, now.is_soft);
    case stmt_kind::block:
      if (one.with_context) one.visible = visible_from(s);
      return;
    case stmt_kind::include:
    case stmt_kind::import:
    case stmt_kind::from_import:
      return bind_imports(s, one, now);
    default:
      bind(s, one.a, now.is_soft);
      for (expr* each : one.items) bind(s, each, now.is_soft);
  }
}

void binder::bind_imports(scope& s, stmt& one, state now) {
  bind(s, one.a, now.is_soft);
  if (one.with_context) one.visible = visible_from(s);
  if (one.kind == stmt_kind::import) bind(s, one.to, now);
  for (imported_name& each : one.names) each.where = find(&s, each.alias).where;
  one.uses_loop = now.is_top;
}

/// A scope of its own in the same frame.
void binder::bind_inner(scope& s, stmt& one) {
  scope inner = inner_of(s);
  analyze(inner, one.a);
  analyze(inner, one.body);
  bind(inner, one.a, false);
  bind(inner, one.body, {});
  one.resets = resets_of(inner);
}

void binder::bind_with(scope& s, stmt& one, state now) {
  for (expr* each : one.values) bind(s, each, now.is_soft);
  scope inner = inner_of(s);
  for (const target& each : one.targets) analyze(inner, each, true);
  analyze(inner, one.body);
  for (target& each : one.targets) bind(inner, each, {});
  bind(inner, one.body, {});
  one.resets = resets_of(inner);
}

target binder::copy(const target& of) {
  target made = of;
  auto* const parts = in_.array<target>(of.parts.size());
  for (std::size_t i = 0; i < of.parts.size(); ++i) parts[i] = copy(of.parts[i]);
  made.parts = {parts, of.parts.size()};
  return made;
}

void binder::bind_loop(scope& s, stmt& one, state now) {
  bind(s, one.a, now.is_soft);
  ++loops_;
  refuse_loop_name(one.to, one);
  one.uses_loop = one.flag || mentions(one.body, "loop");
  if (one.flag) {
    one.own = make_unit("loop");
    one.own->outer = s.own;
    s.own->is_captured = true;
    one.own->is_captured = true;
  }
  const auto scope_here = [&] {
    scope made = inner_of(s);
    if (one.own != nullptr) made.own = one.own;
    return made;
  };
  scope inner = scope_here();
  analyze(inner, one.to, true);
  if (one.uses_loop) give(inner, "loop");
  analyze(inner, one.body);
  bind(inner, one.to, {});
  if (one.uses_loop) one.loop = find(&inner, "loop").where;
  bind(inner, one.body, {});
  one.resets = resets_of(inner);
  --loops_;
  if (one.test != nullptr) {
    scope test = scope_here();
    one.test_to = copy(one.to);
    analyze(test, one.test_to, true);
    analyze(test, one.test);
    bind(test, one.test_to, {});
    bind(test, one.test, false);
    one.test_resets = resets_of(test);
  }
  scope otherwise = scope_here();
  analyze(otherwise, one.otherwise);
  bind(otherwise, one.otherwise, {});
  one.otherwise_resets = resets_of(otherwise);
}

void binder::bind_macro(scope& s, stmt& one) {
  unit& u = *one.own;
  u.home = &home_;
  u.outer = s.own;
  s.own->is_captured = true;
  u.is_captured = false;
  const int loops = std::exchange(loops_, 0);
  scope inner{.outer = &s, .own = &u};
  for (const parameter& p : u.parameters) {
    if (p.name == "caller" && p.fallback == nullptr)
      refuse(failure_kind::assertion, "a parameter 'caller' needs a default, or is left out",
             one.line, one.offset);
    give(inner, p.name);
  }
  const auto has_parameter = [&](std::string_view name) {
    return std::any_of(u.parameters.begin(), u.parameters.end(),
                       [&](const parameter& p) { return p.name == name; });
  };
  const auto special = [&](std::string_view name, bool& takes, std::uint32_t& slot) {
    takes = !has_parameter(name) && mentions(u.body, name);
    if (!takes) return;
    give(inner, name);
    slot = inner.symbols[name].slot;
  };
  special("caller", u.takes_caller, u.caller_slot);
  special("kwargs", u.takes_kwargs, u.kwargs_slot);
  special("varargs", u.takes_varargs, u.varargs_slot);
  for (const parameter& p : u.parameters) analyze(inner, p.fallback);
  analyze(inner, u.body);
  for (parameter& p : u.parameters) {
    p.slot = inner.symbols[p.name].slot;
    bind(inner, p.fallback, false);
  }
  bind(inner, u.body, {});
  u.resets = resets_of(inner);
  loops_ = loops;
}

}  // namespace jinja
