#include "base/json.hpp"
#include "dialect/quirks.hpp"
#include "dialect/sensenova/sensenova_native.hpp"

#include <algorithm>
#include <array>

namespace ark::adapters::sensenova {
namespace {

constexpr std::array<std::string_view, 8> family_names = {
    "know_ids",           "max_new_tokens", "n",     "plugins",
    "repetition_penalty", "temperature",    "top_p", "user"};
constexpr std::array<std::string_view, 3> own_names = {"messages", "model", "stream"};
constexpr std::array<std::string_view, 1> limit_names = {"max_new_tokens"};

/// What the call asks for and the family has no words for; nothing where it can say all.
std::string_view unsaid(const call& c) {
  const auto mode = c.tool_choice.mode;
  const bool chooses = mode != tool_choice_mode::automatic && mode != tool_choice_mode::none;
  if (!c.tools.empty() || chooses) return "tools";
  if (c.response_format.kind != response_format_kind::text) return "structured output";
  if (c.reasoning != reasoning_effort::unset || c.reasoning_budget_tokens)
    return "how hard to think";
  if (!c.stop.empty()) return "stop sequences";
  if (c.seed) return "a seed";
  if (!c.service_tier.empty()) return "a service tier";
  return {};
}

void say_once(std::vector<std::string>& notes, std::string_view text) {
  if (std::find(notes.begin(), notes.end(), text) == notes.end()) notes.emplace_back(text);
}

result<std::string> text_of(const message& m, std::vector<std::string>& notes) {
  std::string text;
  for (const part& p : m.parts) {
    if (const auto* said = std::get_if<text_part>(&p)) {
      text += said->text;
    } else if (const auto* declined = std::get_if<refusal_part>(&p)) {
      text += declined->text;
    } else if (std::holds_alternative<reasoning_part>(p)) {
      say_once(notes, "earlier reasoning was left out: this family takes none");
    } else {
      return error{.code = errc::unsupported,
                   .message =
                       "this family takes text only: leave images, tool calls and their "
                       "results out or choose another vendor"};
    }
  }
  return text;
}

result<void> write_dialogue(const call& c, json::writer& w, std::vector<std::string>& notes) {
  if (c.messages.empty())
    return error{.code = errc::invalid_request, .message = "a call needs at least one message"};
  w.key("messages").begin_array();
  for (const message& m : c.messages) {
    const auto text = text_of(m, notes);
    if (!text) return text.error();
    if (!m.name.empty()) say_once(notes, "names of speakers were left out: this vendor has none");
    const role who = m.role == role::developer ? role::system : m.role;
    w.begin_object().key("role").string(to_string(who)).key("content").string(*text).end_object();
  }
  w.end_array();
  return {};
}

}  // namespace

result<dialect::encoded> encode(const call& c, std::string_view model, const vendor& v,
                                bool stream) {
  if (const auto what = unsaid(c); !what.empty())
    return error{.code = errc::unsupported,
                 .message = "this family cannot say " + std::string(what) +
                            ": leave it out or choose another vendor"};
  const dialect::quirk_view quirks(v);
  dialect::encoded made;
  json::writer w(made.request.body);
  w.begin_object().key("model").string(model);
  if (auto written = write_dialogue(c, w, made.notes); !written) return written.error();
  if (stream) w.key("stream").boolean(true);
  dialect::parameter_gate gate(quirks, family_names, w, made.notes);
  if (c.max_tokens) gate.integer("max_new_tokens", *c.max_tokens);
  if (c.temperature) gate.number("temperature", *c.temperature);
  if (c.top_p) gate.number("top_p", *c.top_p);
  if (!c.end_user.empty()) gate.text("user", c.end_user);
  gate.extras(c.extra, own_names);
  if (auto taken = gate.finish(); !taken) return taken.error();
  w.end_object();
  made.max_output_tokens = gate.largest_of(limit_names);
  made.request.target =
      quirks.target(v.chat_path.empty() ? "/chat-completions" : v.chat_path, model);
  made.request.headers.push_back({"content-type", "application/json"});
  made.request.headers.push_back({"accept", stream ? "text/event-stream" : "application/json"});
  quirks.add_headers(made.request.headers);
  return made;
}

}  // namespace ark::adapters::sensenova
