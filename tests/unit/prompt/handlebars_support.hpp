#pragma once
#include <gtest/gtest.h>
#include <jinja/environment.hpp>
#include <jinja/value.hpp>

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "prompt/handlebars.hpp"

namespace ark::test::prompting {

namespace hb = ark::prompt::handlebars;
using partial_sources = std::map<std::string, std::string>;

/// A context read from JSON, each of a dict's members marked with 1 + its place.
inline jinja::value marked_context(jinja::arena& memory, std::string_view json) {
  const auto read = jinja::read_json(memory, json);
  EXPECT_TRUE(read.has_value()) << json;
  if (!read) return {};
  if (!read->is(jinja::kind::dict)) return jinja::mark(memory, *read, 1);
  auto* out = jinja::make_dict(memory);
  std::uint32_t at = 0, origin = 0;
  while (const auto* e = read->entries().next(at))
    out->set(memory, e->key, jinja::mark(memory, e->item, ++origin));
  return jinja::value::of(out);
}

struct setting {
  hb::dialect how = hb::dialect::handlebars;
  partial_sources partials{};
  std::string data = "{}";
  jinja::limits limits{};
};

/// Gives the pieces of a rendering; the message of an error, or "".
inline std::string render_pieces(std::string_view source, std::string_view json,
                                 const setting& with, const prompt::piece_sink& out) {
  const auto made = hb::compile(source, "t", with.how);
  if (!made) return made.error().message;
  std::map<std::string, hb::program, std::less<>> compiled;
  for (const auto& [name, text] : with.partials) {
    auto partial = hb::compile(text, name, with.how);
    if (!partial) return partial.error().message;
    compiled.emplace(name, std::move(*partial));
  }
  jinja::arena memory;
  hb::inputs inputs;
  inputs.context = marked_context(memory, json);
  inputs.data = *jinja::read_json(memory, with.data);
  inputs.limits = with.limits;
  inputs.partials = [&](std::string_view name) -> const hb::program* {
    const auto found = compiled.find(name);
    return found == compiled.end() ? nullptr : &found->second;
  };
  const auto done = made->render(inputs, out);
  return done ? "" : done.error().message;
}

/// The text with "<role system>" for marks; "error: .." if it fails.
inline std::string rendered(std::string_view source, std::string_view json = "{}",
                            const setting& with = {}) {
  static constexpr const char* names[] = {"role",    "open",    "close",      "media",
                                          "history", "section", "end_section"};
  std::string out;
  const std::string problem = render_pieces(source, json, with, [&](const prompt::piece& p) {
    if (p.mark == nullptr) {
      out += p.text;
      return;
    }
    out += std::string("<") + names[static_cast<int>(p.mark->kind)];
    if (!p.mark->name.empty()) out += ' ' + p.mark->name;
    for (const auto& [key, value] : p.mark->attributes) out += ' ' + key + '=' + value;
    if (p.mark->origin != 0) out += " from " + std::to_string(p.mark->origin);
    out += '>';
  });
  return problem.empty() ? out : "error: " + problem;
}

/// "0:Hi |1:Ann|": which bytes come from where; 4294967295 is written `mixed`.
inline std::string origins_of(std::string_view source, std::string_view json,
                              const setting& with = {}) {
  std::string out;
  render_pieces(source, json, with, [&](const prompt::piece& p) {
    out += p.origin == prompt::mixed_origin ? "mixed" : std::to_string(p.origin);
    out += ':' + std::string(p.text) + '|';
  });
  return out;
}

}  // namespace ark::test::prompting
