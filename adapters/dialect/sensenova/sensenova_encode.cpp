#include "base/json.hpp"
#include "dialect/prompt.hpp"
#include "dialect/quirks.hpp"
#include "dialect/sensenova/sensenova_native.hpp"

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

result<void> write_dialogue(const call& c, const vendor& v, json::writer& w,
                            std::vector<std::string>& notes) {
  if (c.messages.empty())
    return error{.code = errc::invalid_request, .message = "a call needs at least one message"};
  w.key("messages").begin_array();
  for (const message& m : c.messages) {
    const auto text = dialect::plain_text_of(m, v, notes);
    if (!text) return text.error();
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
  if (auto written = write_dialogue(c, v, w, made.notes); !written) return written.error();
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
