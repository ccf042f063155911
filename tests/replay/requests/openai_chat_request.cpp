#include "openai_chat_request.hpp"

#include <algorithm>

namespace ark::test::requests {
namespace {

class chat_reader : public request_reader {
 public:
  explicit chat_reader(const vendor& row) {
    for (const quirk_item& item : row.quirks) {
      if (const auto* q = std::get_if<quirk::reasoning_as>(&item)) style_ = q->style;
      if (const auto* q = std::get_if<quirk::rename>(&item)) renames_.push_back(q);
      if (std::holds_alternative<quirk::logprobs_count>(item)) logprobs_count_ = true;
      if (std::holds_alternative<quirk::cache_marks>(item)) cache_marks_ = true;
    }
  }
  void body(const json::object& body);

 private:
  void parameter(std::string_view name, const json::value& value);
  bool sampling(std::string_view name, const json::value& value);
  bool reasoning(std::string_view name, const json::value& value, const json::object& body);
  bool thinking(const json::object& asked, const json::object& body);
  bool reasoning_object(const json::object& asked);
  void one_message(const json::object& m);
  void content(const json::value& content, message& into);
  void content_part(const json::object& p, message& into);
  void thinking_part(const json::object& p, message& into);
  void image_url(const json::value& value, message& into);
  void input_audio(const json::value& value, message& into);
  void file(const json::object& f, message& into);
  bool media(std::string_view name, const json::object& p, message& into);
  bool logprobs(std::string_view name, const json::value& value);
  void own_reasoning(const json::object& m, message& into);
  void tool_calls(const json::value& calls, message& into);
  void tool_answer(const json::object& m);
  void tool(const json::object& t);
  void tool_choice(const json::value& choice);
  void format(const json::object& f);

  std::string_view style_ = "effort";
  std::vector<const quirk::rename*> renames_;
  bool logprobs_count_ = false, cache_marks_ = false;
  json::array own_tools_;  ///< that the vendor runs
};

void chat_reader::body(const json::object& body) {
  for (const auto& [name, value] : body) {
    if (value.is_null()) continue;
    if (name == "model") {
      read_.model = text("model", value);
    } else if (name == "messages") {
      if (const auto* list = array("messages", value))
        for (const json::value& m : *list)
          if (const auto* found = object("messages[]", m)) one_message(*found);
    } else if (name == "stream") {
      read_.streamed = boolean("stream", value).value_or(false);
    } else if (name == "stream_options") {
      if (json::serialize(value) != R"({"include_usage":true})") beyond("stream_options");
    } else if (!reasoning(name, value, body)) {
      parameter(name, value);
    }
  }
  if (!own_tools_.empty()) extra("tools", own_tools_);
}

/// The field that a member means: what the row renames has the vendor's name here.
void chat_reader::parameter(std::string_view name, const json::value& value) {
  for (const quirk::rename* q : renames_)
    if (q->to == name) return parameter(q->from, value);
  if (sampling(name, value) || logprobs(name, value)) return;
  if (name == "tools") {
    if (const auto* list = array("tools", value))
      for (const json::value& t : *list)
        if (const auto* found = object("tools[]", t)) tool(*found);
  } else if (name == "tool_choice") {
    tool_choice(value);
  } else if (name == "response_format") {
    if (const auto* found = object("response_format", value)) format(*found);
  } else {
    extra(name, value);
  }
}

/// True for the chosen tokens only, and how many others; or one number for both.
bool chat_reader::logprobs(std::string_view name, const json::value& value) {
  auto& asked = read_.asked.top_logprobs;
  const bool is_count = name == "top_logprobs" || (name == "logprobs" && logprobs_count_);
  if (is_count) {
    if (const auto count = integer(name, value)) asked = static_cast<int>(*count);
    return true;
  }
  if (name != "logprobs" || value != true) return false;
  if (!asked) asked = 0;
  return true;
}

bool chat_reader::sampling(std::string_view name, const json::value& value) {
  call& c = read_.asked;
  if (name == "max_tokens") {
    if (c.max_tokens) beyond("max_tokens beside max_completion_tokens");
    c.max_tokens = integer(name, value);
  } else if (name == "temperature")
    c.temperature = number(name, value);
  else if (name == "top_p")
    c.top_p = number(name, value);
  else if (name == "seed")
    c.seed = integer(name, value);
  else if (name == "stop")
    c.stop = texts(name, value);
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

/// Thinking that is only switched on has no level: any will do.
constexpr auto some_effort = reasoning_effort::medium;

/// True if the member is how this row's vendor is asked to think, and a call can say it.
bool chat_reader::reasoning(std::string_view name, const json::value& value,
                            const json::object& body) {
  call& c = read_.asked;
  if (name == "reasoning_effort" && (style_ == "effort" || style_ == "thinking_effort")) {
    const auto effort = value.is_string() ? effort_of(value.get_string()) : std::nullopt;
    if (effort) c.reasoning = *effort;
    return effort.has_value();
  }
  const auto* asked = value.if_object();
  if (name == "reasoning" && style_ == "object") return asked && reasoning_object(*asked);
  if (name == "thinking" && (style_ == "thinking" || style_ == "thinking_effort"))
    return asked && thinking(*asked, body);
  if (name == "enable_thinking" && style_ == "enable_thinking" && value.is_bool()) {
    if (!value.get_bool()) c.reasoning = reasoning_effort::none;
    if (value.get_bool() && !body.contains("thinking_budget")) c.reasoning = some_effort;
    return value.get_bool() || !body.contains("thinking_budget");
  }
  if (name == "thinking_budget" && style_ == "enable_thinking") {
    c.reasoning_budget_tokens = integer(name, value);
    return true;
  }
  if (name != "chat_template_kwargs" || style_ != "template" || !asked) return false;
  const auto* on = asked->if_contains("enable_thinking");
  if (asked->size() != 1 || on == nullptr || !on->is_bool()) return false;
  c.reasoning = on->get_bool() ? some_effort : reasoning_effort::none;
  return true;
}

bool chat_reader::reasoning_object(const json::object& asked) {
  if (asked.size() != 1) return false;
  if (const auto* effort = asked.if_contains("effort"); effort && effort->is_string()) {
    const auto known = effort_of(effort->get_string());
    if (known) read_.asked.reasoning = *known;
    return known.has_value();
  }
  const auto* most = asked.if_contains("max_tokens");
  if (most != nullptr) read_.asked.reasoning_budget_tokens = integer("reasoning.max_tokens", *most);
  return most != nullptr;
}

bool chat_reader::thinking(const json::object& asked, const json::object& body) {
  const auto* type = asked.if_contains("type");
  const auto* budget = asked.if_contains("budget_tokens");
  if (type == nullptr || asked.size() != (budget != nullptr ? 2U : 1U)) return false;
  if (*type == "disabled" && budget == nullptr) {
    read_.asked.reasoning = reasoning_effort::none;
    return true;
  }
  if (*type != "enabled") return false;
  if (style_ == "thinking_effort") return body.contains("reasoning_effort") && budget == nullptr;
  if (budget != nullptr)
    read_.asked.reasoning_budget_tokens = integer("thinking.budget_tokens", *budget);
  else
    read_.asked.reasoning = some_effort;
  return true;
}

// --- messages

void chat_reader::one_message(const json::object& m) {
  const auto* who = m.if_contains("role");
  if (who != nullptr && *who == "tool") return tool_answer(m);
  message made;
  bool known = false;
  for (const role r : {role::system, role::developer, role::user, role::assistant})
    if (who != nullptr && *who == json::value(to_string(r))) {
      made.role = r;
      known = true;
    }
  if (!known) return beyond("messages[]", "role", who != nullptr ? *who : json::value());
  own_reasoning(m, made);
  for (const auto& [name, value] : m) {
    if (value.is_null() || name == "role" || name == "tool_calls") continue;
    // Annotations are of the reply that this message was; without a prefix is the vendor's default.
    if (name.starts_with("reasoning") || name == "annotations") continue;
    if (name == "prefix" && value == false) continue;
    if (name == "content")
      content(value, made);
    else if (name == "name")
      made.name = text("messages[].name", value);
    else if (name == "refusal")
      made.parts.emplace_back(refusal_part{text("messages[].refusal", value)});
    else if (name == "cache_control" && cache_marks_)
      made.cache = cache("messages[]", value);
    else
      beyond("messages[]", name, value);
  }
  if (const auto* calls = m.if_contains("tool_calls"); calls && !calls->is_null())
    tool_calls(*calls, made);
  read_.asked.messages.push_back(std::move(made));
}

/// reasoning_content or reasoning, a text, and reasoning_details, a list of blocks.
void chat_reader::own_reasoning(const json::object& m, message& into) {
  reasoning_part made;
  for (const char* const name : {"reasoning_content", "reasoning"})
    if (const auto* value = m.if_contains(name); value && value->is_string())
      made.text = std::string(value->get_string());
  if (const auto* blocks = m.if_contains("reasoning_details"); blocks && blocks->is_array())
    made.opaque = json::serialize(*blocks);
  if (!made.text.empty() || !made.opaque.empty()) into.parts.emplace_back(std::move(made));
}

void chat_reader::content(const json::value& content, message& into) {
  if (content.is_string()) {
    into.parts.emplace_back(text_part{std::string(content.get_string())});
    return;
  }
  if (const auto* parts = array("messages[].content", content))
    for (const json::value& p : *parts)
      if (const auto* part = object("messages[].content[]", p)) content_part(*part, into);
}

void chat_reader::content_part(const json::object& p, message& into) {
  const auto* type = p.if_contains("type");
  if (type != nullptr && *type == "thinking") return thinking_part(p, into);
  if (into.cache != cache_mark::none) beyond("messages[].content[].cache_control before the end");
  for (const auto& [name, value] : p) {
    if (media(name, p, into)) continue;
    if (name == "type") {
      constexpr std::string_view known[] = {"text", "image_url", "input_audio",
                                            "file", "video_url", "document_url"};
      if (!value.is_string() ||
          std::find(std::begin(known), std::end(known), value.get_string()) == std::end(known))
        return beyond("messages[].content[]", "type", value);
    } else if (name == "cache_control" && cache_marks_) {
      into.cache = cache("messages[].content[]", value);
    } else if (name == "text") {
      into.parts.emplace_back(text_part{text("messages[].content[].text", value)});
    } else if (name == "image_url") {
      image_url(value, into);
    } else if (!value.is_null()) {
      beyond("messages[].content[]", name, value);
    }
  }
}

/// Mistral's: thinking[{type: text, text}] (docs.mistral.ai/capabilities/reasoning).
void chat_reader::thinking_part(const json::object& p, message& into) {
  reasoning_part made;
  for (const auto& [name, value] : p) {
    if (name == "type") continue;
    if (name != "thinking") {
      beyond("messages[].content[] of type thinking", name, value);
    } else if (const auto* items = array("thinking", value)) {
      for (const json::value& item : *items)
        if (const auto* found = object("thinking[]", item))
          made.text += text("thinking[].text", found->at("text"));
    }
  }
  into.parts.emplace_back(std::move(made));
}

void chat_reader::image_url(const json::value& value, message& into) {
  if (value.is_string()) {  // a text where the vendor takes both forms
    into.parts.emplace_back(image("image_url", std::string(value.get_string())));
    return;
  }
  const auto* asked = object("image_url", value);
  if (asked == nullptr) return;
  image_part made;
  if (const auto* url = asked->if_contains("url")) made = image("image_url", text("url", *url));
  for (const auto& [name, member] : *asked) {
    if (name == "detail")
      made.detail = text("image_url.detail", member);
    else if (name != "url")
      beyond("image_url", name, member);
  }
  into.parts.emplace_back(std::move(made));
}

bool chat_reader::media(std::string_view name, const json::object& p, message& into) {
  const json::value& value = p.at(name);
  const auto* members = value.if_object();
  if (name == "input_audio") {
    input_audio(value, into);
  } else if (name == "file" && members != nullptr) {
    file(*members, into);
  } else if (name == "video_url" && members != nullptr && members->size() == 1 &&
             members->contains("url")) {
    into.parts.emplace_back(
        request_reader::media<video_part>("video_url", text("video_url.url", members->at("url"))));
  } else if (name == "document_url") {
    auto made = request_reader::media<document_part>("document_url", text("document_url", value));
    if (const auto* title = p.if_contains("document_name"))
      made.name = text("document_name", *title);
    into.parts.emplace_back(std::move(made));
  } else {
    return name == "document_name";
  }
  return true;
}

/// An object of data and format; or a text, of an unknown format, where the vendor takes one.
void chat_reader::input_audio(const json::value& value, message& into) {
  constexpr std::string_view path = "messages[].content[].input_audio";
  if (value.is_string()) {
    std::string said = text(path, value);
    into.parts.emplace_back(said.starts_with("http")
                                ? audio_part{.url = std::move(said)}
                                : media_of_base64<audio_part>(path, "audio/x", said));
    return;
  }
  const auto* asked = object(path, value);
  const auto* data = asked != nullptr ? asked->if_contains("data") : nullptr;
  const auto* format = asked != nullptr ? asked->if_contains("format") : nullptr;
  if (data == nullptr || format == nullptr || asked->size() != 2)
    return beyond(std::string(path) + " of another form");
  into.parts.emplace_back(
      media_of_base64<audio_part>(path, "audio/" + text(path, *format), text(path, *data)));
}

void chat_reader::file(const json::object& f, message& into) {
  constexpr std::string_view path = "messages[].content[].file";
  document_part made;
  if (const auto* data = f.if_contains("file_data"))
    made = request_reader::media<document_part>(path, text(path, *data));
  for (const auto& [name, value] : f) {
    if (name == "filename")
      made.name = text(path, value);
    else if (name == "file_id")
      made.file_id = text(path, value);
    else if (name != "file_data")
      beyond(path, name, value);
  }
  into.parts.emplace_back(std::move(made));
}

void chat_reader::tool_calls(const json::value& calls, message& into) {
  const auto* list = array("messages[].tool_calls", calls);
  if (list == nullptr) return;
  constexpr std::string_view path = "messages[].tool_calls[]";
  for (const json::value& item : *list) {
    const auto* asked = object(path, item);
    if (asked == nullptr) return;
    tool_call_part made;
    for (const auto& [name, value] : *asked) {
      if (name == "id")
        made.id = text(path, value);
      else if (name == "type" && value != "function")
        beyond(path, name, value);
      else if (name != "type" && name != "function" && name != "index" && !value.is_null())
        beyond(path, name, value);
    }
    const auto* function = asked->if_contains("function");
    const auto* found = function != nullptr ? object(path, *function) : nullptr;
    if (found == nullptr) continue;
    for (const auto& [name, value] : *found) {
      if (name == "name")
        made.name = text(path, value);
      else if (name == "arguments")
        made.arguments = text("messages[].tool_calls[].function.arguments", value);
      else
        beyond("messages[].tool_calls[].function", name, value);
    }
    into.parts.emplace_back(std::move(made));
  }
}

void chat_reader::tool_answer(const json::object& m) {
  message said{.role = role::tool};
  tool_result_part made;
  for (const auto& [name, value] : m) {
    if (name == "role" || value.is_null()) continue;
    if (name == "tool_call_id")
      made.tool_call_id = text("messages[].tool_call_id", value);
    else if (name == "name")
      made.name = text("messages[].name", value);
    else if (name == "content")
      content(value, said);
    else
      beyond("messages[] of role tool", name, value);
  }
  if (said.parts.size() > 1) beyond("messages[].content of role tool: several parts");
  for (const part& p : said.parts) {
    if (const auto* t = std::get_if<text_part>(&p))
      made.text = t->text;
    else
      beyond("messages[].content of role tool: not a text");
  }
  said.parts.clear();
  said.parts.emplace_back(std::move(made));
  read_.asked.messages.push_back(std::move(said));
}

// --- tools and format

void chat_reader::tool(const json::object& t) {
  const auto* type = t.if_contains("type");
  const auto* function = t.if_contains("function");
  if (type != nullptr && *type != "function") {
    own_tools_.emplace_back(t);
    return;
  }
  tool_definition made;
  for (const auto& [name, value] : t) {
    if (name == "cache_control" && cache_marks_)
      made.cache = cache("tools[]", value);
    else if (name != "type" && name != "function")
      beyond("tools[]", name, value);
  }
  const auto* found = function != nullptr ? object("tools[].function", *function) : nullptr;
  if (found == nullptr) return beyond("tools[] without function");
  for (const auto& [name, value] : *found) {
    if (value.is_null()) continue;
    if (name == "name")
      made.name = text("tools[].function.name", value);
    else if (name == "description")
      made.description = text("tools[].function.description", value);
    else if (name == "parameters")
      made.parameters = json::serialize(value);
    else if (name == "strict")
      made.strict = boolean("tools[].function.strict", value).value_or(false);
    else
      beyond("tools[].function", name, value);
  }
  read_.asked.tools.push_back(std::move(made));
}

void chat_reader::tool_choice(const json::value& choice) {
  auto& made = read_.asked.tool_choice;
  if (choice == "none") {
    made.mode = tool_choice_mode::none;
  } else if (choice == "required" || choice == "any") {
    made.mode = tool_choice_mode::required;
  } else if (const auto* named = choice.if_object()) {
    const auto* function = named->if_contains("function");
    const auto* name = function != nullptr && function->is_object()
                           ? function->get_object().if_contains("name")
                           : nullptr;
    // Another family's form, which some vendors of this one take.
    if (name == nullptr) name = named->if_contains("name");
    if (name == nullptr) return beyond("tool_choice of another form");
    made = {.mode = tool_choice_mode::named, .name = text("tool_choice.function.name", *name)};
  } else if (choice != "auto") {
    beyond("tool_choice of another form");
  }
}

void chat_reader::format(const json::object& f) {
  auto& made = read_.asked.response_format;
  const auto* type = f.if_contains("type");
  const auto* schema = f.if_contains("json_schema");
  if (type != nullptr && *type == "text" && f.size() == 1) return;
  if (type != nullptr && *type == "json_object" && f.size() == 1) {
    made.kind = response_format_kind::json_object;
    return;
  }
  const auto* asked = schema != nullptr ? schema->if_object() : nullptr;
  if (type == nullptr || *type != "json_schema" || f.size() != 2 || asked == nullptr)
    return beyond("response_format of another form");
  made.kind = response_format_kind::json_schema;
  made.strict = false;
  for (const auto& [name, value] : *asked) {
    if (name == "name")
      made.name = text("response_format.json_schema.name", value);
    else if (name == "schema")
      made.schema = json::serialize(value);
    else if (name == "strict")
      made.strict = boolean("response_format.json_schema.strict", value).value_or(false);
    else if (name == "description")
      made.description = text("response_format.json_schema.description", value);
    else if (!value.is_null())
      beyond("response_format.json_schema", name, value);
  }
}

}  // namespace

read_request read_openai_chat(const json::object& body, const vendor& row) {
  chat_reader reader(row);
  reader.body(body);
  return reader.take();
}

}  // namespace ark::test::requests
