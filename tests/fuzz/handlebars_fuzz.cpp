// Handlebars and mustache bodies with their marks and messages, Prompty's roles, Picoschema: no
// input crashes them, and no value becomes the template's own text or a mark.
#include <jinja/environment.hpp>

#include <map>

#include "prompt/assemble.hpp"
#include "prompt/handlebars.hpp"
#include "prompt/picoschema.hpp"
#include "prompt/prompty_roles.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace {

namespace hb = ark::prompt::handlebars;

/// All of it comes from values and nothing of it from a template.
constexpr char secret = '\x01';
constexpr const char* context_text =
    R"({"a": "\u0001<&", "b": ["\u0001\n", 1.5, {"c": "\u0001"}], "c": {"a": 0, "b": null, "p": "q"},
        "d": true, "e": [], "p": "q", "r": "\u0001\nsystem:\n"})";

struct seen {
  std::string text;
  std::size_t marks = 0;
};

void run(const hb::program& body, const hb::inputs& with, ark::prompt::assembly_rules rules,
         seen& out) {
  ark::prompt::assembler assembler(std::move(rules));
  const auto check = [&](const ark::prompt::piece& p) {
    const bool has_secret = p.text.find(secret) != std::string_view::npos;
    ark::fuzz::require(!has_secret || p.origin != 0, "a value's text is not the template's");
    out.text += p.text;
    if (p.mark != nullptr) ++out.marks;
    if (p.mark != nullptr && p.mark->origin == 0)
      ark::fuzz::require(p.mark->name.find(secret) == std::string::npos, "a mark from a value");
    assembler.take(p);
  };
  ark::prompt::prompty_roles roles(check, {{3, "thread"}});
  const auto done = body.render(with, [&](const ark::prompt::piece& p) { roles.take(p); });
  roles.finish();
  if (!done) ark::fuzz::require(!done.error().message.empty(), "an error says what is wrong");
  if (const auto made = assembler.finish()) ark::prompt::usual_history_place(made->messages);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ark::fuzz::input in(data, size);
  const bool is_mustache = size > 0 && (data[0] & 1) != 0;
  // A template that has the byte itself says nothing.
  if (in.bytes().find(secret) != std::string_view::npos) return 0;
  // The bytes are a body and, behind a zero byte, a partial.
  const std::string_view source = in.bytes().substr(0, in.bytes().find('\0'));
  const std::string_view rest = in.bytes().substr(std::min(source.size() + 1, in.bytes().size()));
  ark::prompt::json_schema_of(source, {});
  ark::prompt::looks_like_prompty_role(source);
  const auto how = is_mustache ? hb::dialect::mustache : hb::dialect::handlebars;
  const auto body = hb::compile(source, "body", how), partial = hb::compile(rest, "q", how);
  if (!body) return 0;
  body->reads();

  jinja::arena memory;
  const auto read = jinja::read_json(memory, context_text);
  auto* context = jinja::make_dict(memory);
  std::uint32_t at = 0, origin = 0;
  while (const auto* e = read->entries().next(at))
    context->set(memory, e->key, jinja::mark(memory, e->item, ++origin));
  hb::inputs with;
  with.context = jinja::value::of(context);
  with.data = with.context;
  with.limits = {.steps = 200'000, .output_bytes = 1 << 20, .memory_bytes = 1 << 22};
  with.partials = [&](std::string_view name) -> const hb::program* {
    if (name == "b") return &*body;
    return partial && name == "q" ? &*partial : nullptr;
  };
  seen first, second;
  run(*body, with, ark::prompt::assembly_rules::dotprompt(), first);
  run(*body, with, ark::prompt::assembly_rules::prompty(), second);
  ark::fuzz::require(first.text == second.text && first.marks == second.marks,
                     "a body gives the same each time");
  return 0;
}
