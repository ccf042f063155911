#include "dialect/media.hpp"
#include "dialect/openai_responses/responses_wire.hpp"
#include "dialect/openai_wire.hpp"

#include <algorithm>

namespace ark::adapters::responses {
namespace {

using ark::dialect::parameter_gate;

/// What the family's own vendor documents; rows without a list of their own take these.
constexpr std::string_view own_parameters[] = {"access_programs",
                                               "client_metadata",
                                               "context_management",
                                               "conversation",
                                               "image",
                                               "include",
                                               "instructions",
                                               "max_output_tokens",
                                               "max_tool_calls",
                                               "metadata",
                                               "moderation",
                                               "parallel_tool_calls",
                                               "previous_response_id",
                                               "prompt",
                                               "prompt_cache_key",
                                               "prompt_cache_options",
                                               "prompt_cache_retention",
                                               "reasoning",
                                               "safety_identifier",
                                               "service_tier",
                                               "store",
                                               "temperature",
                                               "text",
                                               "tool_choice",
                                               "tools",
                                               "top_logprobs",
                                               "top_p",
                                               "truncation",
                                               "user"};
constexpr std::string_view written[] = {"input", "model", "stream", "stream_options"};
constexpr std::string_view output_bound[] = {"max_output_tokens"};
/// Extra parameters that the vendor reads when it counts (api reference, 2026-11).
constexpr const char* counted_extras[] = {"conversation", "instructions", "parallel_tool_calls",
                                          "previous_response_id", "truncation"};
constexpr std::string_view any_object = R"({"type":"object","properties":{}})";
constexpr std::string_view closed_object =
    R"({"type":"object","properties":{},"required":[],"additionalProperties":false})";

error bad_call(std::string message) {
  return {.code = errc::invalid_request, .message = std::move(message)};
}

/// Writes all parameters but the input.
class parameter_writer {
 public:
  parameter_writer(const call& c, const quirk_view& quirks, parameter_gate& gate, json::writer& out,
                   std::vector<std::string>& notes)
      : call_(c), quirks_(quirks), gate_(gate), out_(out), notes_(notes) {}

  void write(bool history_is_encrypted);
  /// Those only that are part of the prompt.
  void write_counted();

 private:
  bool can_say(std::string_view name) const {
    return quirks_.drops(name) || quirks_.takes(name, own_parameters);
  }
  void unsayable();
  void tools();
  void tool(const tool_definition& t);
  void tool_choice();
  void text();
  void reasoning();
  void thinking(bool has_effort);
  void include(bool history_is_encrypted);
  void members_of(const std::string& name, std::string_view taken);

  const call& call_;
  const quirk_view& quirks_;
  parameter_gate& gate_;
  json::writer& out_;
  std::vector<std::string>& notes_;
};

void parameter_writer::write(bool history_is_encrypted) {
  unsayable();
  if (call_.max_tokens) gate_.integer("max_output_tokens", *call_.max_tokens);
  if (call_.temperature) gate_.number("temperature", *call_.temperature);
  if (call_.top_p) gate_.number("top_p", *call_.top_p);
  if (call_.top_logprobs && *call_.top_logprobs > 0)
    gate_.integer("top_logprobs", *call_.top_logprobs);
  tools();
  tool_choice();
  if (call_.parallel_tool_calls) gate_.boolean("parallel_tool_calls", *call_.parallel_tool_calls);
  text();
  reasoning();
  include(history_is_encrypted);
  if (!call_.service_tier.empty()) gate_.text("service_tier", call_.service_tier);
  if (!call_.end_user.empty()) gate_.text("user", call_.end_user);
  auto rest = call_.extra;
  for (const char* merged : {"tools", "text", "reasoning"}) rest.erase(merged);
  dialect::take_part_options(call_, quirks_.row(), {"input_image", "input_video"}, rest, notes_);
  gate_.extras(rest, written);
}

void parameter_writer::write_counted() {
  tools();
  tool_choice();
  if (call_.parallel_tool_calls) gate_.boolean("parallel_tool_calls", *call_.parallel_tool_calls);
  text();
  reasoning();
  std::map<std::string, std::string> rest;
  for (const char* name : counted_extras)
    if (const auto at = call_.extra.find(name); at != call_.extra.end()) rest.insert(*at);
  gate_.extras(rest, written);
}

/// What the wire has no word for, unless the row knows one.
void parameter_writer::unsayable() {
  const auto refuse = [this](const std::string& what) {
    gate_.refuse({.code = errc::unsupported,
                  .message = "vendor \"" + quirks_.row().name + "\" takes no " + what +
                             ": leave it out, or choose a vendor of another family"});
  };
  if (!call_.stop.empty() && !can_say("stop")) refuse("stop sequences");
  if (!call_.stop.empty() && can_say("stop") && gate_.begin("stop")) {
    out_.begin_array();
    for (const std::string& word : call_.stop) out_.string(word);
    out_.end_array();
  }
  if (call_.seed && !can_say("seed")) refuse("seed");
  if (call_.seed && can_say("seed")) gate_.integer("seed", *call_.seed);
  if (call_.top_logprobs && !can_say("top_logprobs")) refuse("log probabilities (top_logprobs)");
  if (call_.reasoning_budget_tokens) refuse("reasoning_budget_tokens (use reasoning)");
  if (const auto at = call_.extra.find("background");
      at != call_.extra.end() && at->second != "false" && at->second != "null")
    refuse("background responses in this version");
}

void parameter_writer::tools() {
  if (call_.tools.empty() && !call_.extra.contains("tools")) return;
  if (!gate_.begin("tools")) return;
  out_.begin_array();
  for (const tool_definition& t : call_.tools) tool(t);
  if (const auto own = call_.extra.find("tools"); own != call_.extra.end())
    if (auto wrote = dialect::write_items(out_, own->second); !wrote) gate_.refuse(wrote.error());
  out_.end_array();
}

void parameter_writer::tool(const tool_definition& t) {
  if (!t.parameters.empty() && !json::is_valid(t.parameters))
    return gate_.refuse(bad_call("the parameters of tool \"" + t.name + "\" are not JSON"));
  out_.begin_object().key("type").string("function").key("name").string(t.name);
  if (!t.description.empty()) out_.key("description").string(t.description);
  const std::string_view none = t.strict ? closed_object : any_object;
  out_.key("parameters").raw(t.parameters.empty() ? none : std::string_view(t.parameters));
  // Always said: without the word this wire is strict and changes the schema.
  out_.key("strict").boolean(t.strict).end_object();
}

void parameter_writer::tool_choice() {
  const auto mode = call_.tool_choice.mode;
  if (mode == tool_choice_mode::automatic) return;
  if (call_.tools.empty() && !call_.extra.contains("tools")) {
    if (mode == tool_choice_mode::none) return;
    return gate_.refuse(bad_call("a tool choice needs tools: give them or leave the choice out"));
  }
  if (!gate_.begin("tool_choice")) return;
  if (mode == tool_choice_mode::named)
    out_.begin_object()
        .key("type")
        .string("function")
        .key("name")
        .string(call_.tool_choice.name)
        .end_object();
  else
    out_.string(mode == tool_choice_mode::none ? "none" : "required");
}

/// Adds the members of the extra parameter `name` to the object that is open; `taken` is there
/// already.
void parameter_writer::members_of(const std::string& name, std::string_view taken) {
  const auto more = call_.extra.find(name);
  if (more == call_.extra.end()) return;
  json::reader reader;
  simdjson::dom::object members;
  const auto root = reader.parse(more->second);
  if (!root || root->get(members))
    return gate_.refuse(bad_call("the parameter \"" + name + "\" is not a JSON object"));
  for (const auto [key, value] : members) {
    if (key == taken)
      return gate_.refuse(bad_call("the parameter \"" + name + "." + std::string(key) +
                                   "\" is given twice: here and by the call's own field"));
    out_.key(key).raw(simdjson::minify(value));
  }
}

void parameter_writer::text() {
  const response_format& f = call_.response_format;
  const bool formatted = f.kind != response_format_kind::text;
  if (!formatted && !call_.extra.contains("text")) return;
  const bool schema = f.kind == response_format_kind::json_schema;
  if (schema && !json::is_valid(f.schema))
    return gate_.refuse(bad_call("response_format.schema is not JSON"));
  if (!gate_.begin("text")) return;
  out_.begin_object();
  if (formatted) {
    out_.key("format").begin_object().key("type").string(schema ? "json_schema" : "json_object");
    if (schema) {
      const bool strict =
          f.strict && (quirks_.strict_any_schema || openai::fits_strict_mode(f.schema));
      out_.key("name").string(f.name);
      if (!f.description.empty()) out_.key("description").string(f.description);
      out_.key("schema").raw(f.schema).key("strict").boolean(strict);
      if (f.strict && !strict)
        notes_.push_back("vendor \"" + quirks_.row().name +
                         "\" does not enforce this JSON Schema: strict mode wants "
                         "additionalProperties false and every property in required, in all "
                         "objects");
    }
    out_.end_object();
  }
  members_of("text", formatted ? "format" : "");
  out_.end_object();
}

/// thinking{type}, where the row wants the switch beside the effort: "none" is no effort there.
void parameter_writer::thinking(bool has_effort) {
  if (!gate_.begin("thinking")) return;
  out_.begin_object().key("type").string(has_effort ? "enabled" : "disabled").end_object();
}

void parameter_writer::reasoning() {
  bool has_effort = call_.reasoning != reasoning_effort::unset;
  if (has_effort && quirks_.reasoning_as != nullptr &&
      quirks_.reasoning_as->style == "thinking_effort") {
    has_effort = call_.reasoning != reasoning_effort::none;
    thinking(has_effort);
  }
  if (!has_effort && !call_.extra.contains("reasoning")) return;
  if (!gate_.begin("reasoning")) return;
  out_.begin_object();
  if (has_effort) out_.key("effort").string(to_string(call_.reasoning));
  members_of("reasoning", has_effort ? "effort" : "");
  out_.end_object();
}

/// The reasoning that a later call can send back is asked for where the model is known to reason:
/// others refuse the question.
void parameter_writer::include(bool history_is_encrypted) {
  const bool asks_logprobs = call_.top_logprobs && !call_.extra.contains("include");
  const bool reasons = call_.reasoning != reasoning_effort::unset
                           ? call_.reasoning != reasoning_effort::none
                           : history_is_encrypted;
  const auto store = call_.extra.find("store");
  const bool stored = store != call_.extra.end() && store->second == "true";
  const bool asks_reasoning = reasons && !stored && gate_.would_take("include");
  if (call_.extra.contains("include") || (!asks_reasoning && !asks_logprobs)) return;
  if (!gate_.begin("include")) return;
  out_.begin_array();
  if (asks_reasoning) out_.string("reasoning.encrypted_content");
  if (asks_logprobs) out_.string("message.output_text.logprobs");
  out_.end_array();
}

}  // namespace

result<encoded> encode(const call& c, std::string_view model, const vendor& v, bool stream) {
  const auto able = [&v](std::string_view what) {
    return std::find(v.capabilities.begin(), v.capabilities.end(), what) != v.capabilities.end();
  };
  const dialect::sayable can{.audio = able("audio_in"),
                             .documents = true,
                             .video = able("video_in"),
                             .file_ids = true,
                             .logprobs = true};
  if (auto said = dialect::check_sayable(c, can, v); !said) return said.error();
  const quirk_view quirks(v);
  encoded made;
  std::string& body = made.request.body;
  body.reserve(1024);
  json::writer out(body);
  out.begin_object().key("model").string(model);
  input_writer input(c, quirks, out, made.notes);
  if (auto read = input.write(); !read) return read.error();
  parameter_gate gate(quirks, own_parameters, out, made.notes);
  parameter_writer(c, quirks, gate, out, made.notes).write(input.has_encrypted());
  if (auto ended = gate.finish(); !ended) return ended.error();
  made.max_output_tokens = gate.largest_of(output_bound);
  if (stream) out.key("stream").boolean(true);
  out.end_object();
  made.request.target = quirks.target(v.chat_path.empty() ? "/responses" : v.chat_path);
  made.request.headers.push_back({"content-type", "application/json"});
  made.request.headers.push_back({"accept", stream ? "text/event-stream" : "application/json"});
  quirks.add_headers(made.request.headers);
  if (const auto tools = c.extra.find("tools"); tools != c.extra.end())
    quirks.add_tool_headers(tools->second, made.request.headers);
  return made;
}

result<encoded> encode_count(const call& c, std::string_view model, const vendor& v) {
  const quirk_view quirks(v);
  encoded made;
  json::writer out(made.request.body);
  out.begin_object().key("model").string(model);
  input_writer input(c, quirks, out, made.notes);
  if (auto read = input.write(); !read) return read.error();
  parameter_gate gate(quirks, own_parameters, out, made.notes);
  parameter_writer(c, quirks, gate, out, made.notes).write_counted();
  // Not `finish`: the row's defaults are a chat's.
  if (auto taken = gate.outcome(); !taken) return taken.error();
  out.end_object();
  made.request.target =
      quirks.target((v.chat_path.empty() ? "/responses" : v.chat_path) + "/input_tokens");
  made.request.headers.push_back({"content-type", "application/json"});
  made.request.headers.push_back({"accept", "application/json"});
  quirks.add_headers(made.request.headers);
  return made;
}

}  // namespace ark::adapters::responses
