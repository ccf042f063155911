#include "objects.hpp"

#include <algorithm>

#include "big_int.hpp"

namespace jinja {

value object::attribute(rendering&, std::string_view) const { return {}; }
value object::item(rendering&, const value&) const { return {}; }
value object::call(rendering& r, const arguments&) const {
  r.fail(failure_kind::type, "'" + std::string(type_name()) + "' object is not callable");
}
std::string object::repr(rendering&) const { return "<" + std::string(type_name()) + " object>"; }

method method_of(const method_set& set, const value& v) noexcept {
  switch (v.kind()) {
    case kind::string:
      return set.of_text;
    case kind::list:
      return set.of_list;
    case kind::dict:
      return set.of_dict;
    case kind::tuple:
      return set.of_tuple;
    case kind::boolean:
    case kind::integer:
    case kind::big:
      return set.of_integer;
    case kind::floating:
      return set.of_floating;
    default:
      return nullptr;
  }
}

void refuse_change(machine& m, const method_set& set, const value& v) {
  const bool changes =
      (v.is(kind::list) && (set.changes_list || (set.empties_list && !m.owns_context()))) ||
      (v.is(kind::dict) && set.changes_dict);
  if (changes && m.how().mutation == mutation::nothing)
    m.fail(failure_kind::security, "access to attribute '" + std::string(set.name) + "' of '" +
                                       std::string(m.type_name(v)) + "' object is unsafe");
}

void require_hashable(machine& m, const value& key) {
  if (key.is_string()) return;
  if (key.is_undefined() && m.is_strict(key)) m.fail_undefined(key);
  if (!hash_of(key))
    m.fail(failure_kind::type, "unhashable type: '" + std::string(m.type_name(key)) + "'");
}

value bound_method::call(rendering& r, const arguments& given) const {
  auto& m = static_cast<machine&>(r);
  refuse_change(m, set_, self_);
  return method_of(set_, self_)(m, self_, given);
}

std::string name_space::repr(rendering& r) const {
  return "<Namespace " + static_cast<machine&>(r).repr_bytes(value::of(held_)) + ">";
}

namespace {

/// `loop.cycle`, `loop.changed`.
class loop_function final : public object {
 public:
  loop_function(const loop_state& of, bool cycles) : of_(of), cycles_(cycles) {}
  std::string_view type_name() const noexcept override { return "method"; }
  bool is_callable() const noexcept override { return true; }
  value call(rendering& r, const arguments& given) const override {
    auto& m = static_cast<machine&>(r);
    return cycles_ ? of_.cycle(m, given) : of_.changed(m, given);
  }

 private:
  const loop_state& of_;
  bool cycles_;
};

}  // namespace

value loop_state::attribute(rendering& r, std::string_view name) const {
  auto& m = static_cast<machine&>(r);
  const auto size = [&] { return static_cast<std::int64_t>(*length(r)); };
  if (name == "index") return value::of(index0() + 1);
  if (name == "index0") return value::of(index0());
  if (name == "first") return value::of(index0() == 0);
  if (name == "last") return value::of(!has_next(r));
  if (name == "length") return value::of(size());
  if (name == "revindex") return value::of(size() - index0());
  if (name == "revindex0") return value::of(size() - index0() - 1);
  if (name == "depth") return value::of(static_cast<std::int64_t>(depth_) + 1);
  if (name == "depth0") return value::of(static_cast<std::int64_t>(depth_));
  if (name == "previtem")
    return index0() > 0 ? (*over_)[static_cast<std::uint32_t>(index0()) - 1]
                        : m.undefined(undefined_reason::empty, "there is no previous item");
  if (name == "nextitem")
    return has_next(r) ? (*over_)[next_]
                       : m.undefined(undefined_reason::empty, "there is no next item");
  if (name == "cycle" || name == "changed")
    return value::of(m.memory().make<loop_function>(*this, name == "cycle"));
  return {};
}

value loop_state::cycle(machine& m, const arguments& given) const {
  if (given.positional.empty()) m.fail(failure_kind::type, "no items for cycling given");
  return given.positional[static_cast<std::size_t>(index0()) % given.positional.size()];
}

value loop_state::changed(machine& m, const arguments& given) const {
  const value now = value::tuple(make_list(m.memory(), given.positional));
  if (!last_changed_.is_missing() && m.equals(now, last_changed_)) return value::of(false);
  last_changed_ = now;
  return value::of(true);
}

value loop_state::call(rendering& r, const arguments& given) const {
  auto& m = static_cast<machine&>(r);
  if (!of_.flag)
    m.fail(failure_kind::type,
           "the loop must have the 'recursive' marker to be called recursively");
  if (given.positional.size() != 1) m.fail(failure_kind::type, "loop() takes one argument");
  return m.call_loop(of_, around_, in_, given.positional[0], depth_ + 1);
}

namespace {

/// Iterating `loop` itself goes on with the loop.
class loop_iterator final : public iterator {
 public:
  explicit loop_iterator(const loop_state& of) : of_(of) {}
  bool next(rendering& r, value& out) const override {
    value v;
    if (!of_.advance(r, v)) return false;
    const value both[] = {v, value::of(&of_)};
    out = value::tuple(make_list(r.memory(), both));
    return true;
  }

 private:
  const loop_state& of_;
};

/// `index` and `count` of a range.
class range_function final : public object {
 public:
  range_function(const range& of, bool counts) : of_(of), counts_(counts) {}
  std::string_view type_name() const noexcept override { return "builtin_function_or_method"; }
  bool is_callable() const noexcept override { return true; }
  value call(rendering& r, const arguments& given) const override {
    if (given.positional.size() != 1 || !given.named.empty())
      r.fail(failure_kind::type, "one argument was expected");
    auto& m = static_cast<machine&>(r);
    std::int64_t at = 0, found = -1, n = 0;
    m.iterate(value::of(&of_), [&](const value& v) {
      if (m.equals(v, given.positional[0])) {
        ++n;
        if (found < 0) found = at;
      }
      ++at;
      return true;
    });
    if (counts_) return value::of(n);
    if (found < 0) r.fail(failure_kind::value, "sequence.index(x): x not in sequence");
    return value::of(found);
  }

 private:
  const range& of_;
  bool counts_;
};

}  // namespace

const iterator* loop_state::iterate(rendering& r) const {
  return r.memory().make<loop_iterator>(*this);
}

std::string loop_state::repr(rendering& r) const {
  return "<LoopContext " + std::to_string(index0() + 1) + "/" + std::to_string(*length(r)) + ">";
}

value macro::call(rendering& r, const arguments& given) const {
  return static_cast<machine&>(r).call_macro(of_, around_, in_, given);
}

value macro::attribute(rendering& r, std::string_view name) const {
  auto& m = static_cast<machine&>(r);
  if (name == "name") return of_.name == "caller" ? value::none() : value::of(of_.name);
  if (name == "caller") return value::of(of_.takes_caller);
  if (name == "catch_kwargs") return value::of(of_.takes_kwargs);
  if (name == "catch_varargs") return value::of(of_.takes_varargs);
  if (name != "arguments") return {};
  list* names = make_list(m.memory(), of_.parameters.size());
  for (const parameter& p : of_.parameters) names->push(m.memory(), value::of(p.name));
  return value::tuple(names);
}

std::string macro::repr(rendering&) const {
  return of_.name == "caller" ? "<Macro anonymous>" : "<Macro '" + std::string(of_.name) + "'>";
}

value block_reference::call(rendering& r, const arguments&) const {
  return static_cast<machine&>(r).render_block(in_, name_, index_);
}

value block_reference::attribute(rendering& r, std::string_view name) const {
  auto& m = static_cast<machine&>(r);
  if (name != "super") return {};
  if (index_ + 1 >= in_.blocks->at(name_).size())
    return m.undefined(undefined_reason::parent, name_);
  return value::of(m.memory().make<block_reference>(in_, name_, index_ + 1));
}

value self_reference::item(rendering& r, const value& key) const {
  if (!key.is_string() || in_.blocks == nullptr || !in_.blocks->contains(key.text())) return {};
  return value::of(r.memory().make<block_reference>(in_, key.text(), std::size_t{0}));
}

value module::attribute(rendering&, std::string_view name) const {
  const auto& all = *in_.exported;
  if (std::find(all.begin(), all.end(), name) == all.end()) return {};
  const value* v = in_.set->find(name);
  return v == nullptr ? value() : *v;
}

std::string self_reference::repr(rendering& r) const {
  const std::string& name = in_.of->name;
  return "<TemplateReference " +
         (name.empty() ? "None" : static_cast<machine&>(r).repr_bytes(value::of(name))) + ">";
}

std::string module::text(rendering&) const { return std::string(text_.text()); }

std::string module::repr(rendering&) const {
  const std::string& name = in_.of->name;
  return "<TemplateModule " + (name.empty() ? "memory" : "'" + name + "'") + ">";
}

std::int64_t range::size() const noexcept {
  if (by_ > 0) return from_ < to_ ? (to_ - from_ - 1) / by_ + 1 : 0;
  return from_ > to_ ? (from_ - to_ - 1) / -by_ + 1 : 0;
}

namespace {
class range_iterator final : public iterator {
 public:
  explicit range_iterator(const range& of) : of_(of), size_(of.size()) {}
  bool next(rendering& r, value& out) const override {
    if (at_ >= size_) return false;
    r.step();
    out = value::of(of_.at(at_++));
    return true;
  }

 private:
  const range& of_;
  std::int64_t size_;
  mutable std::int64_t at_ = 0;
};
}  // namespace

const iterator* range::iterate(rendering& r) const {
  return r.memory().make<range_iterator>(*this);
}

value range::item(rendering& r, const value& key) const {
  if (!key.is_integral()) return {};
  const auto i = integers::to_int64(key);
  const std::int64_t n = size();
  if (!i || *i >= n || *i < -n) return {};
  static_cast<void>(r);
  return value::of(at(*i < 0 ? *i + n : *i));
}

value range::attribute(rendering& r, std::string_view name) const {
  if (name == "index" || name == "count")
    return value::of(r.memory().make<range_function>(*this, name == "count"));
  if (name == "start") return value::of(from_);
  if (name == "stop") return value::of(to_);
  if (name == "step") return value::of(by_);
  return {};
}

bool range::equals(const value& other) const {
  const auto* o = other.is(kind::object) ? dynamic_cast<const range*>(&other.thing()) : nullptr;
  if (o == nullptr || o->size() != size()) return false;
  return size() == 0 || (o->from_ == from_ && (size() == 1 || o->by_ == by_));
}

bool range::contains(std::int64_t n) const noexcept {
  return by_ > 0 ? n >= from_ && n < to_ && (n - from_) % by_ == 0
                 : n <= from_ && n > to_ && (from_ - n) % -by_ == 0;
}

const range* range::slice(machine& m, std::int64_t from, std::int64_t to, std::int64_t by) const {
  return m.memory().make<range>(at(from), at(to), by_ * by);
}

std::string range::repr(rendering&) const {
  std::string out = "range(" + std::to_string(from_) + ", " + std::to_string(to_);
  if (by_ != 1) out += ", " + std::to_string(by_);
  return out + ")";
}

std::string_view dict_view::type_name() const noexcept {
  return what_ == what::keys ? "dict_keys" : what_ == what::values ? "dict_values" : "dict_items";
}

value dict_view::one(arena& in, const dict::entry& e) const {
  if (what_ == what::keys) return e.key;
  if (what_ == what::values) return e.item;
  const value both[] = {e.key, e.item};
  return value::tuple(make_list(in, both));
}

class view_iterator final : public iterator {
 public:
  explicit view_iterator(const dict_view& of) : of_(of) {}
  bool next(rendering& r, value& out) const override {
    const dict::entry* e = of_.of_->next(at_);
    if (e == nullptr) return false;
    out = of_.one(r.memory(), *e);
    return true;
  }

 private:
  const dict_view& of_;
  mutable std::uint32_t at_ = 0;
};

const iterator* dict_view::iterate(rendering& r) const {
  return r.memory().make<view_iterator>(*this);
}

bool dict_view::equals(const value& other) const {
  const auto* o = other.is(kind::object) ? dynamic_cast<const dict_view*>(&other.thing()) : nullptr;
  return o != nullptr && o->what_ == what_ && what_ != what::values &&
         (what_ == what::items ? equal(value::of(of_), value::of(o->of_)) : false);
}

std::string dict_view::repr(rendering& r) const {
  auto& m = static_cast<machine&>(r);
  return std::string(type_name()) + "(" + m.repr_bytes(value::of(m.to_list(value::of(this)))) + ")";
}

}  // namespace jinja
