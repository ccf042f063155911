#pragma once
#include <string>
#include <string_view>

#include "machine.hpp"

/// What templates make that is no plain value.
namespace jinja {

/// A name that every template has: range, dict, namespace, cycler, joiner, lipsum. Missing if it is
/// none of these.
value builtin_global(machine& m, std::string_view name);
bool is_builtin_global(std::string_view name) noexcept;
/// A function of this library; `name` is for people.
using native_function = value (*)(machine&, const arguments&);
value make_function(machine& m, std::string_view name, native_function run);
/// The entry of a method set for this value's type; null if that type has none.
method method_of(const method_set& set, const value& v) noexcept;
/// Ends the rendering if this method would change what the sandbox does not let be changed.
void refuse_change(machine& m, const method_set& set, const value& v);
void require_hashable(machine& m, const value& key);

class bound_method final : public object {
 public:
  bound_method(const method_set& set, value self) : set_(set), self_(self) {}
  std::string_view type_name() const noexcept override { return "builtin_function_or_method"; }
  bool is_callable() const noexcept override { return true; }
  value call(rendering& r, const arguments& given) const override;

 private:
  const method_set& set_;
  value self_;
};

/// `namespace(...)`: attributes that `set` may change.
class name_space final : public object {
 public:
  explicit name_space(dict* held) : held_(held) {}
  std::string_view type_name() const noexcept override { return "Namespace"; }
  value attribute(rendering&, std::string_view name) const override {
    const value* v = held_->find(name);
    return v == nullptr ? value() : *v;
  }
  value item(rendering& r, const value& key) const override {
    return key.is_string() ? attribute(r, key.text()) : value();
  }
  std::string repr(rendering& r) const override;
  void set(arena& in, std::string_view name, value v) const { held_->set(in, value::of(name), v); }

 private:
  dict* held_;
};

/// `loop`.
class loop_state final : public object {
 public:
  /// `more`: gives what comes behind the items of `over`; null if they are all.
  loop_state(const stmt& of, frame* around, const context& in, list* over, const iterator* more,
             std::uint32_t depth)
      : of_(of), around_(around), in_(in), over_(over), more_(more), depth_(depth) {}
  std::string_view type_name() const noexcept override { return "LoopContext"; }
  value attribute(rendering& r, std::string_view name) const override;
  bool is_callable() const noexcept override { return true; }
  value call(rendering& r, const arguments& given) const override;
  std::optional<std::size_t> length(rendering& r) const override {
    while (fetch(r)) continue;
    return over_->size;
  }
  const iterator* iterate(rendering& r) const override;
  std::string repr(rendering& r) const override;
  value cycle(machine& m, const arguments& given) const;
  value changed(machine& m, const arguments& given) const;
  bool advance(rendering& r, value& out) const {
    if (next_ >= over_->size && !fetch(r)) return false;
    out = (*over_)[next_++];
    return true;
  }

 private:
  bool fetch(rendering& r) const {
    value v;
    if (more_ == nullptr || !more_->next(r, v)) return false;
    over_->push(r.memory(), v);
    return true;
  }
  bool has_next(rendering& r) const { return next_ < over_->size || fetch(r); }
  std::int64_t index0() const noexcept { return static_cast<std::int64_t>(next_) - 1; }
  const stmt& of_;
  frame* around_;
  const context& in_;
  list* over_;
  const iterator* more_;
  std::uint32_t depth_;
  mutable std::uint32_t next_ = 0;
  mutable value last_changed_;
};

class macro final : public object {
 public:
  macro(const unit& of, frame* around, const context& in) : of_(of), around_(around), in_(in) {}
  std::string_view type_name() const noexcept override { return "Macro"; }
  bool is_callable() const noexcept override { return true; }
  value call(rendering& r, const arguments& given) const override;
  value attribute(rendering& r, std::string_view name) const override;
  std::string repr(rendering& r) const override;

 private:
  const unit& of_;
  frame* around_;
  const context& in_;
};

/// `super()` and `self.name()`.
class block_reference final : public object {
 public:
  block_reference(const context& in, std::string_view name, std::size_t index)
      : in_(in), name_(name), index_(index) {}
  std::string_view type_name() const noexcept override { return "BlockReference"; }
  bool is_callable() const noexcept override { return true; }
  value call(rendering& r, const arguments& given) const override;
  value attribute(rendering& r, std::string_view name) const override;

 private:
  const context& in_;
  std::string_view name_;
  std::size_t index_;
};

class self_reference final : public object {
 public:
  explicit self_reference(const context& in) : in_(in) {}
  std::string_view type_name() const noexcept override { return "TemplateReference"; }
  std::string repr(rendering& r) const override;
  value attribute(rendering& r, std::string_view name) const override {
    return item(r, value::of(name));
  }
  value item(rendering& r, const value& key) const override;

 private:
  const context& in_;
};

/// What `import` gives.
class module final : public object {
 public:
  module(const context& in, value text) :in_(in), text_(text) {}
  std::string_view type_name() const noexcept override { return "TemplateModule"; }
  value attribute(rendering& r, std::string_view name) const override;
  std::string text(rendering& r) const override;
  std::string repr(rendering& r) const override;

 private:
  const context& in_;
  value text_;
};

class range final : public object {
 public:
  range(std::int64_t from, std::int64_t to, std::int64_t by) : from_(from), to_(to), by_(by) {}
  std::string_view type_name() const noexcept override { return "range"; }
  std::int64_t size() const noexcept;
  std::int64_t at(std::int64_t i) const noexcept { return from_ + i * by_; }
  std::optional<std::size_t> length(rendering&) const override {
    return static_cast<std::size_t>(size());
  }
  value item(rendering& r, const value& key) const override;
  value attribute(rendering& r, std::string_view name) const override;
  const iterator* iterate(rendering& r) const override;
  bool is_sequence() const noexcept override { return true; }
  bool equals(const value& other) const override;
  std::string repr(rendering& r) const override;
  bool contains(std::int64_t n) const noexcept;
  const range* slice(machine& m, std::int64_t from, std::int64_t to, std::int64_t by) const;

 private:
  std::int64_t from_, to_, by_;
};

/// What a dict's `keys`, `values` and `items` give.
class dict_view final : public object {
 public:
  enum class what : std::uint8_t { keys, values, items };
  dict_view(dict* of, what w) : of_(of), what_(w) {}
  std::string_view type_name() const noexcept override;
  std::optional<std::size_t> length(rendering&) const override { return of_->size; }
  const iterator* iterate(rendering& r) const override;
  std::string repr(rendering& r) const override;
  value one(arena& in, const dict::entry& e) const;
  bool equals(const value& other) const override;
  bool has_key(const value& key) const { return what_ == what::keys && of_->find(key) != nullptr; }

 private:
  friend class view_iterator;
  dict* of_;
  what what_;
};

/// Gives the items of a list that was made already.
class list_iterator final : public iterator {
 public:
  explicit list_iterator(list* items, std::string_view type = "generator")
      : items_(items), type_(type) {}
  std::string_view type_name() const noexcept override { return type_; }
  bool next(rendering&, value& out) const override {
    if (at_ >= items_->size) return false;
    out = (*items_)[at_++];
    return true;
  }

 private:
  list* items_;
  std::string_view type_;
  mutable std::uint32_t at_ = 0;
};

/// Applies `step` to what another iterator gives: its true answers are what this one gives. Lazy,
/// as Python's generators are: an error comes when its value is asked for.
class lazy_iterator final : public iterator {
 public:
  using step = bool (*)(machine&, const void* with, value& item);
  lazy_iterator(const iterator* from, step run, const void* with)
      : from_(from), run_(run), with_(with) {}
  bool next(rendering& r, value& out) const override {
    while (from_->next(r, out))
      if (run_(static_cast<machine&>(r), with_, out)) return true;
    return false;
  }

 private:
  const iterator* from_;
  step run_;
  const void* with_;
};

}  // namespace jinja
