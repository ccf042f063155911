#include "gemini_interactions_request.hpp"

namespace ark::test::requests {
namespace {

bool is_typed(const json::value& value, std::string_view type) {
  const auto* members = value.if_object();
  const auto* found = members != nullptr ? members->if_contains("type") : nullptr;
  return found != nullptr && *found == json::value(type);
}

bool is_step(const json::value& value) {
  const auto* members = value.if_object();
  const auto* type = members != nullptr ? members->if_contains("type") : nullptr;
  if (type == nullptr || !type->is_string()) return false;
  const std::string_view word = type->get_string();
  return word != "text" && word != "image";
}

json::object step_of(json::array content) {
  return {{"type", "user_input"}, {"content", std::move(content)}};
}

json::array steps_of(const json::value& input) {
  if (input.is_string()) return {step_of({json::object{{"type", "text"}, {"text", input}}})};
  if (input.is_object() && !is_step(input)) return {step_of({input})};
  const auto* list = input.if_array();
  if (list == nullptr) return {input};
  json::array made, contents;
  for (const json::value& item : *list) {
    if (!is_step(item)) {
      contents.push_back(item);
      continue;
    }
    const auto* content = item.get_object().if_contains("content");
    const auto* inside = content != nullptr ? content->if_array() : nullptr;
    if (inside != nullptr && inside->size() == 1 && is_typed(inside->front(), "function_result"))
      made.push_back(inside->front());
    else
      made.push_back(item);
  }
  if (!contents.empty()) made.emplace_back(step_of(std::move(contents)));
  return made;
}

class interaction_reader : public request_reader {
 public:
  void body(const json::object& body);
  void spell(json::value body) { read_.spelled = std::move(body); }

 private:
  void step(const json::object& s);
  void content(const json::value& list, message& into);
  void image(const json::object& item, message& into);
  void result(const json::object& s);
  void config(const json::object& config);
  bool tool_choice(const json::value& choice);
  void tools(const json::array& list);
};

void interaction_reader::body(const json::object& body) {
  if (const auto* said = body.if_contains("system_instruction"))
    read_.asked.messages.push_back(system(text("system_instruction", *said)));
  for (const auto& [name, value] : body) {
    const auto* members = value.if_object();
    const auto* list = value.if_array();
    if (name == "model") {
      read_.model = text("model", value);
    } else if (name == "stream") {
      read_.streamed = boolean("stream", value).value_or(false);
    } else if (name == "input" && list != nullptr) {
      for (const json::value& s : *list)
        if (const auto* found = object("input[]", s)) step(*found);
    } else if (name == "generation_config" && members != nullptr) {
      config(*members);
    } else if (name == "tools" && list != nullptr) {
      tools(*list);
    } else if (name == "agent") {
      beyond("agent");
    } else if (name != "system_instruction") {
      extra(name, value);
    }
  }
}

void interaction_reader::step(const json::object& s) {
  if (is_typed(s, "function_result")) return result(s);
  message made{.role = is_typed(s, "model_output") ? role::assistant : role::user};
  if (made.role == role::user && !is_typed(s, "user_input"))
    return beyond("input[]", "type", s.at("type"));
  for (const auto& [name, value] : s) {
    if (name == "content")
      content(value, made);
    else if (name != "type")
      beyond("input[]", name, value);
  }
  read_.asked.messages.push_back(std::move(made));
}

void interaction_reader::content(const json::value& list, message& into) {
  const auto* items = array("input[].content", list);
  if (items == nullptr) return;
  for (const json::value& item : *items) {
    if (is_typed(item, "text"))
      into.parts.emplace_back(text_part{text("text", item.get_object().at("text"))});
    else if (is_typed(item, "image"))
      image(item.get_object(), into);
    else
      beyond("input[].content[] of another kind");
  }
}

void interaction_reader::image(const json::object& item, message& into) {
  std::string media, detail, data;
  for (const auto& [name, value] : item) {
    if (name == "mime_type")
      media = text("mime_type", value);
    else if (name == "resolution")
      detail = text("resolution", value);
    else if (name == "data")
      data = text("data", value);
    else if (name != "type")
      beyond("image", name, value);
  }
  image_part made = image_of_base64("image.data", media, data);
  made.detail = detail;
  into.parts.emplace_back(std::move(made));
}

void interaction_reader::result(const json::object& s) {
  tool_result_part made;
  for (const auto& [name, value] : s) {
    if (name == "call_id")
      made.tool_call_id = text("call_id", value);
    else if (name == "name")
      made.name = text("name", value);
    else if (name == "result")
      made.text = value.is_string() ? text("result", value) : json::serialize(value);
    else if (name == "is_error")
      made.is_error = boolean("is_error", value).value_or(false);
    else if (name != "type")
      beyond("function_result", name, value);
  }
  message m{.role = role::tool};
  m.parts.emplace_back(std::move(made));
  read_.asked.messages.push_back(std::move(m));
}

void interaction_reader::config(const json::object& config) {
  call& c = read_.asked;
  for (const auto& [name, value] : config) {
    if (name == "max_output_tokens") {
      c.max_tokens = integer(name, value);
    } else if (name == "temperature") {
      c.temperature = number(name, value);
    } else if (name == "thinking_level") {
      c.reasoning = effort_of(text(name, value)).value_or(reasoning_effort::unset);
    } else if (name != "tool_choice" || !tool_choice(value)) {
      extra(name, value);
    }
  }
}

bool interaction_reader::tool_choice(const json::value& choice) {
  auto& made = read_.asked.tool_choice;
  if (choice == "any") made.mode = tool_choice_mode::required;
  if (choice == "none") made.mode = tool_choice_mode::none;
  return choice == "any" || choice == "none" || choice == "auto";
}

/// Functions are a call's tools; those that the vendor runs are extra.
void interaction_reader::tools(const json::array& list) {
  json::array own;
  for (const json::value& item : list) {
    if (!is_typed(item, "function")) {
      own.push_back(item);
      continue;
    }
    tool_definition made;
    for (const auto& [name, value] : item.get_object()) {
      if (name == "name")
        made.name = text("tools[].name", value);
      else if (name == "description")
        made.description = text("tools[].description", value);
      else if (name == "parameters")
        made.parameters = json::serialize(value);
      else if (name != "type")
        beyond("tools[]", name, value);
    }
    read_.asked.tools.push_back(std::move(made));
  }
  if (!own.empty()) extra("tools", own);
}

}  // namespace

read_request read_gemini_interactions(const json::object& body) {
  json::object own = body;
  if (const auto* input = body.if_contains("input")) own["input"] = steps_of(*input);
  interaction_reader reader;
  reader.body(own);
  reader.spell(std::move(own));
  return reader.take();
}

}  // namespace ark::test::requests
