#pragma once
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "jinja/object.hpp"

namespace jinja {

class machine;

/// What a filter or test is given: the value it is applied to, and its arguments.
struct call_of {
  value subject;
  std::span<const value> positional;
  std::span<const named_argument> named;
};

struct filter_entry {
  std::string_view name;
  value (*run)(machine&, const call_of&) = nullptr;
  std::function<value(rendering&, const value&, const arguments&)> own{};  ///< a caller's
};
struct test_entry {
  std::string_view name;
  bool (*run)(machine&, const call_of&) = nullptr;
};

using method = value (*)(machine&, const value& self, const arguments&);
/// What Python's types have under one name; null: that type has none.
struct method_set {
  std::string_view name;
  method of_text = nullptr, of_list = nullptr, of_dict = nullptr, of_tuple = nullptr;
  method of_integer = nullptr, of_floating = nullptr;
  bool changes_list = false, changes_dict = false;
  bool empties_list = false;  ///< changes it, and Jinja2's immutable sandbox lets it
};
/// Null if no type has any.
const method_set* methods_named(std::string_view name) noexcept;

/// Jinja2's own, by name; null if there is none.
const filter_entry* builtin_filter(std::string_view name) noexcept;
const test_entry* builtin_test(std::string_view name) noexcept;

}  // namespace jinja
