#include "dialect/prompt.hpp"

#include <algorithm>

namespace ark::dialect {
namespace {

error cannot(const vendor& v, std::string_view what) {
  return {.code = errc::unsupported, .message = "vendor \"" + v.name + "\" " + std::string(what)};
}

void say_once(std::vector<std::string>& notes, std::string_view text) {
  if (std::find(notes.begin(), notes.end(), text) == notes.end()) notes.emplace_back(text);
}

bool is_text(const part& p) { return std::holds_alternative<text_part>(p); }

}  // namespace

result<std::string> prompt_of(const call& c, const vendor& v) {
  if (c.messages.empty() || c.messages.front().parts.empty())
    return error{.code = errc::invalid_request,
                 .message = "a completion needs a text: give one user message"};
  const message& m = c.messages.front();
  if (c.messages.size() > 1 || m.role != role::user || !m.name.empty())
    return cannot(v,
                  "completes one text and has no conversations: give one user message, without a "
                  "name; or write the messages through the model's chat template "
                  "(ark/chat_template.hpp, --chat-template); or choose a chat model's vendor");
  if (!std::all_of(m.parts.begin(), m.parts.end(), is_text))
    return cannot(v, "completes text only: leave the other parts out of the message");
  return m.text();
}

result<void> check_plain(const call& c, const vendor& v) {
  const auto mode = c.tool_choice.mode;
  if (!c.tools.empty() || mode == tool_choice_mode::required || mode == tool_choice_mode::named)
    return cannot(v, "has no tools: leave them out, or choose a chat model's vendor");
  if (c.response_format.kind != response_format_kind::text)
    return cannot(v, "has no structured output: leave it out, or choose a chat model's vendor");
  const bool reasons =
      c.reasoning != reasoning_effort::unset && c.reasoning != reasoning_effort::none;
  if (reasons || c.reasoning_budget_tokens)
    return cannot(v, "cannot be told how hard to think: leave effort and budget out");
  if (!c.service_tier.empty()) return cannot(v, "has no service tiers: leave the tier out");
  return {};
}

result<std::string> plain_text_of(const message& m, const vendor& v,
                                  std::vector<std::string>& notes) {
  std::string text;
  for (const part& p : m.parts) {
    if (const auto* said = std::get_if<text_part>(&p)) {
      text += said->text;
    } else if (const auto* declined = std::get_if<refusal_part>(&p)) {
      text += declined->text;
    } else if (std::holds_alternative<reasoning_part>(p)) {
      say_once(notes, "earlier reasoning was left out: this family takes none");
    } else {
      return cannot(v,
                    "takes text only: leave images, tool calls and their results out, or choose "
                    "another vendor");
    }
  }
  if (!m.name.empty()) say_once(notes, "names of speakers were left out: this vendor has none");
  return text;
}

void write_sampling(const call& c, const plain_names& names, parameter_gate& gate,
                    json::writer& out) {
  if (c.max_tokens) gate.integer(names.max_tokens, *c.max_tokens);
  if (c.temperature) gate.number(names.temperature, *c.temperature);
  if (c.top_p) gate.number(names.top_p, *c.top_p);
  if (!c.stop.empty() && gate.begin(names.stop)) {
    out.begin_array();
    for (const std::string& text : c.stop) out.string(text);
    out.end_array();
  }
  if (c.seed) gate.integer(names.seed, *c.seed);
}

}  // namespace ark::dialect
