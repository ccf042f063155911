#include "jinja/cases.hpp"

#include <map>

#include "jinja/environment.hpp"
#include "unicode.hpp"

namespace jinja {
namespace {

const value* member(const value& of, std::string_view name) {
  return of.is(kind::dict) ? of.entries().find(name) : nullptr;
}
bool is_on(const value& of, std::string_view name) {
  const value* v = member(of, name);
  return v != nullptr && v->is(kind::boolean) && v->boolean();
}
std::string text(const value& of, std::string_view name, std::string_view otherwise = {}) {
  const value* v = member(of, name);
  return std::string(v != nullptr && v->is_string() ? v->text() : otherwise);
}

std::string quoted(std::string_view s) {
  static constexpr char hex[] = "0123456789abcdef";
  std::string out = "\"";
  for (std::size_t at = 0; at < s.size();) {
    const char32_t c = unicode::decode(s, at);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += static_cast<char>(c);
    } else if (c < ' ' || (c >= 0xd800 && c < 0xe000)) {
      out += "\\u";
      for (int shift = 12; shift >= 0; shift -= 4) out += hex[c >> shift & 15];
    } else {
      unicode::append(out, c);
    }
  }
  return out + "\"";
}

void read_syntax(const value& from, syntax& to) {
  const std::pair<std::string_view, std::string*> all[] = {
      {"block_start_string", &to.block_begin},
      {"block_end_string", &to.block_end},
      {"variable_start_string", &to.variable_begin},
      {"variable_end_string", &to.variable_end},
      {"comment_start_string", &to.comment_begin},
      {"comment_end_string", &to.comment_end},
      {"line_statement_prefix", &to.line_statement},
      {"line_comment_prefix", &to.line_comment},
      {"newline_sequence", &to.newline}};
  for (const auto& [name, into] : all) *into = text(from, name, *into);
}

options read_options(const value& env) {
  options o;
  o.trim_blocks = is_on(env, "trim_blocks");
  o.lstrip_blocks = is_on(env, "lstrip_blocks");
  o.keep_trailing_newline = is_on(env, "keep_trailing_newline");
  o.autoescape = is_on(env, "autoescape");
  const std::string undefined = text(env, "undefined", "default"),
                    sandbox = text(env, "sandbox", "none");
  o.undefined = undefined == "strict"      ? undefined_policy::strict
                : undefined == "chainable" ? undefined_policy::chainable
                : undefined == "debug"     ? undefined_policy::debug
                                           : undefined_policy::lenient;
  o.mutation = sandbox == "immutable"   ? mutation::nothing
               : sandbox == "sandboxed" ? mutation::safe
                                        : mutation::everything;
  if (const value* all = member(env, "extensions"); all != nullptr && all->is_sequence())
    for (const value& each : all->items()) {
      if (!each.is_string()) continue;
      o.loop_controls = o.loop_controls || each.text() == "loopcontrols";
      o.do_statement = o.do_statement || each.text() == "do";
      o.generation = o.generation || each.text() == "generation";
      o.debug_statement = o.debug_statement || each.text() == "debug";
      o.translations = o.translations || each.text() == "i18n";
    }
  if (const value* s = member(env, "syntax")) read_syntax(*s, o.syntax);
  return o;
}

std::string error_json(const error& e) {
  return "{\"phase\":\"" + std::string(e.at_render ? "render" : "parse") + "\",\"class\":\"" +
         class_name(e.kind) +
         "\",\"line\":" + (e.line > 0 ? std::to_string(e.line) : std::string("null")) +
         ",\"message\":" + quoted(e.message) + "}";
}

}  // namespace

std::string run_case(std::string_view json) {
  arena memory;
  std::string problem;
  const auto row = read_json(memory, json, &problem);
  if (!row)
    return "{\"id\":null,\"error\":{\"phase\":\"read\",\"class\":\"ValueError\",\"line\":null,"
           "\"message\":" +
           quoted(problem) + "}}";
  const std::string head = "{\"id\":" + quoted(text(*row, "id")) + ",";
  const value* env = member(*row, "env");
  const value none = value::none();
  environment e(read_options(env != nullptr ? *env : none));
  constexpr std::int64_t fixed_clock = 1773480413;  // 2026-03-14 09:26:53
  if (env != nullptr && text(*env, "profile") == "hf")
    e.use_chat_functions([](const void*) { return fixed_clock; });
  if (const value* others = member(*row, "templates"))
    e.load_with([others](std::string_view name) -> std::optional<std::string> {
      const value* v = member(*others, name);
      return v != nullptr && v->is_string() ? std::optional(std::string(v->text())) : std::nullopt;
    });
  const auto made = e.compile(text(*row, "template"));
  if (!made) return head + "\"error\":" + error_json(made.error()) + "}";
  const value* context = member(*row, "context");
  const auto out = made->render(context != nullptr ? *context : none);
  if (!out) return head + "\"error\":" + error_json(out.error()) + "}";
  return head + "\"output\":" + quoted(*out) + "}";
}

}  // namespace jinja
