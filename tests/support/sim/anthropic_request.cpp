#include "sim/chat_request.hpp"
#include "sim/strict_schema.hpp"
#include "sim/tokens.hpp"

namespace ark::testing {

namespace {

namespace bj = boost::json;
constexpr std::int64_t tokens_per_message = 3;

error bad(std::string message) {
  return error{.code = errc::invalid_request, .message = std::move(message)};
}

prompt_segment::cache_mark mark_of(const bj::object& block) {
  const auto* control = object_of(block, "cache_control");
  if (!control) return prompt_segment::cache_mark::none;
  return text_of(*control, "ttl") == "1h" ? prompt_segment::cache_mark::one_hour
                                          : prompt_segment::cache_mark::five_minutes;
}

/// Text of a block list or of a plain string, as in `tool_result.content`.
std::string plain_text(const bj::value& content) {
  if (content.is_string()) return std::string(content.get_string());
  std::string out;
  if (const auto* blocks = content.if_array())
    for (const auto& block : *blocks)
      if (block.is_object()) out += text_of(block.get_object(), "text");
  return out;
}

void close_segment(chat_request& out, prompt_segment segment) {
  segment.tokens += count_tokens(segment.text);
  out.segments.push_back(std::move(segment));
}

void read_block(chat_request& out, const bj::object& block, std::string_view role,
                std::string& text) {
  prompt_segment segment{.text = std::string(role) + ":", .mark = mark_of(block)};
  const auto kind = text_of(block, "type");
  if (kind == "text") {
    text += text_of(block, "text");
    segment.text += text_of(block, "text");
  } else if (kind == "image") {
    const auto* source = object_of(block, "source");
    const auto bytes = source ? decode_base64(text_of(*source, "data")) : std::nullopt;
    add_image(out, segment, bytes.value_or(""), false);
  } else if (kind == "tool_result") {
    const auto* content = block.if_contains("content");
    out.tool_results.push_back(content ? plain_text(*content) : "");
    segment.text += out.tool_results.back();
  } else {
    segment.text += bj::serialize(block);
  }
  close_segment(out, std::move(segment));
}

result<void> read_message(chat_request& out, const bj::value& item, std::size_t index) {
  const std::string place = "messages." + std::to_string(index);
  const auto* message = item.if_object();
  if (!message) return bad(place + ": Input should be a valid dictionary");
  const auto role = text_of(*message, "role");
  if (role != "user" && role != "assistant" && role != "system")
    return bad(place + ".role: Input should be 'user' or 'assistant'");
  if (role == "assistant") out.tool_results.clear();
  std::string text;
  const auto* blocks = array_of(*message, "content");
  if (blocks) {
    for (const auto& block : *blocks)
      if (block.is_object()) read_block(out, block.get_object(), role, text);
  } else {
    text = text_of(*message, "content");
    if (text.empty()) return bad(place + ": user messages must have non-empty content");
    close_segment(out, {.text = std::string(role) + ":" + text});
  }
  if (out.segments.empty()) return bad(place + ": user messages must have non-empty content");
  out.segments.back().tokens += tokens_per_message;
  if (role == "system") out.system += text + "\n";
  const bool only_results = text.empty() && !out.tool_results.empty();
  if (role == "user" && !only_results) out.last_user = text;
  return {};
}

void read_system(chat_request& out, const bj::object& body) {
  if (const auto text = text_of(body, "system"); !text.empty()) {
    out.system = text;
    close_segment(out, {.text = "system:" + out.system});
  }
  if (const auto* blocks = array_of(body, "system"))
    for (const auto& block : *blocks)
      if (block.is_object()) read_block(out, block.get_object(), "system", out.system);
}

result<void> read_tools(chat_request& out, const bj::object& body) {
  const auto* tools = array_of(body, "tools");
  for (std::size_t i = 0; tools && i < tools->size(); ++i) {
    const auto* tool = (*tools)[i].if_object();
    if (!tool) continue;
    const auto* schema = object_of(*tool, "input_schema");
    out.tools.push_back({std::string(text_of(*tool, "name")), schema ? *schema : bj::object{}});
    close_segment(out, {.text = bj::serialize(*tool), .mark = mark_of(*tool)});
    const auto* strict = tool->if_contains("strict");
    if (!strict || !strict->is_bool() || !strict->get_bool()) continue;
    const std::string problem = anthropic_schema_problem(out.tools.back().schema);
    if (!problem.empty()) return bad("tools." + std::to_string(i) + ".custom: " + problem);
  }
  return {};
}

result<void> read_tool_choice(chat_request& out, const bj::object& body) {
  const auto* choice = object_of(body, "tool_choice");
  if (!choice) return {};
  if (out.tools.empty()) return bad("tool_choice may only be specified while providing tools.");
  const auto mode = text_of(*choice, "type");
  if (mode == "none") out.choice = chat_request::tool_mode::none;
  if (mode == "any") out.choice = chat_request::tool_mode::required;
  if (mode == "tool") {
    out.choice = chat_request::tool_mode::named;
    out.chosen_tool = text_of(*choice, "name");
    if (!out.has_tool(out.chosen_tool))
      return bad("Tool '" + out.chosen_tool + "' not found in provided tools");
  }
  const auto* flag = choice->if_contains("disable_parallel_tool_use");
  if (flag && flag->is_bool()) out.parallel_tools = !flag->get_bool();
  return {};
}

result<void> read_format(chat_request& out, const bj::object& body) {
  const auto* config = object_of(body, "output_config");
  const auto* format = config ? object_of(*config, "format") : object_of(body, "output_format");
  if (config && !text_of(*config, "effort").empty()) out.think = true;
  if (!format || text_of(*format, "type") != "json_schema") return {};
  const auto* schema = object_of(*format, "schema");
  if (!schema) return bad("output_config.format.schema: Field required");
  const std::string problem = anthropic_schema_problem(*schema);
  if (!problem.empty()) return bad("output_config.format.schema: " + problem);
  out.has_schema = true;
  out.schema = *schema;
  return {};
}

void read_limits(chat_request& out, const bj::object& body) {
  if (const auto* list = array_of(body, "stop_sequences"))
    for (const auto& item : *list)
      if (item.is_string()) out.stops.emplace_back(item.get_string());
  if (const auto* stream = body.if_contains("stream"); stream && stream->is_bool())
    out.stream = stream->get_bool();
  if (const auto* thinking = object_of(body, "thinking")) {
    const auto kind = text_of(*thinking, "type");
    out.think = out.visible_thinking = kind == "enabled" || kind == "adaptive";
  }
}

}  // namespace

result<chat_request> read_anthropic_messages(const bj::object& body) {
  chat_request out;
  out.family = wire_family::anthropic;
  out.model = text_of(body, "model");
  if (out.model.empty()) return bad("model: Field required");
  const auto* limit = body.if_contains("max_tokens");
  if (!limit || !limit->is_int64()) return bad("max_tokens: Field required");
  out.max_tokens = limit->get_int64();
  if (out.max_tokens < 0) return bad("max_tokens: must be greater than or equal to 0");
  if (auto ok = read_tools(out, body); !ok) return ok.error();
  if (auto ok = read_tool_choice(out, body); !ok) return ok.error();
  read_system(out, body);
  const auto* messages = array_of(body, "messages");
  if (!messages) return bad("messages: Field required");
  if (messages->empty()) return bad("messages: at least one message is required");
  for (std::size_t i = 0; i < messages->size(); ++i)
    if (auto ok = read_message(out, (*messages)[i], i); !ok) return ok.error();
  if (auto ok = read_format(out, body); !ok) return ok.error();
  read_limits(out, body);
  return out;
}

}  // namespace ark::testing
