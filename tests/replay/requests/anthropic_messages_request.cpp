#include "anthropic_messages_request.hpp"

#include <algorithm>

namespace ark::test::requests {
namespace {

class messages_reader : public request_reader {
 public:
  void body(const json::object& body);

 private:
  bool sampling(std::string_view name, const json::value& value);
  void system_prompt(const json::value& value);
  void one_message(const json::object& m);
  void block(const json::object& b, message& into);
  void image_block(const json::object& b, message& into);
  void document_block(const json::object& b, message& into);
  void thinking_block(const json::object& b, message& into);
  void call_block(const json::object& b, message& into);
  void result_block(const json::object& b, message& into);
  std::string only_texts(std::string_view path, const json::value& value);
  void thinking(const json::object& asked, const json::object& body);
  void output_config(const json::object& config);
  bool format(const json::object& f);
  void tool(const json::object& t);
  void tool_choice(const json::object& choice);
  /// All members but `known` are beyond.
  void others(std::string_view path, const json::object& o,
              std::initializer_list<std::string_view> known);

  json::array own_tools_;  ///< that the vendor runs
};

void messages_reader::others(std::string_view path, const json::object& o,
                             std::initializer_list<std::string_view> known) {
  for (const auto& [name, value] : o)
    if (!value.is_null() && std::find(known.begin(), known.end(), name) == known.end())
      beyond(path, name, value);
}

void messages_reader::body(const json::object& body) {
  // The system prompt is a call's first message, wherever it stands in the object.
  if (const auto* prompt = body.if_contains("system")) system_prompt(*prompt);
  for (const auto& [name, value] : body) {
    const auto* members = value.if_object();
    const auto* list = value.if_array();
    if (value.is_null() || name == "system" || sampling(name, value)) continue;
    if (name == "messages" && list != nullptr) {
      for (const json::value& m : *list)
        if (const auto* found = object("messages[]", m)) one_message(*found);
    } else if (name == "tools" && list != nullptr) {
      for (const json::value& t : *list)
        if (const auto* found = object("tools[]", t)) tool(*found);
      if (!own_tools_.empty()) extra("tools", own_tools_);
    } else if (name == "tool_choice" && members != nullptr) {
      tool_choice(*members);
    } else if (name == "thinking" && members != nullptr) {
      thinking(*members, body);
    } else if (name == "output_config" && members != nullptr) {
      output_config(*members);
    } else {
      extra(name, value);
    }
  }
}

bool messages_reader::sampling(std::string_view name, const json::value& value) {
  call& c = read_.asked;
  const auto* members = value.if_object();
  if (name == "model") {
    read_.model = text(name, value);
  } else if (name == "stream") {
    read_.streamed = boolean(name, value).value_or(false);
  } else if (name == "max_tokens") {
    c.max_tokens = integer(name, value);
  } else if (name == "temperature") {
    c.temperature = number(name, value);
  } else if (name == "top_p") {
    c.top_p = number(name, value);
  } else if (name == "stop_sequences") {
    c.stop = texts(name, value);
  } else if (name == "service_tier") {
    c.service_tier = text(name, value);
  } else if (name == "metadata" && members && members->size() == 1 &&
             members->contains("user_id")) {
    c.end_user = text("metadata.user_id", members->at("user_id"));
  } else {
    return false;
  }
  return true;
}

void messages_reader::system_prompt(const json::value& value) {
  message made{.role = role::system};
  if (value.is_string()) {
    made.parts.emplace_back(text_part{std::string(value.get_string())});
  } else if (const auto* list = value.if_array()) {
    for (const json::value& item : *list) {
      const auto* b = object("system[]", item);
      if (b == nullptr) continue;
      others("system[]", *b, {"type", "text", "cache_control"});
      if (const auto* t = b->if_contains("text"))
        made.parts.emplace_back(text_part{text("system[].text", *t)});
      // A mark ends a message: what follows is another one.
      if (const auto* mark = b->if_contains("cache_control"); mark && !mark->is_null()) {
        made.cache = cache("system[]", *mark);
        read_.asked.messages.push_back(std::move(made));
        made = message{.role = role::system};
      }
    }
  }
  if (!made.parts.empty()) read_.asked.messages.push_back(std::move(made));
}

void messages_reader::one_message(const json::object& m) {
  message made;
  const auto* who = m.if_contains("role");
  const auto* content = m.if_contains("content");
  if (who == nullptr || content == nullptr || (*who != "user" && *who != "assistant"))
    return beyond("messages[]", "role", who != nullptr ? *who : json::value());
  others("messages[]", m, {"role", "content"});
  made.role = *who == "user" ? role::user : role::assistant;
  if (content->is_string()) {
    made.parts.emplace_back(text_part{std::string(content->get_string())});
  } else if (const auto* blocks = array("messages[].content", *content)) {
    for (const json::value& b : *blocks)
      if (const auto* found = object("messages[].content[]", b)) block(*found, made);
  }
  const auto is_result = [](const part& p) { return std::holds_alternative<tool_result_part>(p); };
  if (!made.parts.empty() && std::all_of(made.parts.begin(), made.parts.end(), is_result))
    made.role = role::tool;
  read_.asked.messages.push_back(std::move(made));
}

void messages_reader::block(const json::object& b, message& into) {
  const auto* type = b.if_contains("type");
  const std::string_view kind =
      type != nullptr && type->is_string() ? std::string_view(type->get_string()) : "";
  if (into.cache != cache_mark::none) beyond("messages[].content[].cache_control before the end");
  if (const auto* mark = b.if_contains("cache_control"); mark && !mark->is_null())
    into.cache = cache("messages[].content[]", *mark);
  if (kind == "text") {
    others("messages[].content[]", b, {"type", "text", "cache_control", "citations"});
    into.parts.emplace_back(text_part{text("text", b.at("text"))});
  } else if (kind == "image") {
    image_block(b, into);
  } else if (kind == "thinking") {
    thinking_block(b, into);
  } else if (kind == "document") {
    document_block(b, into);
  } else if (kind == "redacted_thinking" || kind == "server_tool_use" || kind == "mcp_tool_use" ||
             kind.ends_with("_tool_result")) {
    if (into.role != role::assistant) return beyond("messages[].content[]", "type", *type);
    into.parts.emplace_back(reasoning_part{.opaque = json::serialize(b)});
  } else if (kind == "tool_use") {
    call_block(b, into);
  } else if (kind == "tool_result") {
    result_block(b, into);
  } else {
    beyond("messages[].content[]", "type", type != nullptr ? *type : json::value());
  }
}

void messages_reader::image_block(const json::object& b, message& into) {
  constexpr std::string_view path = "messages[].content[] of type image";
  others(path, b, {"type", "source", "cache_control"});
  const auto* source = b.if_contains("source");
  const auto* s = source != nullptr ? object(path, *source) : nullptr;
  if (s == nullptr) return;
  const auto* type = s->if_contains("type");
  if (type != nullptr && *type == "url") {
    into.parts.emplace_back(image_part{.url = text(path, s->at("url"))});
  } else if (type != nullptr && *type == "base64") {
    into.parts.emplace_back(
        image_of_base64(path, text(path, s->at("media_type")), text(path, s->at("data"))));
  } else if (type != nullptr && *type == "file") {
    into.parts.emplace_back(image_part{.file_id = text(path, s->at("file_id"))});
  } else {
    beyond("image.source", "type", type != nullptr ? *type : json::value());
  }
}

void messages_reader::document_block(const json::object& b, message& into) {
  constexpr std::string_view path = "messages[].content[] of type document";
  others(path, b, {"type", "source", "title", "context", "citations", "cache_control"});
  const auto* source = b.if_contains("source");
  const auto* s = source != nullptr ? object(path, *source) : nullptr;
  const auto* type = s != nullptr ? s->if_contains("type") : nullptr;
  if (type == nullptr) return beyond("document.source of another form");
  document_part made;
  if (*type == "base64")
    made = media_of_base64<document_part>(path, text(path, s->at("media_type")),
                                          text(path, s->at("data")));
  else if (*type == "text")
    made = {.bytes = text(path, s->at("data")), .media_type = text(path, s->at("media_type"))};
  else if (*type == "url")
    made.url = text(path, s->at("url"));
  else if (*type == "file")
    made.file_id = text(path, s->at("file_id"));
  else
    return beyond("document.source", "type", *type);
  if (const auto* title = b.if_contains("title")) made.name = text(path, *title);
  if (const auto* context = b.if_contains("context")) made.context = text(path, *context);
  if (const auto* cite = b.if_contains("citations"); cite && cite->is_object())
    made.citations = cite->get_object() == json::object{{"enabled", true}};
  into.parts.emplace_back(std::move(made));
}

void messages_reader::thinking_block(const json::object& b, message& into) {
  constexpr std::string_view path = "messages[].content[] of type thinking";
  others(path, b, {"type", "thinking", "signature"});
  reasoning_part made;
  if (const auto* t = b.if_contains("thinking")) made.text = text(path, *t);
  if (const auto* s = b.if_contains("signature")) made.signature = text(path, *s);
  into.parts.emplace_back(std::move(made));
}

void messages_reader::call_block(const json::object& b, message& into) {
  constexpr std::string_view path = "messages[].content[] of type tool_use";
  others(path, b, {"type", "id", "name", "input", "cache_control"});
  tool_call_part made;
  if (const auto* id = b.if_contains("id")) made.id = text(path, *id);
  if (const auto* name = b.if_contains("name")) made.name = text(path, *name);
  if (const auto* input = b.if_contains("input")) made.arguments = json::serialize(*input);
  into.parts.emplace_back(std::move(made));
}

void messages_reader::result_block(const json::object& b, message& into) {
  constexpr std::string_view path = "messages[].content[] of type tool_result";
  others(path, b, {"type", "tool_use_id", "content", "is_error", "cache_control"});
  tool_result_part made;
  if (const auto* id = b.if_contains("tool_use_id")) made.tool_call_id = text(path, *id);
  if (const auto* failed = b.if_contains("is_error"))
    made.is_error = boolean(path, *failed).value_or(false);
  if (const auto* content = b.if_contains("content")) made.text = only_texts(path, *content);
  into.parts.emplace_back(std::move(made));
}

/// A text, or a list of one text block.
std::string messages_reader::only_texts(std::string_view path, const json::value& value) {
  const auto* blocks = value.if_array();
  if (blocks == nullptr) return text(path, value);
  if (blocks->size() != 1) {
    beyond(std::string(path) + ": not one block");
    return {};
  }
  const auto* b = object(path, blocks->front());
  if (b == nullptr) return {};
  if (const auto* type = b->if_contains("type"); type == nullptr || *type != "text") {
    beyond(std::string(path) + ".content[]", "type", type != nullptr ? *type : json::value());
    return {};
  }
  others(std::string(path) + ".content[]", *b, {"type", "text"});
  return text(path, b->at("text"));
}

// --- thinking, format, tools

/// Adaptive thinking is a call's effort, which stands in output_config.
void messages_reader::thinking(const json::object& asked, const json::object& body) {
  const auto* type = asked.if_contains("type");
  const auto* budget = asked.if_contains("budget_tokens");
  const auto* config = body.if_contains("output_config");
  const bool has_effort =
      config != nullptr && config->is_object() && config->get_object().contains("effort");
  if (type != nullptr && *type == "disabled" && asked.size() == 1)
    read_.asked.reasoning = reasoning_effort::none;
  else if (type != nullptr && *type == "enabled" && asked.size() == 2 && budget != nullptr)
    read_.asked.reasoning_budget_tokens = integer("thinking.budget_tokens", *budget);
  else if (!has_effort)
    extra("thinking", json::value(asked));
  else if (type == nullptr || *type != "adaptive" || asked.size() != 1)
    beyond("thinking of another form beside output_config.effort");
}

void messages_reader::output_config(const json::object& config) {
  for (const auto& [name, value] : config) {
    if (name == "effort") {
      const auto effort = value.is_string() ? effort_of(value.get_string()) : std::nullopt;
      if (effort)
        read_.asked.reasoning = *effort;
      else
        beyond("output_config.effort of another word");
    } else if (name == "format" && value.is_object()) {
      if (!format(value.get_object())) beyond("output_config.format of another form");
    } else {
      beyond("output_config", name, value);
    }
  }
}

bool messages_reader::format(const json::object& f) {
  const auto* type = f.if_contains("type");
  const auto* schema = f.if_contains("schema");
  if (type == nullptr || *type != "json_schema" || schema == nullptr || f.size() != 2) return false;
  read_.asked.response_format.kind = response_format_kind::json_schema;
  read_.asked.response_format.schema = json::serialize(*schema);
  return true;
}

void messages_reader::tool(const json::object& t) {
  const auto* type = t.if_contains("type");
  if (type != nullptr && !type->is_null() && *type != "custom") {
    own_tools_.emplace_back(t);
    return;
  }
  others("tools[]", t, {"type", "name", "description", "input_schema", "strict", "cache_control"});
  tool_definition made;
  if (const auto* mark = t.if_contains("cache_control"); mark && !mark->is_null())
    made.cache = cache("tools[]", *mark);
  if (const auto* name = t.if_contains("name")) made.name = text("tools[].name", *name);
  if (const auto* about = t.if_contains("description"); about && !about->is_null())
    made.description = text("tools[].description", *about);
  if (const auto* schema = t.if_contains("input_schema"))
    made.parameters = json::serialize(*schema);
  if (const auto* strict = t.if_contains("strict"))
    made.strict = boolean("tools[].strict", *strict).value_or(false);
  read_.asked.tools.push_back(std::move(made));
}

void messages_reader::tool_choice(const json::object& choice) {
  auto& made = read_.asked.tool_choice;
  const auto* type = choice.if_contains("type");
  others("tool_choice", choice, {"type", "name", "disable_parallel_tool_use"});
  if (type != nullptr && *type == "any")
    made.mode = tool_choice_mode::required;
  else if (type != nullptr && *type == "none")
    made.mode = tool_choice_mode::none;
  else if (type != nullptr && *type == "tool")
    made = {.mode = tool_choice_mode::named, .name = text("tool_choice.name", choice.at("name"))};
  else if (type == nullptr || *type != "auto")
    beyond("tool_choice", "type", type != nullptr ? *type : json::value());
  const auto* serial = choice.if_contains("disable_parallel_tool_use");
  if (serial == nullptr) return;
  if (const auto is_serial = boolean("disable_parallel_tool_use", *serial))
    read_.asked.parallel_tool_calls = !*is_serial;
}

}  // namespace

read_request read_anthropic_messages(const json::object& body) {
  messages_reader reader;
  reader.body(body);
  return reader.take();
}

}  // namespace ark::test::requests
