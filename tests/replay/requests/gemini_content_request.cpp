#include "gemini_content_request.hpp"

#include <algorithm>
#include <cctype>

namespace ark::test::requests {
namespace {

std::string camel_case(std::string_view name) {
  std::string made;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool joint = name[i] == '_' && i + 1 < name.size();
    if (joint) ++i;
    made += joint ? static_cast<char>(std::toupper(name[i])) : name[i];
  }
  return made;
}

bool is_schema(std::string_view name) { return name == "parameters" || name.ends_with("Schema"); }

/// What a caller writes is not spelled by the vendor.
bool is_free(std::string_view name) {
  return name == "args" || name == "response" || name == "labels" || is_schema(name);
}

bool is_list(std::string_view name) { return name == "parts" || name == "tools"; }

json::value small_types(const json::value& schema) {
  if (const auto* list = schema.if_array()) {
    json::array made;
    for (const json::value& item : *list) made.push_back(small_types(item));
    return made;
  }
  const auto* members = schema.if_object();
  if (members == nullptr) return schema;
  json::object made;
  for (const auto& [name, value] : *members) {
    made[name] = small_types(value);
    if (name != "type" || !value.is_string()) continue;
    std::string word(value.get_string());
    for (char& c : word) c = static_cast<char>(std::tolower(c));
    made[name] = word;
  }
  return made;
}

/// Functions, and behind them the vendor's own tools, each kind in an object of its own: neither
/// the order nor the grouping has a meaning.
json::value spelled_tools(const json::value& tools) {
  if (!tools.is_array()) return tools;
  json::array functions, own;
  for (const json::value& tool : tools.get_array()) {
    const auto* t = tool.if_object();
    if (t == nullptr || !t->contains("functionDeclarations")) {
      own.push_back(tool);
      continue;
    }
    functions.emplace_back(json::object{{"functionDeclarations", t->at("functionDeclarations")}});
    json::object rest = *t;
    rest.erase("functionDeclarations");
    if (!rest.empty()) own.emplace_back(std::move(rest));
  }
  for (json::value& tool : own) functions.push_back(std::move(tool));
  return functions;
}

/// The letters of URLs are taken as well, and the padding may be left out.
std::string plain_base64(std::string_view text) {
  std::string plain(text);
  for (char& c : plain) c = c == '-' ? '+' : c == '_' ? '/' : c;
  while (plain.size() % 4 != 0) plain += '=';
  return plain;
}

json::value spelled(const json::value& value) {
  if (const auto* list = value.if_array()) {
    json::array made;
    for (const json::value& item : *list) made.push_back(spelled(item));
    return made;
  }
  const auto* members = value.if_object();
  if (members == nullptr) return value;
  json::object made;
  for (const auto& [name, member] : *members) {
    const std::string own = camel_case(name);
    json::value said = is_schema(own) ? small_types(member)
                       : is_free(own) ? member
                                      : spelled(member);
    if (is_list(own) && said.is_object()) said = json::array{std::move(said)};
    if (own == "tools") said = spelled_tools(said);
    if (own == "data" && said.is_string()) said = plain_base64(said.get_string());
    made[own] = std::move(said);
  }
  return made;
}

class content_reader : public request_reader {
 public:
  void body(const json::object& body);
  void spell(json::value body) { read_.spelled = std::move(body); }

 private:
  void system_prompt(const json::object& prompt);
  void turn(const json::object& content);
  void part_of(const json::object& p, message& into);
  void data(std::string_view kind, const json::object& d, message& into);
  void function_call(const json::object& f, message& into);
  void function_response(const json::object& f, message& into);
  void config(const json::object& config);
  bool sampling(std::string_view name, const json::value& value);
  void format(const json::object& config);
  bool thinking(const json::object& asked);
  void tools(const json::array& list);
  void declaration(const json::object& d);
  bool tool_choice(const json::object& config);
};

void content_reader::body(const json::object& body) {
  if (const auto* prompt = body.if_contains("systemInstruction"); prompt && prompt->is_object())
    system_prompt(prompt->get_object());
  for (const auto& [name, value] : body) {
    const auto* members = value.if_object();
    const auto* list = value.if_array();
    // The model stands in the path.
    if (value.is_null() || name == "systemInstruction" || name == "model") continue;
    if (name == "contents" && list != nullptr) {
      for (const json::value& c : *list)
        if (const auto* found = object("contents[]", c)) turn(*found);
    } else if (name == "generationConfig" && members != nullptr) {
      config(*members);
    } else if (name == "tools" && list != nullptr) {
      tools(*list);
    } else if (name != "toolConfig" || members == nullptr || !tool_choice(*members)) {
      extra(name, value);
    }
  }
}

void content_reader::system_prompt(const json::object& prompt) {
  message made{.role = role::system};
  const auto* parts = prompt.if_contains("parts");
  const auto* list = parts != nullptr ? parts->if_array() : nullptr;
  if (list == nullptr) return beyond("systemInstruction of another form");
  for (const json::value& p : *list) {
    const auto* text_of = p.is_object() ? p.get_object().if_contains("text") : nullptr;
    if (text_of == nullptr) return beyond("systemInstruction.parts[] without text");
    made.parts.emplace_back(text_part{text("systemInstruction.parts[].text", *text_of)});
  }
  read_.asked.messages.push_back(std::move(made));
}

void content_reader::turn(const json::object& content) {
  message made;
  const auto* who = content.if_contains("role");
  const auto* parts = content.if_contains("parts");
  if (who != nullptr && *who == "model") made.role = role::assistant;
  if (who != nullptr && *who != "model" && *who != "user" && *who != "function")
    return beyond("contents[]", "role", *who);
  if (parts == nullptr || !parts->is_array()) return beyond("contents[] without parts");
  for (const json::value& p : parts->get_array())
    if (const auto* found = object("contents[].parts[]", p)) part_of(*found, made);
  const auto is_result = [](const part& p) { return std::holds_alternative<tool_result_part>(p); };
  if (!made.parts.empty() && std::all_of(made.parts.begin(), made.parts.end(), is_result))
    made.role = role::tool;
  read_.asked.messages.push_back(std::move(made));
}

/// A signature belongs to its part, and goes before it as reasoning without text.
void content_reader::part_of(const json::object& p, message& into) {
  constexpr std::string_view path = "contents[].parts[]";
  const auto* signature = p.if_contains("thoughtSignature");
  const auto* thought = p.if_contains("thought");
  if (p.contains("executableCode") || p.contains("codeExecutionResult")) {
    into.parts.emplace_back(reasoning_part{.opaque = json::serialize(p)});
    return;
  }
  reasoning_part before;
  if (signature != nullptr) before.signature = text(path, *signature);
  const bool is_thought = thought != nullptr && *thought == true;
  if (is_thought && p.contains("text")) before.text = text(path, p.at("text"));
  if (is_thought || signature != nullptr) into.parts.emplace_back(std::move(before));
  for (const auto& [name, value] : p) {
    const auto* members = value.if_object();
    if (value.is_null() || name == "thought" || name == "thoughtSignature") continue;
    if (name == "text") {
      const bool carries_only = signature != nullptr && value == "";
      if (!is_thought && !carries_only) into.parts.emplace_back(text_part{text(path, value)});
    } else if ((name == "inlineData" || name == "fileData") && members != nullptr) {
      data(name, *members, into);
    } else if (name == "functionCall" && members != nullptr) {
      function_call(*members, into);
    } else if (name == "functionResponse" && members != nullptr) {
      function_response(*members, into);
    } else {
      beyond(path, name, value);
    }
  }
}

/// What it is is told by its media type.
void content_reader::data(std::string_view kind, const json::object& d, message& into) {
  const auto* media_type = d.if_contains("mimeType");
  const std::string type = media_type != nullptr ? text("mimeType", *media_type) : "";
  image_part made{.media_type = type};
  for (const auto& [name, value] : d) {
    if (name == "data")
      made = image_of_base64("inlineData.data", type, text("data", value));
    else if (name == "fileUri")
      made.url = text("fileUri", value);
    else if (name != "mimeType")
      beyond(kind, name, value);
  }
  if (type.starts_with("audio/"))
    into.parts.emplace_back(
        audio_part{.url = made.url, .bytes = made.bytes, .media_type = made.media_type});
  else if (type.starts_with("video/"))
    into.parts.emplace_back(
        video_part{.url = made.url, .bytes = made.bytes, .media_type = made.media_type});
  else if (type.empty() || type.starts_with("image/"))
    into.parts.emplace_back(std::move(made));
  else
    into.parts.emplace_back(
        document_part{.url = made.url, .bytes = made.bytes, .media_type = made.media_type});
}

void content_reader::function_call(const json::object& f, message& into) {
  tool_call_part made;
  for (const auto& [name, value] : f) {
    if (name == "id")
      made.id = text("functionCall.id", value);
    else if (name == "name")
      made.name = text("functionCall.name", value);
    else if (name == "args")
      made.arguments = json::serialize(value);
    else
      beyond("functionCall", name, value);
  }
  into.parts.emplace_back(std::move(made));
}

/// "output" and "error" are the vendor's words for what a function gave or why it failed.
void content_reader::function_response(const json::object& f, message& into) {
  tool_result_part made;
  for (const auto& [name, value] : f) {
    const auto* said = value.if_object();
    if (name == "id") {
      made.tool_call_id = text("functionResponse.id", value);
    } else if (name == "name") {
      made.name = text("functionResponse.name", value);
    } else if (name == "response" && said != nullptr) {
      made.text = json::serialize(value);
      if (said->size() != 1 || !said->begin()->value().is_string()) continue;
      const std::string word(said->begin()->value().get_string());
      made.is_error = said->begin()->key() == "error";
      if ((said->begin()->key() == "output" || made.is_error) && !word.starts_with('{'))
        made.text = word;
      else
        made.is_error = false;
    } else {
      beyond("functionResponse", name, value);
    }
  }
  into.parts.emplace_back(std::move(made));
}

// --- parameters

void content_reader::config(const json::object& config) {
  format(config);
  for (const auto& [name, value] : config) {
    const auto* members = value.if_object();
    if (value.is_null() || sampling(name, value)) continue;
    const bool of_format =
        name == "responseMimeType" || name == "responseSchema" || name == "responseJsonSchema";
    const bool is_json = read_.asked.response_format.kind != response_format_kind::text;
    if (of_format && is_json) continue;
    if (name != "thinkingConfig" || members == nullptr || !thinking(*members)) extra(name, value);
  }
}

bool content_reader::sampling(std::string_view name, const json::value& value) {
  call& c = read_.asked;
  if (name == "maxOutputTokens")
    c.max_tokens = integer(name, value);
  else if (name == "temperature")
    c.temperature = number(name, value);
  else if (name == "topP")
    c.top_p = number(name, value);
  else if (name == "seed")
    c.seed = integer(name, value);
  else if (name == "stopSequences")
    c.stop = texts(name, value);
  else if (name == "responseLogprobs" && value == true)
    c.top_logprobs = std::max(c.top_logprobs.value_or(0), 0);
  else if (name == "logprobs")
    c.top_logprobs = static_cast<int>(integer(name, value).value_or(0));
  else
    return false;
  return true;
}

void content_reader::format(const json::object& config) {
  const auto* media = config.if_contains("responseMimeType");
  if (media == nullptr || *media != "application/json") return;
  auto& made = read_.asked.response_format;
  made.kind = response_format_kind::json_object;
  for (const char* const name : {"responseSchema", "responseJsonSchema"}) {
    const auto* schema = config.if_contains(name);
    if (schema == nullptr || schema->is_null()) continue;
    made.kind = response_format_kind::json_schema;
    made.schema = json::serialize(*schema);
  }
}

/// A budget or a level, and whether thoughts are told.
bool content_reader::thinking(const json::object& asked) {
  const auto* budget = asked.if_contains("thinkingBudget");
  const auto* level = asked.if_contains("thinkingLevel");
  const auto* told = asked.if_contains("includeThoughts");
  const std::size_t known = (budget ? 1U : 0U) + (level ? 1U : 0U) + (told ? 1U : 0U);
  if (asked.size() != known || (budget == nullptr) == (level == nullptr)) return false;
  if (budget != nullptr) {
    const auto tokens = integer("thinkingBudget", *budget);
    if (told != nullptr && *told != json::value(tokens != 0)) return false;
    read_.asked.reasoning_budget_tokens = tokens;
    return true;
  }
  std::string word = text("thinkingLevel", *level);
  for (char& c : word) c = static_cast<char>(std::tolower(c));
  const auto effort = effort_of(word);
  if (!effort || (told != nullptr && *told != json::value(true))) return false;
  read_.asked.reasoning = *effort;
  return true;
}

/// Functions are a call's tools; those that the vendor runs are extra.
void content_reader::tools(const json::array& list) {
  json::array own;
  for (const json::value& item : list) {
    const auto* t = object("tools[]", item);
    if (t == nullptr) continue;
    const auto* functions = t->if_contains("functionDeclarations");
    if (functions == nullptr) {
      own.push_back(item);
      continue;
    }
    if (const auto* all = array("functionDeclarations", *functions))
      for (const json::value& d : *all)
        if (const auto* found = object("functionDeclarations[]", d)) declaration(*found);
  }
  if (!own.empty()) extra("tools", own);
}

void content_reader::declaration(const json::object& d) {
  tool_definition made;
  for (const auto& [name, value] : d) {
    if (value.is_null()) continue;
    if (name == "name")
      made.name = text("functionDeclarations[].name", value);
    else if (name == "description")
      made.description = text("functionDeclarations[].description", value);
    else if (name == "parameters" || name == "parametersJsonSchema")
      made.parameters = json::serialize(value);
    else
      beyond("functionDeclarations[]", name, value);
  }
  read_.asked.tools.push_back(std::move(made));
}

bool content_reader::tool_choice(const json::object& config) {
  const auto* calling = config.if_contains("functionCallingConfig");
  const auto* c = calling != nullptr ? calling->if_object() : nullptr;
  if (c == nullptr || config.size() != 1) return config.empty();
  const auto* mode = c->if_contains("mode");
  const auto* names = c->if_contains("allowedFunctionNames");
  auto& made = read_.asked.tool_choice;
  if (mode == nullptr || c->size() != (names != nullptr ? 2U : 1U)) return false;
  if (names != nullptr) {
    const auto all = texts("allowedFunctionNames", *names);
    if (*mode != "ANY" || all.size() != 1) return false;
    made = {.mode = tool_choice_mode::named, .name = all.front()};
    return true;
  }
  if (*mode == "NONE") made.mode = tool_choice_mode::none;
  if (*mode == "ANY") made.mode = tool_choice_mode::required;
  return *mode == "NONE" || *mode == "ANY" || *mode == "AUTO";
}

}  // namespace

read_request read_gemini_content(const json::object& body) {
  json::value own = spelled(body);
  content_reader reader;
  reader.body(own.get_object());
  reader.spell(std::move(own));
  return reader.take();
}

}  // namespace ark::test::requests
