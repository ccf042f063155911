#pragma once
#include <string>
#include <string_view>

#include "jinja/value.hpp"

namespace jinja {

enum class undefined_reason : std::uint8_t {
  variable,   ///< a name that has no value
  attribute,  ///< of a thing that has no such attribute or key
  item,       ///< of a thing that has no such item
  parameter,  ///< that a macro was not given
  condition,  ///< an inline `if` without `else`
  empty,      ///< `first` of nothing, and the like
  unsafe,     ///< an attribute that a sandbox does not give
  parent,     ///< `super()` where there is no other block
};

/// Why a value is undefined: what makes the sentence of an error.
struct undefined_info {
  undefined_reason reason = undefined_reason::variable;
  std::string_view name;
  value subject{}, key{};
};

}  // namespace jinja
