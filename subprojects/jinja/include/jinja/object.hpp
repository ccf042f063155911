#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "jinja/error.hpp"
#include "jinja/value.hpp"

namespace jinja {

struct named_argument {
  std::string_view name;
  value item;
};
struct arguments {
  std::span<const value> positional;
  std::span<const named_argument> named;
};

/// A rendering that runs: what objects, filters and functions may use of it.
class rendering {
 public:
  /// Where values are made; it is given back when the rendering ends.
  virtual arena& memory() noexcept = 0;
  /// Ends the rendering with an error at the place that is being rendered. Throws inside of this
  /// library; whoever renders gets it as a value.
  [[noreturn]] virtual void fail(failure_kind kind, std::string message) = 0;
  /// Counts work against the limit of steps.
  virtual void step(std::uint64_t many = 1) = 0;
  /// What whoever renders gave (`compiled::render`), for its own functions and filters.
  virtual const void* caller() const noexcept = 0;

 protected:
  ~rendering() = default;
};

class iterator;

/// Anything that is neither a plain value nor a container of this library: a caller's data behind
/// an interface, or what templates make (macros, namespaces, loops). Borrowed wherever it is used.
/// What is not overridden says "no such thing".
class object {
 public:
  /// Python's name of the type.
  virtual std::string_view type_name() const noexcept = 0;
  /// `thing.name`; missing if there is none. Names that begin with an underscore are never asked.
  virtual value attribute(rendering&, std::string_view name) const;
  /// `thing[key]`; missing if there is none.
  virtual value item(rendering&, const value& key) const;
  virtual bool is_callable() const noexcept { return false; }
  virtual value call(rendering&, const arguments& given) const;
  /// Null: it cannot be iterated.
  virtual const iterator* iterate(rendering&) const { return nullptr; }
  virtual std::optional<std::size_t> length(rendering&) const { return std::nullopt; }
  virtual bool truth(rendering& r) const { return length(r).value_or(1) != 0; }
  virtual bool is_mapping() const noexcept { return false; }
  virtual bool is_sequence() const noexcept { return false; }
  virtual bool equals(const value&) const { return false; }
  /// What is printed.
  virtual std::string text(rendering& r) const { return repr(r); }
  virtual std::string repr(rendering&) const;
  virtual bool is_iterator() const noexcept { return false; }
  /// A mark is not printed: it is told at its place among the segments. It may stand only where
  /// text goes straight to the output, not in what becomes a value (a macro, a `set` block).
  virtual bool is_mark() const noexcept { return false; }

 protected:
  ~object() = default;
};

/// Gives its values once.
class iterator : public object {
 public:
  std::string_view type_name() const noexcept override { return "generator"; }
  const iterator* iterate(rendering&) const override { return this; }
  bool is_iterator() const noexcept override { return true; }
  /// False at the end.
  virtual bool next(rendering& r, value& out) const = 0;

 protected:
  ~iterator() = default;
};

}  // namespace jinja
