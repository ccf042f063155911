#pragma once
#include <array>
#include <initializer_list>
#include <string>
#include <string_view>

#include "big_int.hpp"
#include "machine.hpp"

namespace jinja {

/// Reads the arguments of a filter, test, method or function by their names, as Python binds them.
class taker {
 public:
  /// `names`: of the parameters, in order. Anything else that is given is a TypeError.
  taker(machine& m, std::string_view callee, std::span<const value> positional,
        std::span<const named_argument> named, std::initializer_list<std::string_view> names);
  taker(machine& m, std::string_view callee, const call_of& c,
        std::initializer_list<std::string_view> names)
      : taker(m, callee, c.positional, c.named, names) {}
  taker(machine& m, std::string_view callee, const arguments& a,
        std::initializer_list<std::string_view> names)
      : taker(m, callee, a.positional, a.named, names) {}

  bool has(std::size_t i) const noexcept { return !given_[i].is_missing(); }
  /// Missing if it was not given.
  const value& operator[](std::size_t i) const noexcept { return given_[i]; }
  const value& required(std::size_t i) const;
  bool flag(std::size_t i, bool otherwise) const {
    return has(i) ? m_.truth(given_[i]) : otherwise;
  }
  /// A whole number; TypeError for anything else.
  std::int64_t number(std::size_t i, std::int64_t otherwise) const;
  /// A text; TypeError for anything else.
  value text(std::size_t i, value otherwise) const;

 private:
  machine& m_;
  std::string_view callee_;
  std::array<value, 5> given_;
};

/// A whole number that fits; undefined and other types fail as Python's `__index__` does.
std::int64_t index_number(machine& m, const value& v);

}  // namespace jinja
