// Dotprompt's files: github.com/google/dotprompt, docs/reference, version 1.1.2.
#include "prompt/foreign.hpp"

namespace ark::prompt {

namespace {

namespace bj = boost::json;

/// `config`: generation parameters by Gemini's names.
void carry_config(bj::object& fields, bj::object& own, definition& out) {
  const auto found = fields.find("config");
  if (found == fields.end()) return;
  if (bj::object* config = found->value().if_object()) {
    bj::object ours;
    carry(*config, "maxOutputTokens", ours, "max_tokens");
    carry(*config, "temperature", ours, "temperature");
    carry(*config, "topP", ours, "top_p");
    carry(*config, "seed", ours, "seed");
    carry(*config, "stopSequences", ours, "stop");
    for (const auto& left : *config)
      note_left_out(out, "config." + std::string(left.key()), "no parameter of all vendors has it");
    if (!ours.empty()) own["parameters"] = std::move(ours);
  } else {
    note_left_out(out, "config", "it is no mapping");
  }
  fields.erase("config");
}

result<void> carry_input(bj::object& fields, bj::object& own, definition& out) {
  const auto found = fields.find("input");
  if (found == fields.end()) return {};
  bj::object* input = found->value().if_object();
  if (input == nullptr) return out.bad("input", "write it as a mapping of schema and default");
  carry(*input, "schema", own, "inputs");
  carry(*input, "default", own, "defaults");
  for (const auto& left : *input) note_left_out(out, "input." + std::string(left.key()), "unknown");
  fields.erase("input");
  return {};
}

result<void> carry_output(bj::object& fields, bj::object& own, definition& out) {
  const auto found = fields.find("output");
  if (found == fields.end()) return {};
  bj::object* output = found->value().if_object();
  if (output == nullptr) return out.bad("output", "write it as a mapping of format and schema");
  const bool has_schema = carry(*output, "schema", own, "output");
  if (const auto* format = output->if_contains("format")) {
    if (*format == "json" && !has_schema)
      own["output"] = bj::object{{"type", "object"}};
    else if (*format != "json" && *format != "text")
      note_left_out(out, "output.format", "only text and json are");
    output->erase("format");
  }
  for (const auto& left : *output)
    note_left_out(out, "output." + std::string(left.key()), "unknown");
  fields.erase("output");
  return {};
}

void carry_tools(bj::object& fields, bj::object& own, definition& out) {
  if (fields.erase("tools") != 0)
    note_left_out(out, "tools", "names of tools that the program defines; give them with the call");
  const auto found = fields.find("toolDefs");
  if (found == fields.end()) return;
  bj::array tools;
  if (bj::array* all = found->value().if_array()) {
    for (bj::value& each : *all) {
      bj::object* one = each.if_object();
      if (one == nullptr) continue;
      bj::object tool;
      carry(*one, "name", tool, "name");
      carry(*one, "description", tool, "description");
      carry(*one, "inputSchema", tool, "parameters");
      tools.emplace_back(std::move(tool));
    }
  }
  own["tools"] = std::move(tools);
  fields.erase("toolDefs");
}

}  // namespace

result<void> read_dotprompt(const split_file& parts, definition& out) {
  auto fields = foreign_fields(parts, out);
  if (!fields) return fields.error();
  bj::object own;
  for (const std::string_view same : {"name", "description", "model"})
    carry(*fields, same, own, same);
  carry_config(*fields, own, out);
  if (auto ok = carry_input(*fields, own, out); !ok) return ok.error();
  if (auto ok = carry_output(*fields, own, out); !ok) return ok.error();
  carry_tools(*fields, own, out);
  for (const auto& left : *fields)
    note_left_out(out, std::string(left.key()),
                  left.key() == "variant" ? "a variant is told by the file's name"
                                          : "it means something to other programs only");
  // The reference trims the body behind front matter, and only there.
  if (parts.has_front_matter) out.body = stripped(out.body);
  out.engine = engine::handlebars;
  return take_as_own(own, out);
}

}  // namespace ark::prompt
