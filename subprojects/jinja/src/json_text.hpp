#pragma once
#include "machine.hpp"

namespace jinja {

struct json_style {
  bool ascii = true, sort_keys = false, html_safe = false;
  bool has_indent = false;
  std::string indent;
  std::string between = ", ", colon = ": ";
};
/// As Python's json.dumps writes it; keeps what came from outside marked.
value json_text(machine& m, const value& v, const json_style& how);

}  // namespace jinja
