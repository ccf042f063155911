#include "base/json.hpp"
#include "dialect/cloudflare_run/cloudflare_run.hpp"
#include "dialect/media.hpp"
#include "dialect/quirks.hpp"
#include "wire/url.hpp"

#include <algorithm>
#include <array>

namespace ark::adapters::cloudflare {
namespace {

using dialect::parameter_gate;

constexpr std::array<std::string_view, 12> family_parameters = {"frequency_penalty",
                                                                "lora",
                                                                "max_tokens",
                                                                "presence_penalty",
                                                                "raw",
                                                                "repetition_penalty",
                                                                "response_format",
                                                                "seed",
                                                                "temperature",
                                                                "tools",
                                                                "top_k",
                                                                "top_p"};
constexpr std::array<std::string_view, 2> reserved_names = {"messages", "stream"};
constexpr std::array<std::string_view, 1> limit_names = {"max_tokens"};

error refusal_of(errc code, std::string message) {
  return {.code = code, .message = std::move(message)};
}

void note(std::vector<std::string>& notes, std::string_view text) {
  if (std::find(notes.begin(), notes.end(), text) == notes.end()) notes.emplace_back(text);
}

/// "/run/@cf/owner/name": each part is encoded, but for "@" (recorded).
result<std::string> path_of(std::string_view model) {
  std::string path = "/run";
  while (true) {
    const auto slash = model.find('/');
    auto part = wire::encode_segment(model.substr(0, slash));
    if (!part) return part.error();
    if (part->starts_with("%40")) part->replace(0, 3, "@");
    path += '/' + *part;
    if (slash == std::string_view::npos) return path;
    model.remove_prefix(slash + 1);
  }
}

/// What the call asks for and the family has no words for; nothing where it can say all.
std::string_view unsaid(const call& c, bool stream) {
  const auto mode = c.tool_choice.mode;
  if (mode != tool_choice_mode::automatic && !(c.tools.empty() && mode == tool_choice_mode::none))
    return "a tool choice";
  if (c.parallel_tool_calls.has_value() && !*c.parallel_tool_calls) return "serial tool calls";
  if (!c.stop.empty()) return "stop sequences";
  if (c.reasoning != reasoning_effort::unset || c.reasoning_budget_tokens)
    return "how hard to think";
  if (!c.service_tier.empty()) return "a service tier";
  if (stream && c.response_format.kind == response_format_kind::json_schema)
    return "a JSON Schema in a stream";
  return {};
}

/// {"name","arguments"} as text: no other form was recorded.
void append_call(const tool_call_part& asked, std::string& text) {
  json::writer w(text);
  w.begin_object().key("name").string(asked.name).key("arguments");
  if (json::is_valid(asked.arguments))
    w.raw(asked.arguments);
  else
    w.string(asked.arguments);
  w.end_object();
}

result<std::string> content_of(const message& m, std::vector<std::string>& notes) {
  std::string text;
  for (const part& p : m.parts) {
    if (const auto* said = std::get_if<text_part>(&p)) text += said->text;
    if (const auto* declined = std::get_if<refusal_part>(&p)) text += declined->text;
    if (std::holds_alternative<reasoning_part>(p)) note(notes, "earlier reasoning was left out");
    if (const auto* asked = std::get_if<tool_call_part>(&p)) {
      append_call(*asked, text);
      note(notes, "tool calls were sent back as text");
    }
    if (const auto* got = std::get_if<tool_result_part>(&p)) {
      text += got->text;
      if (got->is_error) note(notes, "that a tool failed is said by its text only");
    }
    if (std::holds_alternative<image_part>(p))
      return refusal_of(errc::unsupported,
                        "this family takes text only: leave images out or choose another vendor");
  }
  return text;
}

result<void> write_all_messages(const call& c, json::writer& w, std::vector<std::string>& notes) {
  if (c.messages.empty()) return refusal_of(errc::invalid_request, "a call needs a message");
  w.key("messages").begin_array();
  for (const message& m : c.messages) {
    const auto text = content_of(m, notes);
    if (!text) return text.error();
    if (!m.name.empty()) note(notes, "speakers' names were left out");
    const role who = m.role == role::developer ? role::system : m.role;
    w.begin_object().key("role").string(to_string(who)).key("content").string(*text).end_object();
  }
  w.end_array();
  return {};
}

void write_tool_list(const call& c, parameter_gate& gate, json::writer& w,
                     std::vector<std::string>& notes) {
  if (c.tools.empty() || !gate.begin("tools")) return;
  w.begin_array();
  for (const tool_definition& t : c.tools) {
    const bool given = !t.parameters.empty();
    if (given && !json::is_valid(t.parameters))
      return gate.refuse(refusal_of(errc::invalid_request,
                                    "the parameters of tool \"" + t.name + "\" are not JSON"));
    if (t.strict) note(notes, "tools are not strict here: arguments may differ from their schema");
    w.begin_object().key("type").string("function").key("function").begin_object();
    w.key("name").string(t.name);
    if (!t.description.empty()) w.key("description").string(t.description);
    w.key("parameters")
        .raw(given ? std::string_view(t.parameters) : R"({"type":"object","properties":{}})");
    w.end_object().end_object();
  }
  w.end_array();
}

/// The schema stands bare in `json_schema`, without OpenAI's name and strict (recorded).
void write_response_format(const call& c, parameter_gate& gate, json::writer& w) {
  const response_format& f = c.response_format;
  if (f.kind == response_format_kind::text) return;
  const bool schema = f.kind == response_format_kind::json_schema;
  if (schema && !json::is_valid(f.schema))
    return gate.refuse(refusal_of(errc::invalid_request, "response_format.schema is not JSON"));
  if (!gate.begin("response_format")) return;
  w.begin_object().key("type").string(schema ? "json_schema" : "json_object");
  if (schema) w.key("json_schema").raw(f.schema);
  w.end_object();
}

}  // namespace

result<dialect::encoded> encode(const call& c, std::string_view model, const vendor& v,
                                bool stream) {
  if (const auto what = unsaid(c, stream); !what.empty())
    return refusal_of(errc::unsupported, "this family cannot say " + std::string(what) +
                                             ": leave it out or choose another vendor");
  if (auto said = dialect::check_sayable(c, {}, v); !said) return said.error();
  const auto path = path_of(model);
  if (!path) return path.error();
  const dialect::quirk_view quirks(v);
  dialect::encoded made;
  json::writer w(made.request.body);
  w.begin_object();
  if (auto written = write_all_messages(c, w, made.notes); !written) return written.error();
  parameter_gate gate(quirks, family_parameters, w, made.notes);
  if (c.max_tokens) gate.integer("max_tokens", *c.max_tokens);
  if (c.temperature) gate.number("temperature", *c.temperature);
  if (c.top_p) gate.number("top_p", *c.top_p);
  if (c.seed) gate.integer("seed", *c.seed);
  if (!c.end_user.empty()) note(made.notes, "the end user's id was left out: it has no place");
  write_response_format(c, gate, w);
  write_tool_list(c, gate, w, made.notes);
  if (stream) w.key("stream").boolean(true);
  gate.extras(c.extra, reserved_names);
  if (auto taken = gate.finish(); !taken) return taken.error();
  w.end_object();
  made.max_output_tokens = gate.largest_of(limit_names);
  made.request.target = quirks.target(*path);
  made.request.headers.push_back({"content-type", "application/json"});
  made.request.headers.push_back({"accept", stream ? "text/event-stream" : "application/json"});
  quirks.add_headers(made.request.headers);
  return made;
}

}  // namespace ark::adapters::cloudflare
