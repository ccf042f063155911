#include "dialect/qianfan/qianfan_wire.hpp"

#include <algorithm>

namespace ark::adapters::qianfan {
namespace {

void say_once(std::vector<std::string>& notes, std::string_view text) {
  if (std::find(notes.begin(), notes.end(), text) == notes.end()) notes.emplace_back(text);
}

void append_paragraph(std::string& text, const std::string& more) {
  if (!text.empty() && !more.empty()) text += "\n\n";
  text += more;
}

/// The name of the function that gave a result: the wire has no ids.
result<std::string> function_of(const tool_result_part& part, const call& c) {
  if (!part.name.empty()) return part.name;
  for (const message& m : c.messages)
    for (const auto& p : m.parts)
      if (const auto* asked = std::get_if<tool_call_part>(&p))
        if (asked->id == part.tool_call_id && !asked->name.empty()) return asked->name;
  return error{.code = errc::invalid_request,
               .message = "the result of the function call \"" + part.tool_call_id +
                          "\" names no function, and no earlier message called it"};
}

result<turn> result_of(const message& m, const call& c, std::vector<std::string>& notes) {
  const auto* given = m.parts.size() == 1 ? std::get_if<tool_result_part>(&m.parts[0]) : nullptr;
  if (given == nullptr)
    return unsayable("a tool's message of anything but the result of one function");
  auto name = function_of(*given, c);
  if (!name) return name.error();
  if (given->is_error)
    say_once(notes, "that a function failed was left out: this vendor has only its result");
  return turn{.role = "function", .name = std::move(*name), .text = given->text};
}

result<void> say_part(const part& p, turn& t) {
  const bool is_assistant = t.role == "assistant";
  if (const auto* said = std::get_if<text_part>(&p)) {
    t.text += said->text;
  } else if (const auto* declined = std::get_if<refusal_part>(&p)) {
    t.text += declined->text;
  } else if (const auto* thought = std::get_if<reasoning_part>(&p); thought && is_assistant) {
    t.thoughts += thought->text;
  } else if (const auto* asked = std::get_if<tool_call_part>(&p); asked && is_assistant) {
    if (t.call != nullptr) return unsayable("several function calls in one message");
    t.call = asked;
  } else {
    return unsayable("images and other media");
  }
  return {};
}

result<turn> turn_of(const message& m, const call& c, std::vector<std::string>& notes) {
  if (m.role == role::tool) return result_of(m, c, notes);
  turn made{.role = m.role == role::assistant ? "assistant" : "user", .name = m.name};
  for (const part& p : m.parts)
    if (auto ok = say_part(p, made); !ok) return ok.error();
  // Thoughts are a part of a function call here, and of nothing else.
  if (made.call == nullptr && !made.thoughts.empty()) {
    made.thoughts.clear();
    say_once(notes,
             "earlier reasoning was left out: this vendor takes it with function calls only");
  }
  return made;
}

/// A turn of the speaker of the last one becomes a part of that.
result<void> add_turn(turn t, std::vector<turn>& turns, std::vector<std::string>& notes) {
  if (turns.empty() || turns.back().role != t.role) {
    turns.push_back(std::move(t));
    return {};
  }
  turn& last = turns.back();
  if (t.role == "function") return unsayable("results of several functions in one turn");
  if (last.name != t.name) return unsayable("neighbouring messages of different speakers");
  if (last.call != nullptr) return unsayable("a function call without its result");
  append_paragraph(last.text, t.text);
  last.call = t.call;
  last.thoughts = std::move(t.thoughts);
  say_once(notes, "neighbouring messages of one speaker were joined: this vendor takes turns only");
  return {};
}

result<void> check_turns(const std::vector<turn>& turns) {
  if (turns.empty())
    return error{.code = errc::invalid_request, .message = "a call needs a message of the user"};
  if (turns.front().role != "user") return unsayable("a dialogue that the user does not begin");
  if (turns.back().role == "assistant") return unsayable("a last message of the assistant");
  for (std::size_t i = 0; i < turns.size(); ++i) {
    const turn& t = turns[i];
    if ((t.role == "assistant") != (i % 2 == 1))
      return unsayable("a message of the user beside the result of a function");
    if (t.text.empty() && t.call == nullptr)
      return error{.code = errc::invalid_request, .message = "this vendor takes no empty message"};
  }
  return {};
}

}  // namespace

result<dialogue> dialogue_of(const call& c, std::vector<std::string>& notes) {
  dialogue out;
  for (const message& m : c.messages) {
    auto made = turn_of(m, c, notes);
    if (!made) return made.error();
    if (m.role != role::system && m.role != role::developer) {
      if (auto ok = add_turn(std::move(*made), out.turns, notes); !ok) return ok.error();
      continue;
    }
    if (!out.turns.empty()) return unsayable("a system message behind others");
    if (!out.system.empty()) say_once(notes, "the system messages were joined: there is one place");
    append_paragraph(out.system, made->text);
  }
  if (auto ok = check_turns(out.turns); !ok) return ok.error();
  return out;
}

}  // namespace ark::adapters::qianfan
