#include "base/json.hpp"
#include "dialect/media.hpp"
#include "dialect/tencent/tencent_wire.hpp"
#include "wire/base64.hpp"

#include <algorithm>

namespace ark::adapters::tencent {
namespace {

using ark::dialect::parameter_gate;

constexpr std::string_view chat_parameters[] = {"Citation",
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

template <class Part>
bool holds_any(const message& m) {
  return std::any_of(m.parts.begin(), m.parts.end(),
                     [](const part& p) { return std::holds_alternative<Part>(p); });
}

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
  void tools(parameter_gate& gate);
  void tool(const tool_definition& t);
  void tool_choice(parameter_gate& gate);
  void parameters(parameter_gate& gate);
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
  const std::string place = "message " + std::to_string(index + 1);
  if (m.parts.empty()) return refuse(place + " has no parts");
  tool_results(m);
  if (std::all_of(m.parts.begin(), m.parts.end(),
                  [](const part& p) { return std::holds_alternative<tool_result_part>(p); }))
    return;
  if (m.role == role::tool)
    return refuse(place + " has the role tool: all of its parts must be tool results");
  if (m.role != role::assistant && holds_any<tool_call_part>(m))
    return refuse(place + " has tool calls: only the assistant makes them");
  if (!m.name.empty())
    made_.notes.emplace_back("this family has no names of speakers: they were left out");
  out_.begin_object().key("Role");
  out_.string(to_string(m.role == role::developer ? role::system : m.role));
  content(m);
  if (quirks_.replays_reasoning(call_.messages, index))
    if (const std::string text = m.reasoning(); !text.empty())
      out_.key("ReasoningContent").string(text);
  if (holds_any<tool_call_part>(m)) calls(m);
  out_.end_object();
}

void chat_writer::tool_results(const message& m) {
  for (const part& p : m.parts) {
    const auto* r = std::get_if<tool_result_part>(&p);
    if (r == nullptr) continue;
    if (r->tool_call_id.empty()) refuse("a tool result has no tool_call_id: take it from the call");
    out_.begin_object().key("Role").string("tool").key("Content").string(r->text);
    out_.key("ToolCallId").string(r->tool_call_id).end_object();
    if (r->is_error)
      made_.notes.emplace_back("this family has no mark for a failed tool: only its text was sent");
  }
}

void chat_writer::content(const message& m) {
  const bool has_image = holds_any<image_part>(m);
  std::string joined;
  if (has_image) out_.key("Contents").begin_array();
  for (const part& p : m.parts) {
    const auto* text = std::get_if<text_part>(&p);
    const auto* refusal = std::get_if<refusal_part>(&p);
    if (refusal != nullptr)
      made_.notes.emplace_back("this family has no refusals: an earlier one was sent as text");
    if (const auto* picture = std::get_if<image_part>(&p)) image(*picture);
    if (text == nullptr && refusal == nullptr) continue;
    const std::string& said = text != nullptr ? text->text : refusal->text;
    if (has_image)
      out_.begin_object().key("Type").string("text").key("Text").string(said).end_object();
    else
      joined += said;
  }
  if (has_image)
    out_.end_array();
  else
    out_.key("Content").string(joined);
}

void chat_writer::image(const image_part& image) {
  if (image.url.empty() == image.bytes.empty())
    return refuse("an image needs either a URL or bytes");
  if (image.url.empty() && image.media_type.empty())
    return refuse("an image given as bytes needs its media_type, as \"image/png\"");
  std::string url = image.url;
  if (url.empty()) {
    url = "data:" + image.media_type + ";base64,";
    wire::append_base64(url, image.bytes);
  }
  out_.begin_object().key("Type").string("image_url");
  out_.key("ImageUrl").begin_object().key("Url").string(url).end_object().end_object();
  if (!image.detail.empty())
    made_.notes.emplace_back("this family has no detail of an image: it was left out");
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
  if (t.strict)
    made_.notes.push_back("vendor \"" + quirks_.row().name +
                          "\" has no strict tools: the arguments may not follow the schema");
}

void chat_writer::tools(parameter_gate& gate) {
  if (call_.tools.empty() || !gate.begin("Tools")) return;
  out_.begin_array();
  for (const tool_definition& t : call_.tools) tool(t);
  out_.end_array();
}

void chat_writer::tool_choice(parameter_gate& gate) {
  const auto mode = call_.tool_choice.mode;
  if (mode == tool_choice_mode::automatic) return;
  if (mode == tool_choice_mode::required)
    return refuse(
        "this family cannot require just any tool: name one, or leave the choice to the "
        "model",
        errc::unsupported);
  if (mode == tool_choice_mode::none) {
    if (!call_.tools.empty()) gate.text("ToolChoice", "none");
    return;
  }
  const auto named =
      std::find_if(call_.tools.begin(), call_.tools.end(),
                   [this](const tool_definition& t) { return t.name == call_.tool_choice.name; });
  if (named == call_.tools.end())
    return refuse("the chosen tool \"" + call_.tool_choice.name + "\" is none of the call's tools");
  gate.text("ToolChoice", "custom");
  if (gate.begin("CustomTool")) tool(*named);
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
    made_.notes.push_back("vendor \"" + quirks_.row().name +
                          "\" ends an answer after a stop text, not before it");
  }
  if (c.parallel_tool_calls) gate.boolean("ParallelToolCalls", *c.parallel_tool_calls);
  if (!c.service_tier.empty()) gate.text("ServiceTier", c.service_tier);
  if (!c.end_user.empty()) gate.text("User", c.end_user);
  if (c.reasoning_budget_tokens) gate.integer("ThinkingBudget", *c.reasoning_budget_tokens);
  if (c.reasoning != reasoning_effort::unset)
    gate.boolean("EnableThinking", c.reasoning != reasoning_effort::none);
  if (c.reasoning > reasoning_effort::none)
    made_.notes.push_back("vendor \"" + quirks_.row().name +
                          "\" knows no levels of reasoning: it was only switched on");
  if (c.response_format.kind != response_format_kind::text)
    refuse("this family has no structured output: ask for it in the prompt", errc::unsupported);
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
  tools(gate);
  tool_choice(gate);
  gate.extras(call_.extra, chat_reserved);
  if (auto taken = gate.finish(); !taken) return taken.error();
  if (refusal_) return *refusal_;
  out_.key("Stream").boolean(stream).end_object();
  const std::string& path = quirks_.row().chat_path;
  made_.request.target = quirks_.target(path.empty() ? "/" : path);
  add_action(made_.request.headers, "ChatCompletions", stream);
  quirks_.add_headers(made_.request.headers);
  return std::move(made_);
}

}  // namespace

error refused(std::string message, errc code) {
  return {.code = code, .message = std::move(message)};
}

void add_action(wire::header_list& headers, std::string_view action, bool stream) {
  headers.push_back({"content-type", "application/json"});
  headers.push_back({"accept", stream ? "text/event-stream" : "application/json"});
  headers.push_back({"x-tc-action", std::string(action)});
  headers.push_back({"x-tc-version", "2023-09-01"});
}

result<encoded> encode_chat(const call& c, std::string_view model, const vendor& v, bool stream) {
  return chat_writer(c, model, v).run(stream);
}

}  // namespace ark::adapters::tencent
