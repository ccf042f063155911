#include <algorithm>

#include "machine.hpp"
#include "objects.hpp"

namespace jinja {

flow machine::exec(body all, frame& f, const context& c, text_builder& out) {
  for (const stmt* s : all) {
    if (s->kind == stmt_kind::text) {
      if (&out != silenced_) out.append(s->text.text());
      continue;
    }
    if (const flow how = exec_one(*s, f, c, out); how != flow::on) return how;
  }
  return flow::on;
}

flow machine::exec_one(const stmt& s, frame& f, const context& c, text_builder& out) {
  guard_stack();
  step();
  switch (s.kind) {
    case stmt_kind::text:
      break;
    case stmt_kind::output:
      if (&out == silenced_) break;
      for (const expr* each : s.items) {
        if (each->kind == expr_kind::binary && each->op == binary_op::add && !autoescape_) {
          if (const value odd = append_sum(*each, f, c, out, out.size()); !odd.is_missing())
            output(out, odd);
          if (out.size() > limits_.output_bytes) too_much("output");
          continue;
        }
        const value v = eval(*each, f, c);
        at(*each, f);
        output(out, v);
      }
      break;
    case stmt_kind::loop:
      return exec_loop(s, f, c, out);
    case stmt_kind::condition:
      for (const branch& each : s.branches) {
        const value v = eval(*each.test, f, c);
        at(*each.test, f);
        if (truth(v)) return exec(each.body, f, c, out);
      }
      return exec(s.otherwise, f, c, out);
    case stmt_kind::set:
      assign(s.to, eval(*s.a, f, c), f, c);
      break;
    case stmt_kind::set_block:
      exec_set_block(s, f, c);
      break;
    case stmt_kind::with:
      exec_with(s, f, c, out);
      break;
    case stmt_kind::macro:
      exec_macro(s, f, c);
      break;
    case stmt_kind::call_block:
      exec_call_block(s, f, c, out);
      break;
    case stmt_kind::filter_block: {
      reset_scope(s.resets, f);
      text_builder& text = borrow();
      exec(s.body, f, c, text);
      const value before = std::exchange(block_text_, text.finish(memory_).safe(autoescape_));
      give_back();
      const value made = eval(*s.a, f, c);
      block_text_ = before;
      output(out, made);
      break;
    }
    case stmt_kind::block:
      exec_block(s, f, c, out);
      break;
    case stmt_kind::extends:
      exec_extends(s, f, c);
      break;
    case stmt_kind::include:
      exec_include(s, f, c, out);
      break;
    case stmt_kind::import:
    case stmt_kind::from_import:
      exec_import(s, f, c);
      break;
    case stmt_kind::expression:
      eval(*s.a, f, c);
      break;
    case stmt_kind::break_loop:
      return flow::broken;
    case stmt_kind::continue_loop:
      return flow::continued;
    case stmt_kind::autoescape: {
      const bool before = std::exchange(autoescape_, truth(eval(*s.a, f, c)));
      reset_scope(s.resets, f);
      const flow how = exec(s.body, f, c, out);
      autoescape_ = before;
      return how;
    }
    case stmt_kind::scope:
      reset_scope(s.resets, f);
      return exec(s.body, f, c, out);
  }
  return flow::on;
}

void machine::reset_scope(std::span<const reset> all, frame& f) {
  for (const reset& r : all) f.slots[r.slot] = r.has_outer ? slot(r.outer, f) : value();
}

void machine::assign(const target& to, const value& v, frame& f, const context& c) {
  if (!to.attribute.empty()) {
    expr name{};
    name.kind = expr_kind::name;
    name.name = to.name;
    name.where = to.where;
    name.line = line_;
    name.offset = offset_;
    const value of = eval_name(name, f, c);
    const auto* held = of.is(kind::object) ? dynamic_cast<const name_space*>(&of.thing()) : nullptr;
    if (held == nullptr)
      fail(failure_kind::runtime, "cannot assign attribute on non-namespace object");
    return held->set(memory_, to.attribute, v);
  }
  if (!to.name.empty()) {
    slot(to.where, f) = v;
    if (!to.exports) return;
    c.set->set(memory_, value::of(to.name), v);
    if (c.exported != nullptr && !to.name.starts_with('_') &&
        std::find(c.exported->begin(), c.exported->end(), to.name) == c.exported->end())
      c.exported->push_back(to.name);
    return;
  }
  if (v.is_undefined() ||
      !(v.is_string() || v.is_sequence() || v.is(kind::dict) || v.is(kind::object))) {
    if (v.is_undefined() && is_strict(v)) fail_undefined(v);
    if (!v.is_undefined())
      fail(failure_kind::type,
           "cannot unpack non-iterable " + std::string(type_name(v)) + " object");
  }
  const list* items = v.is_sequence() ? &v.items() : to_list(v);
  if (items->size < to.parts.size())
    fail(failure_kind::value, "not enough values to unpack (expected " +
                                  std::to_string(to.parts.size()) + ", got " +
                                  std::to_string(items->size) + ")");
  if (items->size > to.parts.size())
    fail(failure_kind::value,
         "too many values to unpack (expected " + std::to_string(to.parts.size()) + ")");
  for (std::size_t i = 0; i < to.parts.size(); ++i)
    assign(to.parts[i], (*items)[static_cast<std::uint32_t>(i)], f, c);
}

bool machine::passes(const stmt& s, const value& v, frame& f, const context& c) {
  if (s.test == nullptr) return true;
  reset_scope(s.test_resets, f);
  assign(s.test_to, v, f, c);
  return truth(eval(*s.test, f, c));
}

/// What a loop with a test goes over: tested when it is its turn, as what the body does may matter.
class machine::tested final : public iterator {
 public:
  tested(const stmt& s, const iterator* from, frame& f, const context& c)
      : s_(s), from_(from), f_(f), c_(c) {}
  bool next(rendering& r, value& out) const override {
    while (from_->next(r, out))
      if (static_cast<machine&>(r).passes(s_, out, f_, c_)) return true;
    return false;
  }

 private:
  const stmt& s_;
  const iterator* from_;
  frame& f_;
  const context& c_;
};

flow machine::exec_loop(const stmt& s, frame& f, const context& c, text_builder& out) {
  const value over = eval(*s.a, f, c);
  at(*s.a, f);
  if (s.own == nullptr) return run_loop(s, over, 0, f, c, out);
  frame* inner = make_frame(*s.own, &f);
  run_loop(s, over, 0, *inner, c, out);
  return flow::on;
}

flow machine::run_loop(const stmt& s, const value& over, std::uint32_t depth, frame& f,
                       const context& c, text_builder& out) {
  bool any = false;
  const auto turn = [&](const value& v) {
    step();
    assign(s.to, v, f, c);
    if (!s.resets.empty()) reset_scope(s.resets, f);
    const flow how = exec(s.body, f, c, out);
    // Jinja2 counts the turns that came to their end.
    any = any || how == flow::on;
    return how != flow::broken;
  };
  if (s.uses_loop) {
    list* items = make_list(memory_);
    const iterator* more = nullptr;
    if (s.test != nullptr)
      more = memory_.make<tested>(s, iterator_of(over), f, c);
    else if (over.is(kind::object))
      more = iterator_of(over);
    else
      items = over.is_sequence() ? &over.items() : to_list(over);
    auto* state = memory_.make<loop_state>(s, f.outer, c, items, more, depth);
    value v;
    while (state->advance(*this, v)) {
      slot(s.loop, f) = value::of(state);
      if (!turn(v)) break;
    }
  } else {
    iterate(over, [&](const value& v) { return !passes(s, v, f, c) || turn(v); });
  }
  if (any || s.otherwise.empty()) return flow::on;
  reset_scope(s.otherwise_resets, f);
  return exec(s.otherwise, f, c, out);
}

value machine::call_loop(const stmt& loop, frame* outer, const context& in, const value& over,
                         std::uint32_t depth) {
  const deeper guard(*this);
  frame* inner = make_frame(*loop.own, outer);
  text_builder& text = borrow();
  run_loop(loop, over, depth, *inner, in, text);
  const value made = text.finish(memory_);
  give_back();
  return made.safe(autoescape_);
}

void machine::exec_set_block(const stmt& s, frame& f, const context& c) {
  reset_scope(s.resets, f);
  text_builder& text = borrow();
  exec(s.body, f, c, text);
  value made = text.finish(memory_).safe(autoescape_);
  give_back();
  if (s.a != nullptr) {
    const value before = std::exchange(block_text_, made);
    made = eval(*s.a, f, c);
    block_text_ = before;
  }
  assign(s.to, made, f, c);
}

void machine::exec_with(const stmt& s, frame& f, const context& c, text_builder& out) {
  std::vector<value> all;
  for (const expr* each : s.values) all.push_back(eval(*each, f, c));
  reset_scope(s.resets, f);
  for (std::size_t i = 0; i < all.size(); ++i) assign(s.targets[i], all[i], f, c);
  exec(s.body, f, c, out);
}

void machine::exec_macro(const stmt& s, frame& f, const context& c) {
  assign(s.to, value::of(memory_.make<macro>(*s.own, &f, c)), f, c);
}

void machine::exec_call_block(const stmt& s, frame& f, const context& c, text_builder& out) {
  const value caller = value::of(memory_.make<macro>(*s.own, &f, c));
  const value callee = eval(*s.a->a, f, c);
  gathered all;
  gather(*s.a, f, c, all);
  std::vector<named_argument> named(all.given.named.begin(), all.given.named.end());
  named.push_back({"caller", caller});
  at(*s.a, f);
  output(out, call(callee, {all.given.positional, named}));
}

frame* machine::make_frame(const unit& u, frame* outer) {
  auto* made = memory_.make<frame>();
  made->of = &u;
  made->outer = outer;
  made->slots = memory_.array<value>(u.slots);
  std::fill(made->slots, made->slots + u.slots, value());
  return made;
}

value machine::call_macro(const unit& u, frame* outer, const context& in, const arguments& given) {
  const deeper guard(*this);
  const program* const home = program_;
  const std::uint32_t line = line_, offset = offset_;
  // A frame that nothing can refer to later lies on a stack.
  frame local{&u, outer, nullptr};
  const bool stacked = !u.is_captured && slots_used_ + u.slots <= slot_stack_.size();
  frame& f = stacked ? local : *make_frame(u, outer);
  if (stacked) {
    f.slots = slot_stack_.data() + slots_used_;
    slots_used_ += u.slots;
    std::fill(f.slots, f.slots + u.slots, value());
  }
  bind_arguments(u, f, in, given);
  if (!u.resets.empty()) reset_scope(u.resets, f);
  text_builder& text = borrow();
  exec(u.body, f, in, text);
  const value made = text.finish(memory_);
  give_back();
  if (stacked) slots_used_ -= u.slots;
  program_ = home;
  line_ = line;
  offset_ = offset;
  return made.safe(autoescape_);
}

void machine::bind_arguments(const unit& u, frame& f, const context& in, const arguments& given) {
  const std::size_t most = u.parameters.size();
  const auto title = [&] { return "macro '" + std::string(u.name) + "' "; };
  std::vector<named_argument> left;
  for (const named_argument& each : given.named) {
    const auto known = std::find_if(
        u.parameters.begin() + static_cast<std::ptrdiff_t>(std::min(most, given.positional.size())),
        u.parameters.end(), [&](const parameter& p) { return p.name == each.name; });
    if (known != u.parameters.end())
      f.slots[known->slot] = each.item;
    else if (u.takes_caller && each.name == "caller")
      f.slots[u.caller_slot] = each.item;
    else
      left.push_back(each);
  }
  if (u.takes_kwargs) {
    dict* kwargs = make_dict(memory_);
    for (const named_argument& each : left) kwargs->set(memory_, value::of(each.name), each.item);
    f.slots[u.kwargs_slot] = value::of(kwargs);
  } else if (!left.empty()) {
    fail(failure_kind::type,
         title() + "takes no keyword argument '" + std::string(left[0].name) + "'");
  }
  if (u.takes_varargs) {
    const auto from = std::min(most, given.positional.size());
    f.slots[u.varargs_slot] = value::tuple(make_list(memory_, given.positional.subspan(from)));
  } else if (given.positional.size() > most) {
    fail(failure_kind::type,
         title() + "takes not more than " + std::to_string(most) + " argument(s)");
  }
  if (u.takes_caller && f.slots[u.caller_slot].is_missing())
    f.slots[u.caller_slot] = undefined(undefined_reason::empty, "No caller defined");
  for (std::size_t i = 0; i < most; ++i) {
    const parameter& p = u.parameters[i];
    if (i < given.positional.size()) f.slots[p.slot] = given.positional[i];
    if (!f.slots[p.slot].is_missing()) continue;
    f.slots[p.slot] = p.fallback != nullptr ? eval(*p.fallback, f, in)
                                            : undefined(undefined_reason::parameter, p.name);
  }
}

const dict* machine::locals_of(std::span<const visible_name> visible, frame& f) {
  if (visible.empty()) return nullptr;
  dict* made = make_dict(memory_);
  for (const visible_name& each : visible)
    if (const value v = slot(each.where, f); !v.is_missing())
      made->set(memory_, value::of(each.name), v);
  return made;
}

context& machine::new_context() { return *memory_.make<context>(); }

void machine::exec_block(const stmt& s, frame& f, const context& c, text_builder& out) {
  if (&out == silenced_) return;
  const auto& all = c.blocks->at(s.name);
  if (s.flag && all.size() <= 1)
    fail(failure_kind::runtime, "the required block '" + std::string(s.name) + "' was not given");
  context& inner = new_context();
  inner = c;
  if (s.with_context) {
    inner = {.of = c.of,
             .set = make_dict(memory_),
             .outer = &c,
             .locals = locals_of(s.visible, f),
             .blocks = c.blocks};
  }
  run_block(inner, s.name, 0, out);
}

void machine::run_block(context& inner, std::string_view name, std::size_t index,
                        text_builder& out) {
  const deeper guard(*this);
  inner.block = name;
  inner.block_index = index;
  const stmt& chosen = *inner.blocks->at(name)[index];
  frame* made = make_frame(*chosen.own, nullptr);
  exec(chosen.own->body, *made, inner, out);
}

value machine::render_block(const context& in, std::string_view name, std::size_t index) {
  context& inner = new_context();
  inner = in;
  text_builder& text = borrow();
  run_block(inner, name, index, text);
  const value made = text.finish(memory_);
  give_back();
  return made.safe(autoescape_);
}

void machine::add_blocks(const program& of, context& to) {
  if (of.blocks.empty()) return;
  if (to.blocks == nullptr) {
    block_tables_.push_back(std::make_unique<block_table>());
    to.blocks = block_tables_.back().get();
  }
  for (const stmt* block : of.blocks) (*to.blocks)[block->name].push_back(block);
}

void machine::exec_extends(const stmt& s, frame& f, const context& c) {
  if (parent_ != nullptr) fail(failure_kind::runtime, "extended multiple times");
  const value name = eval(*s.a, f, c);
  at(*s.a, f);
  parent_ = load(name, false, c);
  add_blocks(*parent_, const_cast<context&>(c));
  silenced_ = root_out_;
}

/// The root of a template and of those that it extends.
void machine::render_template(const program& of, context& c, text_builder& out) {
  const deeper guard(*this);
  const program* const parent_before = std::exchange(parent_, nullptr);
  const text_builder* const silenced_before = std::exchange(silenced_, nullptr);
  const text_builder* const root_before = std::exchange(root_out_, &out);
  c.blocks = nullptr;
  add_blocks(of, c);
  const program* next = &of;
  for (std::uint32_t chain = 0; next != nullptr; ++chain) {
    if (chain > limits_.depth) too_deep();
    parent_ = nullptr;
    silenced_ = nullptr;
    frame* f = make_frame(*next->root, nullptr);
    exec(next->root->body, *f, c, out);
    next = parent_;
  }
  parent_ = parent_before;
  silenced_ = silenced_before;
  root_out_ = root_before;
}

const program* machine::load(const value& name, bool may_be_missing, const context&) {
  if (name.is_undefined()) fail_undefined(name);
  if (name.is_sequence()) {
    for (const value& each : name.items())
      if (const program* p = load(each, true, {})) return p;
    if (may_be_missing) return nullptr;
    fail(failure_kind::not_found, "none of the templates was found: " + str_bytes(name));
  }
  if (!name.is_string())
    fail(failure_kind::type,
         "a template's name must be a text, not " + std::string(type_name(name)));
  auto found = env_.load(name.text());
  if (!found) {
    if (found.error().kind == failure_kind::not_found) {
      if (may_be_missing) return nullptr;
      fail(failure_kind::not_found, found.error().message);
    }
    error why = found.error();
    why.at_render = true;
    throw failure{std::move(why)};
  }
  loaded_.push_back(std::move(*found));
  return loaded_.back().get();
}

void machine::exec_include(const stmt& s, frame& f, const context& c, text_builder& out) {
  const value name = eval(*s.a, f, c);
  at(*s.a, f);
  const program* of = load(name, s.flag, c);
  if (of == nullptr || &out == silenced_) return;
  context& inner = new_context();
  inner = {.of = of, .set = make_dict(memory_)};
  if (s.with_context) {
    inner.outer = &c;
    inner.locals = locals_of(s.visible, f);
  }
  render_template(*of, inner, out);
}

const context* machine::module_of(const program& of, const context& in, bool with_context,
                                  const dict* locals, value& text) {
  context& inner = new_context();
  exports_.push_back(std::make_unique<std::vector<std::string_view>>());
  inner = {.of = &of, .set = make_dict(memory_), .exported = exports_.back().get()};
  if (with_context) {
    inner.outer = &in;
    inner.locals = locals;
  }
  text_builder& out = borrow();
  render_template(of, inner, out);
  text = out.finish(memory_);
  give_back();
  return &inner;
}

void machine::exec_import(const stmt& s, frame& f, const context& c) {
  const value name = eval(*s.a, f, c);
  at(*s.a, f);
  const program* of = load(name, false, c);
  value text;
  const context* inner = module_of(*of, c, s.with_context, locals_of(s.visible, f), text);
  const value made = value::of(memory_.make<module>(*inner, text));
  if (s.kind == stmt_kind::import) {
    assign(s.to, made, f, c);
    if (s.to.exports && c.exported != nullptr) std::erase(*c.exported, s.to.name);
    return;
  }
  for (const imported_name& each : s.names) {
    value v = made.thing().attribute(*this, each.name);
    if (v.is_missing())
      v = undefined(undefined_reason::empty, memory_.copy("the template '" + of->name +
                                                          "' does not export the requested name '" +
                                                          std::string(each.name) + "'"));
    slot(each.where, f) = v;
    if (s.uses_loop) c.set->set(memory_, value::of(each.alias), v);
  }
}

}  // namespace jinja
