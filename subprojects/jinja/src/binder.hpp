#pragma once
#include <map>
#include <set>
#include <string_view>
#include <vector>

#include "parser.hpp"
#include "program.hpp"
#include "registry.hpp"

namespace jinja {

/// Who knows filters and tests by name: the environment.
class names_known {
 public:
  virtual const filter_entry* filter(std::string_view name) const noexcept = 0;
  virtual const test_entry* test(std::string_view name) const noexcept = 0;

 protected:
  ~names_known() = default;
};

/// Few names and what belongs to them: a walk is quicker than a tree.
template <class T>
class by_name {
 public:
  T* find(std::string_view name) noexcept {
    for (auto& [known, of] : all_)
      if (known.size() == name.size() && known == name) return &of;
    return nullptr;
  }
  const T* find(std::string_view name) const noexcept {
    return const_cast<by_name*>(this)->find(name);
  }
  bool contains(std::string_view name) const noexcept { return find(name) != nullptr; }
  T& operator[](std::string_view name) {
    if (T* known = find(name)) return *known;
    if (all_.empty()) all_.reserve(8);  // most have no more
    return all_.emplace_back(name, T{}).second;
  }
  auto begin() const noexcept { return all_.begin(); }
  auto end() const noexcept { return all_.end(); }
  std::size_t size() const noexcept { return all_.size(); }

 private:
  std::vector<std::pair<std::string_view, T>> all_;
};

/// Finds the variables of a parsed template: which slot each name is, which scope sets it, what it
/// is before. Jinja2's rules: a scope that sets a name has its own, which begins as the outer one;
/// a name that is read and never set comes from the context.
class binder {
 public:
  binder(program& home, const names_known& known) : in_(home.memory), home_(home), known_(known) {}
  /// Throws `failure`.
  unit* bind(const parsed& all);
  /// Names that are taken from the context.
  const std::set<std::string_view>& undeclared() const noexcept { return undeclared_; }

 private:
  enum class load : std::uint8_t { context, nothing, outer, given };
  struct symbol {
    std::uint32_t slot = 0;
    load from = load::context;
  };
  struct scope {
    scope* outer = nullptr;
    unit* own = nullptr;
    by_name<symbol> symbols{};
    by_name<bool> stores{};
    by_name<std::uint32_t> slots{};  ///< of all names it ever had
  };
  struct found {
    variable where;
    bool is_there = false;
  };
  struct state {
    bool is_soft = false, is_top = false, is_root = false;
  };

  // what a scope has, without what is in the scopes inside of it
  void define(scope& s, std::string_view name, load from);
  void read(scope& s, std::string_view name);
  void store(scope& s, std::string_view name);
  void give(scope& s, std::string_view name);
  void analyze(scope& s, const expr* e);
  void analyze(scope& s, const target& t, bool given);
  void analyze(scope& s, body all);
  void analyze(scope& s, const stmt& one);
  void analyze_condition(scope& s, const stmt& one);
  static found find(const scope* s, std::string_view name);
  std::span<reset> resets_of(const scope& s);
  std::span<visible_name> visible_from(const scope& s);

  // what each name is
  void bind(scope& s, expr* e, bool soft);
  void bind(scope& s, target& t, state now);
  void bind(scope& s, body all, state now);
  void bind(scope& s, stmt& one, state now);
  void bind_loop(scope& s, stmt& one, state now);
  void bind_macro(scope& s, stmt& one);
  void bind_inner(scope& s, stmt& one);
  void bind_with(scope& s, stmt& one, state now);
  void bind_block(stmt& one);
  void bind_imports(scope& s, stmt& one, state now);
  target copy(const target& of);
  scope inner_of(scope& s) { return {.outer = &s, .own = s.own}; }
  static bool mentions(body all, std::string_view name);
  static bool mentions(const stmt& one, std::string_view name);
  static bool mentions(const expr* e, std::string_view name);
  void refuse_loop_name(const target& t, const stmt& at);

  unit* make_unit(std::string_view name);

  arena& in_;
  program& home_;
  const names_known& known_;
  std::set<std::string_view> undeclared_;
  int loops_ = 0;
  bool extends_ = false;
};

}  // namespace jinja
