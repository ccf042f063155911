#include "openai_responses_request.hpp"

namespace ark::test::requests {
namespace {

json::value spelled_content(const json::value& content, bool by_model) {
  if (content.is_string() && by_model)
    return json::array{{{"type", "output_text"}, {"text", content.get_string()}}};
  const auto* list = content.if_array();
  if (by_model || list == nullptr || list->size() != 1) return content;
  const auto* p = list->front().if_object();
  if (p == nullptr || p->size() != 2 || !p->contains("type") || !p->contains("text"))
    return content;
  return p->at("type") == "input_text" ? p->at("text") : content;
}

json::value spelled_item(const json::value& item) {
  if (!item.is_object() || !item.get_object().contains("role")) return item;
  json::object made = item.get_object();
  made["type"] = "message";
  // Of the item: what points into `made` ends where `made` grows.
  const json::object& given = item.get_object();
  if (const auto* content = given.if_contains("content"))
    made["content"] = spelled_content(*content, given.at("role") == "assistant");
  return made;
}

/// One client left the form of chat completions in, beside the name: what it meant is this.
json::value spelled_tool(const json::value& tool) {
  const auto* given = tool.if_object();
  const auto* function = given != nullptr ? given->if_contains("function") : nullptr;
  if (function == nullptr || !function->is_object()) return tool;
  json::object made = function->get_object();
  made["type"] = "function";
  return made;
}

/// Functions, and behind them the vendor's own tools: the order has no meaning.
json::array spelled_tools(const json::array& tools) {
  json::array functions, own;
  for (const json::value& t : tools) {
    const bool is_function =
        t.is_object() && t.get_object().contains("type") && t.get_object().at("type") == "function";
    (is_function ? functions : own).push_back(spelled_tool(t));
  }
  for (json::value& t : own) functions.push_back(std::move(t));
  return functions;
}

json::object spelled_body(const json::object& body) {
  json::object made = body;
  if (const auto* tools = body.if_contains("tools"); tools && tools->is_array())
    made["tools"] = spelled_tools(tools->get_array());
  const auto* input = body.if_contains("input");
  if (input == nullptr) return made;
  if (input->is_string()) {
    made["input"] = json::array{{{"type", "message"}, {"role", "user"}, {"content", *input}}};
  } else if (const auto* list = input->if_array()) {
    json::array items;
    for (const json::value& item : *list) items.push_back(spelled_item(item));
    made["input"] = std::move(items);
  }
  return made;
}

class responses_reader : public request_reader {
 public:
  void body(const json::object& body);
  void spell(json::value body) { read_.spelled = std::move(body); }

 private:
  bool sampling(std::string_view name, const json::value& value);
  void item(const json::object& i);
  void said(const json::object& i);
  void content_part(const json::object& p, message& into);
  void image_item(const json::object& p, message& into);
  void file_item(const json::object& p, message& into);
  void function_call(const json::object& i);
  void function_output(const json::object& i);
  void tools(const json::array& list);
  void function(const json::object& t);
  bool tool_choice(const json::value& choice);
  void text_config(const json::object& config);
  bool format(const json::object& f);
  void reasoning(const json::object& asked);
  void add(role who, part p) {
    read_.asked.messages.push_back({.role = who, .parts = {std::move(p)}});
  }
};

void responses_reader::body(const json::object& body) {
  for (const auto& [name, value] : body) {
    const auto* members = value.if_object();
    const auto* list = value.if_array();
    if (value.is_null() || sampling(name, value)) continue;
    if (name == "input" && list != nullptr) {
      for (const json::value& i : *list)
        if (const auto* found = object("input[]", i)) item(*found);
    } else if (name == "tools" && list != nullptr) {
      tools(*list);
    } else if (name == "text" && members != nullptr) {
      text_config(*members);
    } else if (name == "reasoning" && members != nullptr) {
      reasoning(*members);
    } else if (name != "tool_choice" || !tool_choice(value)) {
      extra(name, value);
    }
  }
}

bool responses_reader::sampling(std::string_view name, const json::value& value) {
  call& c = read_.asked;
  if (name == "model")
    read_.model = text(name, value);
  else if (name == "stream")
    read_.streamed = boolean(name, value).value_or(false);
  else if (name == "max_output_tokens")
    c.max_tokens = integer(name, value);
  else if (name == "temperature")
    c.temperature = number(name, value);
  else if (name == "top_p")
    c.top_p = number(name, value);
  else if (name == "parallel_tool_calls")
    c.parallel_tool_calls = boolean(name, value);
  else if (name == "service_tier")
    c.service_tier = text(name, value);
  else if (name == "user")
    c.end_user = text(name, value);
  else
    return false;
  return true;
}

/// Each item is a message of its own; what has no part goes back as it is.
void responses_reader::item(const json::object& i) {
  const auto* type = i.if_contains("type");
  if (type == nullptr || !type->is_string()) return beyond("input[] without type");
  if (*type == "message") return said(i);
  if (*type == "function_call") return function_call(i);
  if (*type == "function_call_output") return function_output(i);
  if (*type == "item_reference") return beyond("input[]", "type", *type);
  add(role::assistant, reasoning_part{.opaque = json::serialize(i)});
}

void responses_reader::said(const json::object& i) {
  message made;
  bool known = false;
  for (const role r : {role::system, role::developer, role::user, role::assistant})
    if (i.at("role") == json::value(to_string(r))) {
      made.role = r;
      known = true;
    }
  if (!known) return beyond("input[]", "role", i.at("role"));
  for (const auto& [name, value] : i) {
    if (name == "content" && value.is_string()) {
      made.parts.emplace_back(text_part{std::string(value.get_string())});
    } else if (name == "content") {
      if (const auto* list = array("input[].content", value))
        for (const json::value& p : *list)
          if (const auto* found = object("input[].content[]", p)) content_part(*found, made);
    } else if (name != "role" && name != "type" && name != "id" && name != "status") {
      beyond("input[]", name, value);
    }
  }
  read_.asked.messages.push_back(std::move(made));
}

void responses_reader::content_part(const json::object& p, message& into) {
  constexpr std::string_view path = "input[].content[]";
  const auto* type = p.if_contains("type");
  if (type != nullptr && *type == "input_image") return image_item(p, into);
  if (type != nullptr && *type == "input_file") return file_item(p, into);
  const bool is_refusal = type != nullptr && *type == "refusal";
  if (type == nullptr || (*type != "input_text" && *type != "output_text" && !is_refusal))
    return beyond(path, "type", type != nullptr ? *type : json::value());
  for (const auto& [name, value] : p) {
    if (name == "text")
      into.parts.emplace_back(text_part{text(path, value)});
    else if (name == "refusal")
      into.parts.emplace_back(refusal_part{text(path, value)});
    else if (name != "type" && name != "annotations" && name != "logprobs")
      beyond(path, name, value);
  }
}

void responses_reader::image_item(const json::object& p, message& into) {
  constexpr std::string_view path = "input[].content[] of type input_image";
  image_part made;
  if (const auto* url = p.if_contains("image_url")) made = image(path, text(path, *url));
  for (const auto& [name, value] : p) {
    if (name == "detail")
      made.detail = text(path, value);
    else if (name == "file_id")
      made.file_id = text(path, value);
    else if (name != "type" && name != "image_url")
      beyond(path, name, value);
  }
  into.parts.emplace_back(std::move(made));
}

void responses_reader::file_item(const json::object& p, message& into) {
  constexpr std::string_view path = "input[].content[] of type input_file";
  document_part made;
  for (const char* const name : {"file_url", "file_data"})
    if (const auto* found = p.if_contains(name))
      made = media<document_part>(path, text(path, *found));
  for (const auto& [name, value] : p) {
    if (name == "filename")
      made.name = text(path, value);
    else if (name == "file_id")
      made.file_id = text(path, value);
    else if (name != "type" && name != "file_url" && name != "file_data")
      beyond(path, name, value);
  }
  into.parts.emplace_back(std::move(made));
}

void responses_reader::function_call(const json::object& i) {
  tool_call_part made;
  for (const auto& [name, value] : i) {
    if (name == "call_id")
      made.id = text("input[].call_id", value);
    else if (name == "name")
      made.name = text("input[].name", value);
    else if (name == "arguments")
      made.arguments = text("input[].arguments", value);
    else if (name != "type" && name != "id" && name != "status" && !value.is_null())
      beyond("input[] of type function_call", name, value);
  }
  add(role::assistant, std::move(made));
}

void responses_reader::function_output(const json::object& i) {
  tool_result_part made;
  for (const auto& [name, value] : i) {
    if (name == "call_id")
      made.tool_call_id = text("input[].call_id", value);
    else if (name == "output")
      made.text = text("input[].output", value);
    else if (name != "type" && name != "id" && name != "status" && !value.is_null())
      beyond("input[] of type function_call_output", name, value);
  }
  add(role::tool, std::move(made));
}

// --- parameters

void responses_reader::tools(const json::array& list) {
  json::array own;
  for (const json::value& item : list) {
    const auto* t = object("tools[]", item);
    if (t == nullptr) continue;
    const auto* type = t->if_contains("type");
    if (type != nullptr && *type == "function")
      function(*t);
    else
      own.push_back(item);
  }
  if (!own.empty()) extra("tools", own);
}

void responses_reader::function(const json::object& t) {
  tool_definition made;
  for (const auto& [name, value] : t) {
    if (value.is_null() || name == "type") continue;
    if (name == "name")
      made.name = text("tools[].name", value);
    else if (name == "description")
      made.description = text("tools[].description", value);
    else if (name == "parameters")
      made.parameters = json::serialize(value);
    else if (name == "strict")
      made.strict = boolean("tools[].strict", value).value_or(false);
    else
      beyond("tools[]", name, value);
  }
  read_.asked.tools.push_back(std::move(made));
}

bool responses_reader::tool_choice(const json::value& choice) {
  auto& made = read_.asked.tool_choice;
  if (choice == "auto") return true;
  if (choice == "none" || choice == "required") {
    made.mode = choice == "none" ? tool_choice_mode::none : tool_choice_mode::required;
    return true;
  }
  const auto* named = choice.if_object();
  if (named == nullptr || named->size() != 2 || !named->contains("type") ||
      !named->contains("name") || named->at("type") != "function")
    return false;
  made = {.mode = tool_choice_mode::named, .name = text("tool_choice.name", named->at("name"))};
  return true;
}

void responses_reader::text_config(const json::object& config) {
  json::object rest = config;
  if (const auto* f = config.if_contains("format"); f && f->is_object())
    if (format(f->get_object())) rest.erase("format");
  if (!rest.empty()) extra("text", rest);
}

bool responses_reader::format(const json::object& f) {
  auto& made = read_.asked.response_format;
  const auto* type = f.if_contains("type");
  const auto* strict = f.if_contains("strict");
  if (type != nullptr && *type == "json_object" && f.size() == 1) {
    made.kind = response_format_kind::json_object;
    return true;
  }
  const auto* about = f.if_contains("description");
  if (type == nullptr || *type != "json_schema" || !f.contains("name") || !f.contains("schema") ||
      f.size() != 3U + (strict != nullptr ? 1U : 0U) + (about != nullptr ? 1U : 0U))
    return false;
  if (about != nullptr) made.description = text("text.format.description", *about);
  made.kind = response_format_kind::json_schema;
  made.name = text("text.format.name", f.at("name"));
  made.schema = json::serialize(f.at("schema"));
  made.strict = strict != nullptr && *strict == true;
  return true;
}

void responses_reader::reasoning(const json::object& asked) {
  json::object rest = asked;
  if (const auto* effort = asked.if_contains("effort"); effort && effort->is_string())
    if (const auto known = effort_of(effort->get_string())) {
      read_.asked.reasoning = *known;
      rest.erase("effort");
    }
  if (!rest.empty()) extra("reasoning", rest);
}

}  // namespace

read_request read_openai_responses(const json::object& body) {
  json::object own = spelled_body(body);
  responses_reader reader;
  reader.body(own);
  reader.spell(std::move(own));
  return reader.take();
}

}  // namespace ark::test::requests
