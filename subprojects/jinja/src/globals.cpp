// Functions that every template has.
#include <algorithm>

#include "objects.hpp"
#include "taker.hpp"

namespace jinja {
namespace {

class function final : public object {
 public:
  function(std::string_view name, native_function run) : name_(name), run_(run) {}
  std::string_view type_name() const noexcept override { return "function"; }
  bool is_callable() const noexcept override { return true; }
  value call(rendering& r, const arguments& given) const override {
    return run_(static_cast<machine&>(r), given);
  }
  std::string repr(rendering&) const override { return "<function " + std::string(name_) + ">"; }

 private:
  std::string_view name_;
  native_function run_;
};

value make_range(machine& m, const arguments& given) {
  const auto& p = given.positional;
  if (!given.named.empty()) m.fail(failure_kind::type, "range() takes no keyword arguments");
  if (p.empty() || p.size() > 3)
    m.fail(failure_kind::type, "range expected 1 to 3 arguments, got " + std::to_string(p.size()));
  const std::int64_t from = p.size() > 1 ? index_number(m, p[0]) : 0;
  const std::int64_t to = index_number(m, p[p.size() > 1 ? 1 : 0]);
  const std::int64_t by = p.size() > 2 ? index_number(m, p[2]) : 1;
  if (by == 0) m.fail(failure_kind::value, "range() arg 3 must not be zero");
  constexpr std::int64_t far = INT64_MAX / 4;
  if (from > far || from < -far || to > far || to < -far || by > far || by < -far)
    m.fail(failure_kind::overflow, "the range is too large");
  const auto* made = m.memory().make<range>(from, to, by);
  const std::size_t most = m.most().range;
  if (m.how().mutation != mutation::everything && most > 0 &&
      static_cast<std::uint64_t>(made->size()) > most)
    m.fail(failure_kind::overflow,
           "Range too big. The sandbox blocks ranges larger than MAX_RANGE (" +
               std::to_string(most) + ").");
  return value::of(made);
}

/// dict(...) and namespace(...): a mapping or pairs, then names.
dict* gathered_dict(machine& m, const arguments& given, std::string_view name) {
  if (given.positional.size() > 1)
    m.fail(failure_kind::type, std::string(name) + " expected at most 1 argument, got " +
                                   std::to_string(given.positional.size()));
  dict* made = make_dict(m.memory());
  const value self = value::of(made);
  methods_named("update")->of_dict(m, self, given);
  return made;
}

value make_dict_of(machine& m, const arguments& given) {
  return value::of(gathered_dict(m, given, "dict"));
}
value make_namespace(machine& m, const arguments& given) {
  return value::of(m.memory().make<name_space>(gathered_dict(m, given, "namespace")));
}

/// `cycler("a", "b")`.
class cycler final : public object {
 public:
  explicit cycler(list* items) : items_(items) {}
  std::string_view type_name() const noexcept override { return "Cycler"; }
  value attribute(rendering& r, std::string_view name) const override;
  value next() const { return (*items_)[at_++ % items_->size]; }
  void reset() const { at_ = 0; }

 private:
  list* items_;
  mutable std::uint32_t at_ = 0;
};

class cycler_method final : public object {
 public:
  cycler_method(const cycler& of, bool next) : of_(of), next_(next) {}
  std::string_view type_name() const noexcept override { return "method"; }
  bool is_callable() const noexcept override { return true; }
  value call(rendering&, const arguments&) const override {
    if (next_) return of_.next();
    of_.reset();
    return value::none();
  }

 private:
  const cycler& of_;
  bool next_;
};

value cycler::attribute(rendering& r, std::string_view name) const {
  if (name == "current") return (*items_)[at_ % items_->size];
  if (name == "next" || name == "reset")
    return value::of(r.memory().make<cycler_method>(*this, name == "next"));
  return {};
}

value make_cycler(machine& m, const arguments& given) {
  if (given.positional.empty())
    m.fail(failure_kind::runtime, "at least one item has to be provided");
  return value::of(m.memory().make<cycler>(make_list(m.memory(), given.positional)));
}

class joiner final : public object {
 public:
  explicit joiner(value between) : between_(between) {}
  std::string_view type_name() const noexcept override { return "Joiner"; }
  bool is_callable() const noexcept override { return true; }
  value call(rendering&, const arguments&) const override {
    if (std::exchange(used_, true)) return between_;
    return value::of("");
  }

 private:
  value between_;
  mutable bool used_ = false;
};

value make_joiner(machine& m, const arguments& given) {
  const taker t(m, "joiner", given, {"sep"});
  return value::of(m.memory().make<joiner>(t.has(0) ? t[0] : value::of(", ")));
}

/// Words that mean nothing, for layouts. The same ones each time: rendering is pure.
value lipsum(machine& m, const arguments& given) {
  const taker t(m, "lipsum", given, {"n", "html", "min", "max"});
  const std::int64_t n = std::clamp<std::int64_t>(t.number(0, 5), 0, 1000);
  const bool html = t.flag(1, true);
  constexpr std::string_view text =
      "Lorem ipsum dolor sit amet consectetuer adipiscing elit sed do eiusmod tempor.";
  std::string out;
  for (std::int64_t i = 0; i < n; ++i) {
    if (i > 0) out += html ? "\n" : "\n\n";
    out += html ? "<p>" + std::string(text) + "</p>" : std::string(text);
  }
  return m.text_of(out).safe(html);
}

}  // namespace

value make_function(machine& m, std::string_view name, native_function run) {
  return value::of(m.memory().make<function>(name, run));
}

namespace {
constexpr std::pair<std::string_view, native_function> builtins[] = {
    {"range", make_range},   {"dict", make_dict_of},  {"namespace", make_namespace},
    {"cycler", make_cycler}, {"joiner", make_joiner}, {"lipsum", lipsum}};
}

value builtin_global(machine& m, std::string_view name) {
  for (const auto& [known, run] : builtins)
    if (name == known) return make_function(m, known, run);
  return {};
}

bool is_builtin_global(std::string_view name) noexcept {
  return std::any_of(std::begin(builtins), std::end(builtins),
                     [&](const auto& each) { return each.first == name; });
}

}  // namespace jinja
