#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <variant>

namespace jinja {

/// What went wrong, by the name that Jinja2 or Python gives the exception.
enum class failure_kind : std::uint8_t {
  syntax,         ///< TemplateSyntaxError
  assertion,      ///< TemplateAssertionError: a name that cannot be, found while compiling
  python_syntax,  ///< SyntaxError: what Python's own compiler would refuse
  runtime,        ///< TemplateRuntimeError
  raised,         ///< TemplateError: `raise_exception` was called
  undefined,      ///< UndefinedError
  security,       ///< SecurityError
  not_found,      ///< TemplateNotFound
  argument,       ///< FilterArgumentError
  type,           ///< TypeError
  value,          ///< ValueError
  attribute,      ///< AttributeError
  key,            ///< KeyError
  index,          ///< IndexError
  zero_division,  ///< ZeroDivisionError
  overflow,       ///< OverflowError
  recursion,      ///< RecursionError
  lookup,         ///< LookupError
  assert_,        ///< AssertionError
  limit,          ///< a limit of this library: steps, output, memory
};
/// "TemplateSyntaxError"; a limit's is "LimitError".
const char* class_name(failure_kind kind) noexcept;

/// An error with its place. Values throughout; nothing is thrown out of this library.
struct error {
  failure_kind kind = failure_kind::runtime;
  std::string message;       ///< a sentence
  std::string name;          ///< the template's; "" for one that was compiled from a string
  std::uint32_t line = 0;    ///< from 1; 0: not known
  std::uint32_t column = 0;  ///< from 1, in code points; 0: not known
  std::string source_line;   ///< the line itself
  bool at_render = false;    ///< found while rendering, not while compiling

  /// "page.txt:3:7: TypeError: ...", with the line below it.
  std::string to_string() const;
};

/// A value or an error.
template <class T>
class [[nodiscard]] result {
 public:
  result(T made) : held_(std::in_place_index<0>, std::move(made)) {}
  result(jinja::error why) : held_(std::in_place_index<1>, std::move(why)) {}
  explicit operator bool() const noexcept { return held_.index() == 0; }
  const T& operator*() const& { return std::get<0>(held_); }
  T& operator*() & { return std::get<0>(held_); }
  T&& operator*() && { return std::get<0>(std::move(held_)); }
  const T* operator->() const { return &std::get<0>(held_); }
  T* operator->() { return &std::get<0>(held_); }
  const jinja::error& error() const { return std::get<1>(held_); }

 private:
  std::variant<T, jinja::error> held_;
};

}  // namespace jinja
