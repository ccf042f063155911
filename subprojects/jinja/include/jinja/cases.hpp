#pragma once
#include <string>
#include <string_view>

namespace jinja {

/// Renders one case, a JSON object with "id", "template", "context" and, if they are there,
/// "templates" (what includes load) and "env": "profile" ("plain" or "hf": chat templates, with the
/// clock at 2026-03-14 09:26:53), "trim_blocks", "lstrip_blocks", "keep_trailing_newline",
/// "autoescape", "undefined" ("default", "strict", "chainable", "debug"), "sandbox" ("none",
/// "sandboxed", "immutable"), "extensions" ("loopcontrols", "do", "generation") and "syntax". Gives
/// JSON: {"id", "output"} or {"id", "error": {"phase", "class", "line", "message"}}.
std::string run_case(std::string_view json);

}  // namespace jinja
