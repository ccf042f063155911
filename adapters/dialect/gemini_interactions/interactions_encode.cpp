#include "dialect/gemini_interactions/interactions_wire.hpp"

#include <algorithm>

namespace ark::adapters::interactions {
namespace {

/// The vendor's documents of 2026-11.
constexpr std::string_view known_parameters[] = {
    // of the request
    "background", "previous_interaction_id", "response_format", "response_modalities",
    "service_tier", "store", "tools",
    // of generation_config
    "image_config", "max_output_tokens", "seed", "speech_config", "stop_sequences", "temperature",
    "thinking_level", "thinking_summaries", "tool_choice", "top_p"};
constexpr std::size_t request_parameters = 7;
constexpr std::string_view reserved_names[] = {"input", "system_instruction", "generation_config",
                                               "model", "stream"};
constexpr std::string_view output_limits[] = {"max_output_tokens"};

bool is_of_config(std::string_view name) {
  const auto* begin = std::begin(known_parameters) + request_parameters;
  return std::find(begin, std::end(known_parameters), name) != std::end(known_parameters);
}

/// Writes one request; the first thing that cannot be said stays in the gate.
class interaction_writer {
 public:
  interaction_writer(const call& c, std::string_view model, const vendor& v)
      : call_(c),
        model_(model),
        quirks_(v),
        writer_(out_.request.body),
        gate_(quirks_, known_parameters, writer_, out_.notes) {}
  result<dialect::encoded> run(bool stream);

 private:
  void note(std::string text) { out_.notes.push_back(std::move(text)); }
  void refuse(errc code, std::string message) {
    gate_.refuse({.code = code, .message = std::move(message)});
  }
  void unsayable();
  void generation_config();
  void sampling();
  void thinking();
  void tool_choice();
  void tools();
  void own_tools();
  void response_format();

  const call& call_;
  std::string_view model_;
  dialect::quirk_view quirks_;
  dialect::encoded out_;
  json::writer writer_;
  dialect::parameter_gate gate_;
  std::map<std::string, std::string> request_extras_, config_extras_;  ///< the gate keeps names
};

/// What the wire has no place for, and what is another interface.
void interaction_writer::unsayable() {
  if (!call_.end_user.empty() && !quirks_.drops("user"))
    refuse(errc::unsupported, "this vendor takes no end user: leave it out");
  if (call_.parallel_tool_calls == false && !quirks_.drops("parallel_tool_calls"))
    refuse(errc::unsupported,
           "this vendor cannot be told to call one tool at a time: leave parallel_tool_calls out");
  if (call_.reasoning_budget_tokens && !quirks_.drops("reasoning_budget_tokens"))
    refuse(errc::unsupported,
           "this interface takes no budget of reasoning tokens: give an effort instead");
  if (const auto at = call_.extra.find("background");
      at != call_.extra.end() && at->second != "false" && at->second != "null")
    refuse(errc::unsupported,
           "this version does not wait for answers in the background: leave \"background\" out");
}

void interaction_writer::sampling() {
  if (call_.max_tokens) gate_.integer("max_output_tokens", *call_.max_tokens);
  if (call_.temperature) gate_.number("temperature", *call_.temperature);
  if (call_.top_p) gate_.number("top_p", *call_.top_p);
  if (call_.seed) gate_.integer("seed", *call_.seed);
  if (call_.stop.empty() || !gate_.begin("stop_sequences")) return;
  writer_.begin_array();
  for (const std::string& text : call_.stop) writer_.string(text);
  writer_.end_array();
}

/// Models of all versions take the level (recorded). There is none that ends thinking.
void interaction_writer::thinking() {
  using effort = reasoning_effort;
  const effort asked = call_.reasoning;
  if (asked == effort::unset) return;
  const bool none = asked == effort::none, beyond = asked > effort::high;
  const effort sent = none ? effort::minimal : beyond ? effort::high : asked;
  gate_.text("thinking_level", to_string(sent));
  if (!none && !config_extras_.contains("thinking_summaries"))
    gate_.text("thinking_summaries", "auto");
  if (sent != asked)
    note("reasoning effort " + std::string(to_string(asked)) + " was sent as " +
         std::string(to_string(sent)) + (none ? ", the least" : ", the most"));
}

void interaction_writer::tool_choice() {
  const auto mode = call_.tool_choice.mode;
  if (mode == tool_choice_mode::automatic) return;
  // Without functions "none" says nothing.
  if (call_.tools.empty() && mode == tool_choice_mode::none) return;
  if (call_.tools.empty())
    return refuse(errc::invalid_request,
                  "a tool choice needs tools: give them or leave the choice out");
  if (mode != tool_choice_mode::named)
    return gate_.text("tool_choice", mode == tool_choice_mode::none ? "none" : "any");
  if (!gate_.begin("tool_choice")) return;
  writer_.begin_object().key("allowed_tools").begin_object().key("mode").string("any");
  writer_.key("tools").begin_array().string(call_.tool_choice.name).end_array();
  writer_.end_object().end_object();
}

/// Left out when empty.
void interaction_writer::generation_config() {
  const std::size_t before = out_.request.body.size();
  writer_.key("generation_config").begin_object();
  const std::size_t begun = out_.request.body.size();
  sampling();
  thinking();
  tool_choice();
  gate_.extras(config_extras_, reserved_names);
  const bool empty = out_.request.body.size() == begun;
  writer_.end_object();
  if (empty) out_.request.body.resize(before);
}

void interaction_writer::tools() {
  const bool has_own = request_extras_.contains("tools");
  if ((call_.tools.empty() && !has_own) || !gate_.begin("tools")) return;
  writer_.begin_array();
  for (const tool_definition& t : call_.tools) {
    writer_.begin_object().key("type").string("function").key("name").string(t.name);
    if (!t.description.empty()) writer_.key("description").string(t.description);
    if (!t.parameters.empty()) {
      writer_.key("parameters");
      gemini::write_json(writer_, gate_, "the schema of tool \"" + t.name + '"', t.parameters);
    }
    writer_.end_object();
  }
  const auto strict = [](const tool_definition& t) { return t.strict; };
  if (std::any_of(call_.tools.begin(), call_.tools.end(), strict))
    note("this vendor has no strict tools: arguments may differ from their schema");
  if (has_own) own_tools();
  writer_.end_array();
}

/// Tools that the vendor runs itself, behind the call's functions.
void interaction_writer::own_tools() {
  json::reader reader;
  const auto list = reader.parse(request_extras_["tools"]);
  simdjson::dom::array items;
  if (!list || list->get(items))
    return refuse(errc::invalid_request, "the extra parameter \"tools\" must be a list of objects");
  for (const element item : items) writer_.raw(simdjson::minify(item));
}

void interaction_writer::response_format() {
  const auto& format = call_.response_format;
  if (format.kind == response_format_kind::text || !gate_.begin("response_format")) return;
  writer_.begin_object().key("type").string("text");
  writer_.key("mime_type").string("application/json");
  if (format.kind == response_format_kind::json_schema) {
    writer_.key("schema");
    gemini::write_json(writer_, gate_, "the response format's schema", format.schema);
  }
  writer_.end_object();
}

result<dialect::encoded> interaction_writer::run(bool stream) {
  const std::string& own_path = quirks_.row().chat_path;
  out_.request.target = quirks_.target(own_path.empty() ? "/interactions" : own_path, model_);
  out_.request.body.reserve(1024);
  for (const auto& [name, value] : call_.extra)
    (is_of_config(name) ? config_extras_ : request_extras_)[name] = value;
  writer_.begin_object().key("model").string(model_);
  if (stream) writer_.key("stream").boolean(true);
  unsayable();
  write_input(call_, writer_, gate_, out_.notes);
  generation_config();
  tools();
  request_extras_.erase("tools");
  response_format();
  if (!call_.service_tier.empty()) gate_.text("service_tier", call_.service_tier);
  gate_.extras(request_extras_, reserved_names);
  if (auto taken = gate_.finish(); !taken) return taken.error();
  out_.max_output_tokens = gate_.largest_of(output_limits);
  writer_.end_object();
  out_.request.headers.push_back({"content-type", "application/json"});
  out_.request.headers.push_back({"accept", stream ? "text/event-stream" : "application/json"});
  quirks_.add_headers(out_.request.headers);
  return std::move(out_);
}

}  // namespace

result<dialect::encoded> encode_chat(const call& c, std::string_view model, const vendor& v,
                                     bool stream) {
  return interaction_writer(c, model, v).run(stream);
}

}  // namespace ark::adapters::interactions
