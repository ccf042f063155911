#include "base/json.hpp"
#include "dialect/cohere/cohere_wire.hpp"
#include "dialect/media.hpp"
#include "dialect/quirks.hpp"
#include "wire/base64.hpp"

#include <algorithm>

namespace ark::adapters::cohere {
namespace {

using ark::dialect::parameter_gate;
using ark::dialect::quirk_view;

constexpr std::string_view chat_parameters[] = {"max_tokens",
                                                "temperature",
                                                "p",
                                                "k",
                                                "stop_sequences",
                                                "seed",
                                                "tools",
                                                "tool_choice",
                                                "strict_tools",
                                                "response_format",
                                                "thinking",
                                                "frequency_penalty",
                                                "presence_penalty",
                                                "logprobs",
                                                "documents",
                                                "citation_options",
                                                "safety_mode",
                                                "priority"};
constexpr std::string_view chat_reserved[] = {"model", "messages", "stream"};
constexpr std::string_view output_limits[] = {"max_tokens"};
constexpr std::string_view no_parameters = R"({"type":"object","properties":{}})";

error invalid(std::string message) {
  return {.code = errc::invalid_request, .message = std::move(message)};
}

std::string at_message(std::size_t index) { return "message " + std::to_string(index + 1); }

/// Writes one request; the first thing that cannot be said stays in the gate.
class encoder {
 public:
  encoder(const call& c, std::string_view model, const vendor& v)
      : call_(c),
        model_(model),
        quirks_(v),
        writer_(out_.request.body),
        gate_(quirks_, chat_parameters, writer_, out_.notes) {}
  result<encoded> run(bool stream);

 private:
  void refuse(std::string message) { gate_.refuse(invalid(std::move(message))); }
  void unsupported(std::string_view parameter, std::string message);
  void note(std::string text);
  void json_value(std::string_view what, std::string_view json);
  void messages();
  void one_message(const message& m, std::size_t index);
  void tool_results(const message& m, std::size_t index);
  void content(const message& m, std::size_t index);
  bool text_alone(const message& m, std::size_t index);
  void assistant(const message& m, std::size_t index);
  void image(const image_part& image, std::size_t index);
  void limits_and_sampling();
  void tools();
  void tool_choice();
  void response_format();
  void thinking();

  const call& call_;
  std::string_view model_;
  quirk_view quirks_;
  encoded out_;
  json::writer writer_;
  parameter_gate gate_;
};

void encoder::note(std::string text) {
  auto& notes = out_.notes;
  if (std::find(notes.begin(), notes.end(), text) == notes.end()) notes.push_back(std::move(text));
}

/// What the family has no word for: refused, unless the row says that it is dropped.
void encoder::unsupported(std::string_view parameter, std::string message) {
  if (quirks_.drops(parameter))
    gate_.begin(parameter);
  else
    gate_.refuse({.code = errc::unsupported, .message = std::move(message)});
}

/// Raw JSON of the caller's, checked: it must not break out of its place.
void encoder::json_value(std::string_view what, std::string_view json) {
  if (json::is_valid(json)) {
    writer_.raw(json);
  } else {
    writer_.null();
    refuse(std::string(what) + " is not JSON: correct it");
  }
}

// --- messages

void encoder::messages() {
  writer_.key("messages").begin_array();
  for (std::size_t i = 0; i < call_.messages.size(); ++i) one_message(call_.messages[i], i);
  writer_.end_array();
}

void encoder::one_message(const message& m, std::size_t index) {
  if (!m.name.empty()) note("names of speakers were left out: this vendor has none");
  if (m.role == role::tool) return tool_results(m, index);
  writer_.begin_object().key("role");
  switch (m.role) {
    case role::system:
    case role::developer:
      writer_.string("system");
      break;
    case role::assistant:
      writer_.string("assistant");
      break;
    case role::user:
    case role::tool:
      writer_.string("user");
      break;
  }
  if (m.role == role::assistant)
    assistant(m, index);
  else
    content(m, index);
  writer_.end_object();
}

/// Each result is a message of its own.
void encoder::tool_results(const message& m, std::size_t index) {
  if (m.parts.empty()) refuse(at_message(index) + " is empty: leave it out");
  for (const part& p : m.parts) {
    const auto* t = std::get_if<tool_result_part>(&p);
    if (t == nullptr) return refuse(at_message(index) + " has a part that its role cannot have");
    if (t->is_error)
      note("a tool's failure was sent as its result: this vendor has no mark for it");
    writer_.begin_object().key("role").string("tool").key("tool_call_id").string(t->tool_call_id);
    writer_.key("content").string(t->text).end_object();
  }
}

/// One text is sent as a string; the other parts of a user's message as a list.
bool encoder::text_alone(const message& m, std::size_t index) {
  if (m.parts.empty()) refuse(at_message(index) + " is empty: leave it out");
  const auto* text = m.parts.size() == 1 ? std::get_if<text_part>(&m.parts.front()) : nullptr;
  if (text != nullptr) writer_.key("content").string(text->text);
  return text != nullptr;
}

void encoder::content(const message& m, std::size_t index) {
  if (text_alone(m, index)) return;
  writer_.key("content").begin_array();
  for (const part& p : m.parts) {
    const auto* picture = std::get_if<image_part>(&p);
    if (const auto* text = std::get_if<text_part>(&p))
      writer_.begin_object().key("type").string("text").key("text").string(text->text).end_object();
    else if (picture != nullptr && m.role == role::user)
      image(*picture, index);
    else
      refuse(at_message(index) + " has a part that its role cannot have");
  }
  writer_.end_array();
}

void encoder::image(const image_part& image, std::size_t index) {
  if (image.url.empty() && image.media_type.empty())
    return refuse(at_message(index) +
                  " has an image without media type: set it, as in \"image/png\"");
  writer_.begin_object().key("type").string("image_url").key("image_url").begin_object();
  if (!image.url.empty())
    writer_.key("url").string(image.url);
  else
    writer_.key("url").string("data:" + image.media_type + ";base64," +
                              wire::base64_encode(image.bytes));
  if (!image.detail.empty()) writer_.key("detail").string(image.detail);
  writer_.end_object().end_object();
}

/// The plan before tool calls goes back where the vendor has a place for it; other reasoning has
/// never been seen to be sent back.
void encoder::assistant(const message& m, std::size_t index) {
  std::string text, plan;
  bool calls = false;
  for (const part& p : m.parts) {
    if (const auto* said = std::get_if<text_part>(&p)) text += said->text;
    if (const auto* declined = std::get_if<refusal_part>(&p)) text += declined->text;
    if (const auto* thought = std::get_if<reasoning_part>(&p)) plan += thought->text;
    calls = calls || std::holds_alternative<tool_call_part>(p);
    if (std::holds_alternative<image_part>(p) || std::holds_alternative<tool_result_part>(p))
      refuse(at_message(index) + " has a part that its role cannot have");
  }
  if (text.empty() && !calls) refuse(at_message(index) + " has neither text nor tool calls");
  if (!text.empty()) writer_.key("content").string(text);
  if (!plan.empty() && !calls) note("earlier reasoning without tool calls was left out");
  if (!calls) return;
  if (!plan.empty()) writer_.key("tool_plan").string(plan);
  writer_.key("tool_calls").begin_array();
  for (const part& p : m.parts) {
    const auto* t = std::get_if<tool_call_part>(&p);
    if (t == nullptr) continue;
    if (!t->arguments.empty() && !json::is_valid(t->arguments))
      refuse("the arguments of " + at_message(index) + "'s tool call are not JSON: correct them");
    writer_.begin_object().key("id").string(t->id).key("type").string("function");
    writer_.key("function").begin_object().key("name").string(t->name);
    writer_.key("arguments").string(t->arguments.empty() ? "{}" : t->arguments);
    writer_.end_object().end_object();
  }
  writer_.end_array();
}

// --- parameters

void encoder::limits_and_sampling() {
  if (call_.max_tokens) gate_.integer("max_tokens", *call_.max_tokens);
  if (call_.temperature) gate_.number("temperature", *call_.temperature);
  if (call_.top_p) gate_.number("p", *call_.top_p);
  if (!call_.stop.empty() && gate_.begin("stop_sequences")) {
    writer_.begin_array();
    for (const std::string& text : call_.stop) writer_.string(text);
    writer_.end_array();
  }
  if (call_.seed) gate_.integer("seed", *call_.seed);
  if (call_.top_logprobs) {
    gate_.boolean("logprobs", true);
    if (*call_.top_logprobs > 0)
      note("log probabilities come of the chosen tokens only: this vendor has no others");
  }
  if (!call_.service_tier.empty())
    unsupported("service_tier", "this vendor has no service tiers: leave the tier out");
  if (!call_.end_user.empty())
    note("the end user's id was left out: this vendor has no place for it");
}

void encoder::tools() {
  const auto& all = call_.tools;
  if (all.empty() || !gate_.begin("tools")) return;
  writer_.begin_array();
  for (const tool_definition& t : all) {
    writer_.begin_object().key("type").string("function").key("function").begin_object();
    writer_.key("name").string(t.name);
    if (!t.description.empty()) writer_.key("description").string(t.description);
    writer_.key("parameters");
    json_value("the schema of tool \"" + t.name + "\"",
               t.parameters.empty() ? no_parameters : std::string_view(t.parameters));
    writer_.end_object().end_object();
  }
  writer_.end_array();
  const auto strict = std::count_if(all.begin(), all.end(), [](const auto& t) { return t.strict; });
  if (strict == static_cast<std::ptrdiff_t>(all.size()))
    gate_.boolean("strict_tools", true);
  else if (strict > 0)
    note("strict tools were not asked for: this vendor has one word for all tools of a call");
}

void encoder::tool_choice() {
  if (call_.parallel_tool_calls && !*call_.parallel_tool_calls)
    unsupported("parallel_tool_calls",
                "this vendor cannot be told to call one tool at a time: leave it out");
  const auto mode = call_.tool_choice.mode;
  if (mode == tool_choice_mode::automatic) return;
  // Without tools "none" says nothing, and the vendor refuses the word.
  if (call_.tools.empty() && mode == tool_choice_mode::none) return;
  if (call_.tools.empty())
    return refuse("a tool choice needs tools: give them or leave the choice out");
  if (mode == tool_choice_mode::named)
    return unsupported("tool_choice",
                       "this vendor cannot be told which tool to call: give only that tool and "
                       "choose \"required\"");
  gate_.text("tool_choice", mode == tool_choice_mode::none ? "NONE" : "REQUIRED");
}

void encoder::response_format() {
  const auto& format = call_.response_format;
  if (format.kind == response_format_kind::text || !gate_.begin("response_format")) return;
  writer_.begin_object().key("type").string("json_object");
  if (format.kind == response_format_kind::json_schema) {
    writer_.key("json_schema");
    json_value("the response format's schema", format.schema);
  }
  writer_.end_object();
}

/// The vendor knows on, off and a budget; an effort other than none means on.
void encoder::thinking() {
  const auto asked = call_.reasoning;
  const auto& budget = call_.reasoning_budget_tokens;
  if (asked == reasoning_effort::unset && !budget) return;
  if (budget && *budget < 1)
    return refuse("a reasoning budget is at least 1 token: for none, set the effort to none");
  if (budget && asked == reasoning_effort::none)
    return refuse("a reasoning budget and the effort none contradict each other: leave one out");
  if (!gate_.begin("thinking")) return;
  const bool off = asked == reasoning_effort::none;
  writer_.begin_object().key("type").string(off ? "disabled" : "enabled");
  if (budget) writer_.key("token_budget").number(*budget);
  writer_.end_object();
  if (!off && !budget)
    note("reasoning effort " + std::string(to_string(asked)) +
         " was sent as thinking enabled: this vendor has no efforts");
}

// --- the whole

result<encoded> encoder::run(bool stream) {
  if (auto said = ark::dialect::check_sayable(call_, {.logprobs = true}, quirks_.row()); !said)
    return said.error();
  const std::string& path = quirks_.row().chat_path;
  out_.request.target = quirks_.target(path.empty() ? "/v2/chat" : path);
  out_.request.body.reserve(1024);
  writer_.begin_object().key("model").string(model_);
  messages();
  limits_and_sampling();
  tools();
  tool_choice();
  response_format();
  thinking();
  if (stream) writer_.key("stream").boolean(true);
  gate_.extras(call_.extra, chat_reserved);
  if (auto taken = gate_.finish(); !taken) return taken.error();
  out_.max_output_tokens = gate_.largest_of(output_limits);
  writer_.end_object();
  auto& headers = out_.request.headers;
  headers.push_back({"content-type", "application/json"});
  headers.push_back({"accept", stream ? "text/event-stream" : "application/json"});
  quirks_.add_headers(headers);
  return std::move(out_);
}

}  // namespace

result<encoded> encode_chat(const call& c, std::string_view model, const vendor& v, bool stream) {
  return encoder(c, model, v).run(stream);
}

}  // namespace ark::adapters::cohere
