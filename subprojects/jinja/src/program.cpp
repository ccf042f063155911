#include "program.hpp"

#include <algorithm>

#include "unicode.hpp"

namespace jinja {

void program::locate(error& why, std::uint32_t line, std::uint32_t offset) const {
  why.name = name;
  why.line = line;
  const std::string_view all(source);
  const std::size_t at = std::min<std::size_t>(offset, all.size());
  const auto before = at == 0 ? std::string_view::npos : all.rfind('\n', at - 1);
  const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
  const std::size_t end = std::min(all.find('\n', at), all.size());
  why.column = static_cast<std::uint32_t>(unicode::length(all.substr(begin, at - begin))) + 1;
  constexpr std::size_t longest = 500;
  why.source_line = all.substr(begin, std::min(end - begin, longest));
}

const char* class_name(failure_kind kind) noexcept {
  switch (kind) {
    case failure_kind::syntax:
      return "TemplateSyntaxError";
    case failure_kind::assertion:
      return "TemplateAssertionError";
    case failure_kind::python_syntax:
      return "SyntaxError";
    case failure_kind::runtime:
      return "TemplateRuntimeError";
    case failure_kind::raised:
      return "TemplateError";
    case failure_kind::undefined:
      return "UndefinedError";
    case failure_kind::security:
      return "SecurityError";
    case failure_kind::not_found:
      return "TemplateNotFound";
    case failure_kind::argument:
      return "FilterArgumentError";
    case failure_kind::type:
      return "TypeError";
    case failure_kind::value:
      return "ValueError";
    case failure_kind::attribute:
      return "AttributeError";
    case failure_kind::key:
      return "KeyError";
    case failure_kind::index:
      return "IndexError";
    case failure_kind::zero_division:
      return "ZeroDivisionError";
    case failure_kind::overflow:
      return "OverflowError";
    case failure_kind::recursion:
      return "RecursionError";
    case failure_kind::lookup:
      return "LookupError";
    case failure_kind::assert_:
      return "AssertionError";
    case failure_kind::limit:
      return "LimitError";
  }
  return "Error";
}

std::string error::to_string() const {
  std::string out = name.empty() ? "<template>" : name;
  if (line > 0) out += ":" + std::to_string(line);
  if (column > 0) out += ":" + std::to_string(column);
  out += ": " + std::string(class_name(kind)) + ": " + message;
  if (!source_line.empty()) out += "\n  " + source_line;
  return out;
}

}  // namespace jinja
