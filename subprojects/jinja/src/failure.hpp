#pragma once
#include <cstdint>
#include <string>

#include "jinja/error.hpp"

namespace jinja {

/// Thrown inside of this library, as an expression may fail at any depth; caught where it is
/// entered.
struct failure {
  error why;
};

[[noreturn]] inline void refuse(failure_kind kind, std::string message, std::uint32_t line,
                                std::uint32_t offset) {
  error e;
  e.kind = kind;
  e.message = std::move(message);
  e.line = line;
  e.column = offset;  // the compiler makes a column of it
  throw failure{std::move(e)};
}

}  // namespace jinja
