#include "sim/chat_request.hpp"
#include "sim/strict_schema.hpp"
#include "sim/tokens.hpp"

namespace ark::testing {

namespace {

namespace bj = boost::json;
constexpr std::int64_t tokens_per_message = 3;

error bad(std::string message, std::string param, std::string code = {}) {
  return error{.code = errc::invalid_request,
               .message = std::move(message),
               .vendor_message = std::move(code),
               .vendor_code = std::move(param)};
}

bool is_true(const bj::object& object, std::string_view name) {
  const auto* flag = object.if_contains(name);
  return flag && flag->is_bool() && flag->get_bool();
}

void read_part(chat_request& out, prompt_segment& segment, const bj::object& part,
               std::string& text) {
  const auto kind = text_of(part, "type");
  if (kind == "text") text += text_of(part, "text");
  if (kind != "image_url") return;
  const auto* image = object_of(part, "image_url");
  if (!image) return;
  const std::string_view url = text_of(*image, "url");
  const std::size_t comma = url.find(";base64,");
  const auto bytes = url.substr(0, 5) == "data:" && comma != std::string_view::npos
                         ? decode_base64(url.substr(comma + 8))
                         : std::nullopt;
  add_image(out, segment, bytes.value_or(""), text_of(*image, "detail") == "low");
}

result<void> read_message(chat_request& out, const bj::value& item, std::size_t index) {
  const auto* message = item.if_object();
  const std::string place = "messages[" + std::to_string(index) + "]";
  if (!message) return bad("Invalid type for '" + place + "': expected an object.", place);
  const auto role = text_of(*message, "role");
  static constexpr std::string_view roles[] = {"system", "developer", "user", "assistant", "tool"};
  if (std::find(std::begin(roles), std::end(roles), role) == std::end(roles))
    return bad("Invalid value: '" + std::string(role) +
                   "'. Supported values are: 'system', "
                   "'assistant', 'user', 'tool', and 'developer'.",
               place + ".role");
  prompt_segment segment;
  std::string text{text_of(*message, "content")};
  if (const auto* parts = array_of(*message, "content"))
    for (const auto& part : *parts)
      if (part.is_object()) read_part(out, segment, part.get_object(), text);
  if (const auto* calls = message->if_contains("tool_calls")) segment.text += bj::serialize(*calls);
  if (role == "tool" && text_of(*message, "tool_call_id").empty())
    return bad("Missing parameter 'tool_call_id': messages with role 'tool' must have one.",
               place + ".tool_call_id");
  if (role == "assistant") out.tool_results.clear();
  if (role == "tool") out.tool_results.push_back(text);
  if (role == "user") out.last_user = text;
  if (role == "system" || role == "developer") out.system += text + "\n";
  segment.text += std::string(role) + ":" + text;
  segment.tokens += count_tokens(segment.text) + tokens_per_message;
  out.segments.push_back(std::move(segment));
  return {};
}

result<void> read_tool(chat_request& out, const bj::object& tool, const std::string& place) {
  const auto* function = object_of(tool, "function");
  if (!function) return {};
  const auto* schema = object_of(*function, "parameters");
  const std::string name(text_of(*function, "name"));
  out.tools.push_back({name, schema ? *schema : bj::object{}});
  if (!is_true(*function, "strict")) return {};
  const std::string problem = openai_strict_problem(out.tools.back().schema);
  if (problem.empty()) return {};
  return bad("Invalid schema for function '" + name + "': " + problem,
             place + ".function.parameters", "invalid_function_parameters");
}

result<void> read_tools(chat_request& out, const bj::object& body) {
  const auto* tools = array_of(body, "tools");
  if (!tools) return {};
  prompt_segment segment{.text = bj::serialize(*tools)};
  segment.tokens = count_tokens(segment.text);
  out.segments.push_back(std::move(segment));
  for (std::size_t i = 0; i < tools->size(); ++i) {
    const std::string place = "tools[" + std::to_string(i) + "]";
    if (const auto* tool = (*tools)[i].if_object())
      if (auto ok = read_tool(out, *tool, place); !ok) return ok;
  }
  return {};
}

result<void> read_tool_choice(chat_request& out, const bj::object& body) {
  if (const auto* flag = body.if_contains("parallel_tool_calls"); flag && flag->is_bool())
    out.parallel_tools = flag->get_bool();
  const auto* given = body.if_contains("tool_choice");
  if (!given || given->is_null()) return {};
  if (out.tools.empty())
    return bad(
        "Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are "
        "specified.",
        "tool_choice");
  const auto mode = text_of(body, "tool_choice");
  if (mode == "none") out.choice = chat_request::tool_mode::none;
  if (mode == "required") out.choice = chat_request::tool_mode::required;
  const auto* choice = given->if_object();
  if (!choice) return {};
  const auto* function = object_of(*choice, "function");
  out.choice = chat_request::tool_mode::named;
  out.chosen_tool = function ? text_of(*function, "name") : "";
  if (out.has_tool(out.chosen_tool)) return {};
  return bad("Invalid value for 'tool_choice': no function named '" + out.chosen_tool +
                 "' was specified in the 'tools' parameter.",
             "tool_choice");
}

result<void> read_format(chat_request& out, const bj::object& body) {
  const auto* format = object_of(body, "response_format");
  if (!format) return {};
  out.json_object = text_of(*format, "type") == "json_object";
  if (text_of(*format, "type") != "json_schema") return {};
  const auto* wrapper = object_of(*format, "json_schema");
  const auto* schema = wrapper ? object_of(*wrapper, "schema") : nullptr;
  if (!schema || text_of(*wrapper, "name").empty())
    return bad("Missing required parameter: 'response_format.json_schema'.",
               "response_format.json_schema");
  out.has_schema = true;
  out.schema = *schema;
  if (!is_true(*wrapper, "strict")) return {};
  const std::string problem = openai_strict_problem(*schema);
  if (problem.empty()) return {};
  return bad("Invalid schema for response_format '" + std::string(text_of(*wrapper, "name")) +
                 "': " + problem,
             "response_format", "invalid_json_schema");
}

/// Reasoning is asked for in several ways by vendors that speak this family.
void read_reasoning(chat_request& out, const bj::object& body) {
  const auto effort = text_of(body, "reasoning_effort");
  out.think = !effort.empty() && effort != "none";
  if (const auto* thinking = object_of(body, "thinking")) {
    out.think = text_of(*thinking, "type") != "disabled";
    out.visible_thinking = out.think;
  }
  for (const std::string_view word : {"reasoner", "thinking", "-r1"})
    if (out.model.find(word) != std::string::npos) out.think = out.visible_thinking = true;
}

void read_limits(chat_request& out, const bj::object& body) {
  for (const std::string_view name : {"max_tokens", "max_completion_tokens"})
    if (const auto* value = body.if_contains(name); value && value->is_int64())
      out.max_tokens = value->get_int64();
  if (const auto one = text_of(body, "stop"); !one.empty()) out.stops.emplace_back(one);
  if (const auto* list = array_of(body, "stop"))
    for (const auto& item : *list)
      if (item.is_string()) out.stops.emplace_back(item.get_string());
  if (const auto* stream = body.if_contains("stream"); stream && stream->is_bool())
    out.stream = stream->get_bool();
  const auto* options = object_of(body, "stream_options");
  const auto* include = options ? options->if_contains("include_usage") : nullptr;
  out.include_usage = !out.stream || (include && include->is_bool() && include->get_bool());
}

}  // namespace

result<chat_request> read_openai_chat(const bj::object& body) {
  chat_request out;
  out.family = wire_family::openai;
  out.model = text_of(body, "model");
  if (out.model.empty()) return bad("you must provide a model parameter", "model");
  if (auto ok = read_tools(out, body); !ok) return ok.error();
  if (auto ok = read_tool_choice(out, body); !ok) return ok.error();
  const auto* messages = array_of(body, "messages");
  if (!messages) return bad("Missing required parameter: 'messages'.", "messages");
  if (messages->empty())
    return bad(
        "Invalid 'messages': empty array. Expected an array with minimum length 1, but got "
        "an empty array instead.",
        "messages");
  for (std::size_t i = 0; i < messages->size(); ++i)
    if (auto ok = read_message(out, (*messages)[i], i); !ok) return ok.error();
  if (const auto* n = body.if_contains("n"); n && n->is_int64() && n->get_int64() != 1)
    return bad("The simulator makes one choice only; 'n' must be 1.", "n");
  if (auto ok = read_format(out, body); !ok) return ok.error();
  read_reasoning(out, body);
  read_limits(out, body);
  return out;
}

}  // namespace ark::testing
