// Prompty's files: github.com/microsoft/prompty, the specification of version 2.
#include "prompt/foreign.hpp"

namespace ark::prompt {

namespace {

namespace bj = boost::json;

void carry_options(bj::object& options, bj::object& own, definition& out) {
  bj::object ours;
  carry(options, "temperature", ours, "temperature");
  if (!carry(options, "maxOutputTokens", ours, "max_tokens"))
    carry(options, "max_tokens", ours, "max_tokens");
  carry(options, "topP", ours, "top_p");
  carry(options, "seed", ours, "seed");
  carry(options, "stopSequences", ours, "stop");
  for (const auto& left : options)
    note_left_out(out, "model.options." + std::string(left.key()),
                  "no parameter of all vendors has it");
  if (!ours.empty()) own["parameters"] = std::move(ours);
}

/// `model: ID`, or a mapping of id, provider, connection and options. Keys and addresses are the
/// business of the vendor's row: a prompt cannot say where a call goes, nor read the environment.
void carry_model(bj::object& fields, bj::object& own, definition& out) {
  const auto found = fields.find("model");
  if (found == fields.end()) return;
  bj::object* model = found->value().if_object();
  if (model == nullptr) {
    own["model"] = std::move(found->value());
  } else {
    carry(*model, "id", own, "model");
    if (const auto options = model->find("options"); options != model->end()) {
      if (bj::object* all = options->value().if_object()) carry_options(*all, own, out);
      model->erase("options");
    }
    for (const auto& left : *model)
      note_left_out(out, "model." + std::string(left.key()),
                    "vendors, their addresses and keys are set outside of prompts");
  }
  fields.erase("model");
}

/// An input of Prompty's as a property of a JSON Schema.
bj::object property_of(bj::object& input, const std::string& field, definition& out) {
  bj::object property;
  std::string kind = "string";
  if (const auto* word = input.if_contains("kind"); word != nullptr && word->is_string())
    kind = std::string(word->as_string());
  else if (const auto* type = input.if_contains("type"); type != nullptr && type->is_string())
    kind = std::string(type->as_string());
  if (kind == "float") kind = "number";
  if (kind == "thread")
    property["type"] = "array";
  else if (kind == "image" || kind == "file" || kind == "audio")
    property["type"] = "string";
  else if (kind != "any")
    property["type"] = kind;
  carry(input, "description", property, "description");
  carry(input, "default", property, "default");
  carry(input, "enumValues", property, "enum");
  for (const std::string_view known : {"name", "kind", "type", "required", "example", "sample"})
    input.erase(known);
  for (const auto& left : input)
    note_left_out(out, field + "." + std::string(left.key()), "unknown");
  return property;
}

/// One input into the schema's properties.
void carry_one(bj::value& from, std::string name, const std::string& field, bj::object& properties,
               bj::array& required, definition& out) {
  bj::object* input = from.if_object();
  if (input == nullptr) {  // a plain value: the default, and its type
    const char* const type = from.is_bool()     ? "boolean"
                             : from.is_number() ? "number"
                             : from.is_array()  ? "array"
                                                : "string";
    properties[name] = bj::object{{"type", type}, {"default", from}};
    return;
  }
  if (const auto* own = input->if_contains("name"); own != nullptr && own->is_string())
    name = std::string(own->as_string());
  // Without `required` an input may be left out: so are the specification's own cases.
  const auto* needed = input->if_contains("required");
  const bool is_required = needed != nullptr && needed->is_bool() && needed->as_bool();
  if (is_required && !input->contains("default")) required.emplace_back(name);
  const auto* kind = input->if_contains("kind");
  if (kind != nullptr && *kind == "thread") out.threads.insert(name);
  properties[name] = property_of(*input, field, out);
}

void carry_inputs(bj::object& fields, bj::object& own, definition& out) {
  const auto found = fields.find("inputs");
  if (found == fields.end()) return;
  bj::object properties;
  bj::array required;
  if (bj::array* list = found->value().if_array()) {
    for (std::size_t i = 0; i < list->size(); ++i)
      carry_one((*list)[i], {}, "inputs[" + std::to_string(i) + "]", properties, required, out);
  } else if (bj::object* map = found->value().if_object()) {
    for (auto& each : *map) {
      const std::string name(each.key());
      carry_one(each.value(), name, "inputs." + name, properties, required, out);
    }
  }
  own["inputs"] = bj::object{
      {"type", "object"}, {"properties", std::move(properties)}, {"required", std::move(required)}};
  fields.erase("inputs");
}

/// `template: {format: {kind: jinja2}, parser: {kind: prompty}}`.
result<void> carry_template(bj::object& fields, definition& out) {
  const auto found = fields.find("template");
  if (found == fields.end()) return {};
  const bj::object* form = found->value().if_object();
  if (form == nullptr)
    return out.bad("template",
                   "Invalid template format: write a mapping of format and parser, as "
                   "{format: {kind: jinja2}, parser: {kind: prompty}}");
  const auto kind_of = [&](std::string_view name) -> std::string {
    const auto* part = form->if_contains(name);
    if (part == nullptr) return {};
    if (part->is_string()) return std::string(part->as_string());
    const auto* kind = part->is_object() ? part->as_object().if_contains("kind") : nullptr;
    return kind != nullptr && kind->is_string() ? std::string(kind->as_string()) : "";
  };
  const std::string format = kind_of("format"), parser = kind_of("parser");
  if (format == "mustache")
    out.engine = engine::mustache;
  else if (!format.empty() && format != "jinja2")
    return out.bad("template.format", "\"" + format + "\" is not read; jinja2 and mustache are");
  if (!parser.empty() && parser != "prompty")
    return out.bad("template.parser", "\"" + parser + "\" is not read; prompty is");
  fields.erase("template");
  return {};
}

void carry_tools(bj::object& fields, bj::object& own, definition& out) {
  const auto found = fields.find("tools");
  if (found == fields.end()) return;
  bj::array tools;
  const bj::array* all = found->value().if_array();
  for (std::size_t i = 0; all != nullptr && i < all->size(); ++i) {
    const std::string field = "tools[" + std::to_string(i) + "]";
    const bj::object* one = (*all)[i].if_object();
    const auto* kind = one == nullptr ? nullptr : one->if_contains("kind");
    if (kind == nullptr || *kind != "function") {
      note_left_out(out, field, "only tools of the kind function are");
      continue;
    }
    bj::object tool;
    if (const auto* name = one->if_contains("name")) tool["name"] = *name;
    if (const auto* text = one->if_contains("description")) tool["description"] = *text;
    bj::object properties;
    bj::array required;
    if (const auto* parameters = one->if_contains("parameters");
        parameters && parameters->is_array())
      for (bj::value each : parameters->as_array())
        carry_one(each, {}, field + ".parameters", properties, required, out);
    tool["parameters"] = bj::object{{"type", "object"},
                                    {"properties", std::move(properties)},
                                    {"required", std::move(required)}};
    tools.emplace_back(std::move(tool));
  }
  own["tools"] = std::move(tools);
  fields.erase("tools");
}

}  // namespace

result<void> read_prompty(const split_file& parts, definition& out) {
  auto fields = foreign_fields(parts, out);
  if (!fields) return fields.error();
  out.profile = profile::lenient;
  bj::object own;
  for (const std::string_view same : {"name", "description"}) carry(*fields, same, own, same);
  carry_model(*fields, own, out);
  carry_inputs(*fields, own, out);
  if (auto ok = carry_template(*fields, out); !ok) return ok.error();
  carry_tools(*fields, own, out);
  for (const auto& left : *fields)
    note_left_out(out, std::string(left.key()), "it means something to other programs only");
  out.body = stripped(out.body);
  return take_as_own(own, out);
}

}  // namespace ark::prompt
