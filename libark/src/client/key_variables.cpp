#include "client/key_variables.hpp"

#include <algorithm>
#include <vector>

namespace ark {
namespace {

std::vector<std::string_view> names_between(std::string_view text, char mark) {
  std::vector<std::string_view> out;
  while (true) {
    const auto end = text.find(mark);
    out.push_back(text.substr(0, end));
    if (end == text.npos) return out;
    text.remove_prefix(end + 1);
  }
}

constexpr std::size_t needed_parts = 2;  // an id and its secret; a session token is for some

}  // namespace

std::optional<std::string> key_in_variables(
    std::string_view names,
    const std::function<std::optional<std::string>(std::string_view)>& lookup) {
  if (names.empty()) return std::nullopt;
  for (const std::string_view alternative : names_between(names, '|')) {
    const auto parts = names_between(alternative, '+');
    std::string joined;
    std::size_t found = 0;
    for (const std::string_view name : parts) {
      const auto text = lookup(name);
      if (!text || text->empty()) break;
      joined += (found++ > 0 ? ":" : "") + *text;
    }
    if (found >= std::min(parts.size(), needed_parts)) return joined;
  }
  return std::nullopt;
}

std::string key_variables_text(std::string_view names) {
  std::string out;
  for (const std::string_view alternative : names_between(names, '|')) {
    if (!out.empty()) out += ", or ";
    std::size_t at = 0;
    for (const std::string_view name : names_between(alternative, '+')) {
      if (at == 1) out += " and ";
      if (at >= needed_parts) out += " (and ";
      out += name;
      if (at++ >= needed_parts) out += ')';
    }
  }
  return out;
}

}  // namespace ark
