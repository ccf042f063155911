#include "base/json.hpp"
#include "dialect/media.hpp"
#include "dialect/tencent/tencent_wire.hpp"
#include "dialect/turns.hpp"

#include <algorithm>

namespace ark::adapters::tencent {
namespace {

using ark::dialect::has_part;
using ark::dialect::parameter_gate;

constexpr std::string_view chat_parameters[] = {  // SDK 3.1.162
    "Citation",
    "CustomTool",
    "EnableDeepRead",
    "EnableDeepSearch",
    "EnableEnhancement",
    "EnableMultimedia",
    "EnableRecommendedQuestions",
    "EnableSpeedSearch",
    "EnableThinking",
    "ForceSearchEnhancement",
    "SearchInfo",
    "Seed",
    "Stop",
    "StreamModeration",
    "Temperature",
    "ToolChoice",
    "Tools",
    "TopP",
    "TopicChoice",
    "WebSearchOptions"};
constexpr std::string_view chat_reserved[] = {"Messages", "Model", "Stream"};

class chat_writer {
 public:
  chat_writer(const call& c, std::string_view model, const vendor& v)
      : call_(c), model_(model), quirks_(v), out_(made_.request.body) {}
  result<encoded> run(bool stream);

 private:
  void one(std::size_t index);
  void tool_results(const message& m);
  void content(const message& m);
  void image(const image_part& image);
  void calls(const message& m);
  void tool(const tool_definition& t);
  void tool_choice(parameter_gate& gate);
  void parameters(parameter_gate& gate);
  void note(std::string text) { made_.notes.push_back(std::move(text)); }
  /// ... of the vendor that it is about.
  void note_of_vendor(const std::string& text) {
    note("vendor \"" + quirks_.row().name + "\" " + text);
  }
  void refuse(std::string message, errc code = errc::invalid_request) {
    if (!refusal_) refusal_ = refused(std::move(message), code);
  }

  const call& call_;
  std::string_view model_;
  quirk_view quirks_;
  encoded made_;
  json::writer out_;
  std::optional<error> refusal_;
};

void chat_writer::one(std::size_t index) {
  const message& m = call_.messages[index];
  if (auto ok = ark::dialect::check_turn(m, index); !ok) return refuse(ok.error().message);
  tool_results(m);
  if (ark::dialect::is_tool_results(m)) return;
  if (!m.name.empty()) note("this family has no names of speakers: they were left out");
  out_.begin_object().key("Role");
  out_.string(to_string(m.role == role::developer ? role::system : m.role));
  content(m);
  const bool replays = quirks_.replays_reasoning(call_.messages, index);
  if (const std::string text = m.reasoning(); replays && !text.empty())
    out_.key("ReasoningContent").string(text);
  if (has_part<tool_call_part>(m)) calls(m);
  out_.end_object();
}

void chat_writer::tool_results(const message& m) {
  for (const part& p : m.parts) {
    const auto* r = std::get_if<tool_result_part>(&p);
    if (r == nullptr) continue;
    if (r->tool_call_id.empty()) refuse("a tool result has no tool_call_id: take it from the call");
    out_.begin_object().key("Role").string("tool").key("Content").string(r->text);
    out_.key("ToolCallId").string(r->tool_call_id).end_object();
    if (r->is_error) note("this family has no mark for a failed tool: only its text was sent");
  }
}

/// One text, or a list where there is an image.
void chat_writer::content(const message& m) {
  const bool is_list = has_part<image_part>(m);
  std::string joined;
  if (is_list) out_.key("Contents").begin_array();
  for (const part& p : m.parts) {
    const auto* text = std::get_if<text_part>(&p);
    const auto* refusal = std::get_if<refusal_part>(&p);
    if (refusal != nullptr) note("this family has no refusals: an earlier one was sent as text");
    if (const auto* picture = std::get_if<image_part>(&p)) image(*picture);
    if (text == nullptr && refusal == nullptr) continue;
    const std::string& said = text != nullptr ? text->text : refusal->text;
    joined += said;
    if (is_list)
      out_.begin_object().key("Type").string("text").key("Text").string(said).end_object();
  }
  if (is_list)
    out_.end_array();
  else
    out_.key("Content").string(joined);
}

void chat_writer::image(const image_part& image) {
  const auto media = ark::dialect::media_of("an image", image);
  if (!media) return refuse(media.error().message);
  out_.begin_object().key("Type").string("image_url").key("ImageUrl").begin_object().key("Url");
  ark::dialect::write_url(out_, *media);
  out_.end_object().end_object();
  if (!image.detail.empty()) note("this family has no detail of an image: it was left out");
}

void chat_writer::calls(const message& m) {
  out_.key("ToolCalls").begin_array();
  for (const part& p : m.parts) {
    const auto* c = std::get_if<tool_call_part>(&p);
    if (c == nullptr) continue;
    out_.begin_object().key("Id").string(c->id).key("Type").string("function");
    out_.key("Function").begin_object().key("Name").string(c->name);
    out_.key("Arguments").string(c->arguments.empty() ? "{}" : c->arguments);
    out_.end_object().end_object();
  }
  out_.end_array();
}

/// A tool's schema is JSON inside a string here.
void chat_writer::tool(const tool_definition& t) {
  if (!t.parameters.empty() && !json::is_valid(t.parameters))
    refuse("the parameters of tool \"" + t.name + "\" are not JSON");
  out_.begin_object().key("Type").string("function");
  out_.key("Function").begin_object().key("Name").string(t.name);
  if (!t.description.empty()) out_.key("Description").string(t.description);
  out_.key("Parameters")
      .string(t.parameters.empty() ? R"({"type":"object","properties":{}})" : t.parameters);
  out_.end_object().end_object();
  if (t.strict) note_of_vendor("has no strict tools: the arguments may not follow the schema");
}

void chat_writer::tool_choice(parameter_gate& gate) {
  const auto mode = call_.tool_choice.mode;
  if (mode == tool_choice_mode::automatic) return;
  if (mode == tool_choice_mode::required)
    return refuse(
        "this family cannot require just any tool: name one, or leave the choice to the model",
        errc::unsupported);
  if (mode == tool_choice_mode::none) {
    if (!call_.tools.empty()) gate.text("ToolChoice", "none");
    return;
  }
  for (const tool_definition& t : call_.tools) {
    if (t.name != call_.tool_choice.name) continue;
    gate.text("ToolChoice", "custom");
    if (gate.begin("CustomTool")) tool(t);
    return;
  }
  refuse("the chosen tool \"" + call_.tool_choice.name + "\" is none of the call's tools");
}

void chat_writer::parameters(parameter_gate& gate) {
  const call& c = call_;
  if (c.max_tokens) gate.integer("MaxTokens", *c.max_tokens);
  if (c.temperature) gate.number("Temperature", *c.temperature);
  if (c.top_p) gate.number("TopP", *c.top_p);
  if (c.seed && (*c.seed < 1 || *c.seed > 10000))
    refuse("this family takes a seed from 1 to 10000");
  if (c.seed) gate.integer("Seed", *c.seed);
  if (!c.stop.empty() && gate.begin("Stop")) {
    out_.begin_array();
    for (const std::string& word : c.stop) out_.string(word);
    out_.end_array();
    note_of_vendor("ends an answer after a stop text, not before it");
  }
  if (c.parallel_tool_calls) gate.boolean("ParallelToolCalls", *c.parallel_tool_calls);
  if (!c.service_tier.empty()) gate.text("ServiceTier", c.service_tier);
  if (!c.end_user.empty()) gate.text("User", c.end_user);
  if (c.reasoning_budget_tokens) gate.integer("ThinkingBudget", *c.reasoning_budget_tokens);
  if (c.reasoning != reasoning_effort::unset)
    gate.boolean("EnableThinking", c.reasoning != reasoning_effort::none);
  if (c.reasoning > reasoning_effort::none)
    note_of_vendor("knows no levels of reasoning: it was only switched on");
  if (c.response_format.kind != response_format_kind::text)
    refuse("this family has no structured output: ask for it in the prompt", errc::unsupported);
  if (!c.tools.empty() && gate.begin("Tools")) {
    out_.begin_array();
    for (const tool_definition& t : c.tools) tool(t);
    out_.end_array();
  }
}

result<encoded> chat_writer::run(bool stream) {
  if (auto said = ark::dialect::check_sayable(call_, {}, quirks_.row()); !said) return said.error();
  if (call_.messages.empty()) return refused("a call needs at least one message");
  made_.request.body.reserve(1024);
  out_.begin_object().key("Model").string(model_).key("Messages").begin_array();
  for (std::size_t i = 0; i < call_.messages.size(); ++i) one(i);
  out_.end_array();
  parameter_gate gate(quirks_, chat_parameters, out_, made_.notes);
  parameters(gate);
  tool_choice(gate);
  gate.extras(call_.extra, chat_reserved);
  if (auto taken = gate.finish(); !taken) return taken.error();
  if (refusal_) return *refusal_;
  out_.key("Stream").boolean(stream).end_object();
  address(made_.request, quirks_, quirks_.row().chat_path, "ChatCompletions", stream);
  return std::move(made_);
}

}  // namespace

error refused(std::string message, errc code) {
  return {.code = code, .message = std::move(message)};
}

void address(wire::http_request& request, const quirk_view& quirks, std::string_view path,
             std::string_view action, bool stream) {
  request.target = quirks.target(path.empty() ? "/" : path);
  request.headers = {{"content-type", "application/json"},
                     {"accept", stream ? "text/event-stream" : "application/json"},
                     {"x-tc-action", std::string(action)},
                     {"x-tc-version", "2023-09-01"}};
  quirks.add_headers(request.headers);
}

result<encoded> encode_chat(const call& c, std::string_view model, const vendor& v, bool stream) {
  return chat_writer(c, model, v).run(stream);
}

}  // namespace ark::adapters::tencent
