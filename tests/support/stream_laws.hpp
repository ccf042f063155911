#pragma once
#include <ark/event.hpp>
#include <ark/reply.hpp>

#include <boost/json.hpp>
#include <string>
#include <vector>

namespace ark::test {

/// Checks the laws of event.hpp on a finished stream, from its events alone, knowing nothing of the
/// builder that made them; with a reply, also that the events put together give the same reply.
/// Returns one sentence for each broken law.
class stream_laws {
 public:
  static std::vector<std::string> broken(const std::vector<event>& events, bool failed,
                                         const reply* whole) {
    stream_laws laws;
    for (const event& e : events) laws.take(e);
    laws.end(failed);
    if (whole != nullptr) laws.compare(*whole, failed);
    return std::move(laws.broken_);
  }

 private:
  struct call_seen {
    std::string id, name, arguments;
    bool ended = false;
  };

  void say(const std::string& what) {
    broken_.push_back("event " + std::to_string(count_) + ": " + what);
  }

  static bool is_json(const std::string& text) {
    boost::json::error_code failure;
    boost::json::parse_options options;
    options.max_depth = 300;
    options.allow_invalid_utf8 = true;
    boost::json::parse(text, failure, {}, options);
    return !failure;
  }

  void take(const event& e) {
    ++count_;
    if (done_ > 0) say("after done");
    switch (e.kind) {
      case event_kind::started:
        return started(e);
      case event_kind::text:
        return piece(e, text_);
      case event_kind::reasoning:
        return piece(e, reasoning_);
      case event_kind::refusal:
        return piece(e, refusal_);
      case event_kind::tool_call_begin:
      case event_kind::tool_call_arguments:
      case event_kind::tool_call_end:
        return tool(e);
      case event_kind::usage:
      case event_kind::unknown:
        return;
      case event_kind::done:
        ++done_;
        return;
    }
    say("a kind that does not exist");
  }

  void started(const event& e) {
    if (started_) say("started twice");
    started_ = true;
    id_ = e.id;
    model_ = e.name;
  }

  void piece(const event& e, std::string& to) {
    if (e.text.empty()) say("an empty piece");
    to += e.text;
  }

  void tool(const event& e) {
    const auto index = static_cast<std::size_t>(e.index);
    if (e.kind == event_kind::tool_call_begin) {
      if (e.index < 0 || index != calls_.size()) return say("tool calls do not count from 0");
      if (e.name.empty()) say("a tool call without a name");
      calls_.push_back({.id = e.id, .name = e.name, .arguments = {}});
      return;
    }
    if (e.index < 0 || index >= calls_.size()) return say("a tool call that has not begun");
    call_seen& call = calls_[index];
    if (call.ended) say("more of a tool call that has ended");
    if (e.kind == event_kind::tool_call_arguments) {
      piece(e, call.arguments);
    } else {
      call.ended = true;
      if (!is_json(call.arguments)) say("a tool call ends with arguments that are not JSON");
    }
  }

  void end(bool failed) {
    if (failed && done_ != 0) say("done, and then an error");
    if (!failed && done_ != 1) say("the stream ends without exactly one done");
    for (const call_seen& call : calls_)
      if (!failed && !call.ended && is_json(call.arguments))
        say("a tool call with whole arguments has no end");
  }

  void compare(const reply& whole, bool failed) {
    const auto same = [&](const char* what, const std::string& ours, const std::string& theirs) {
      if (ours != theirs) say(std::string("put together, the events give another ") + what);
    };
    same("text", text_, whole.text());
    same("reasoning", reasoning_, whole.reasoning());
    std::string refusal;
    for (const part& p : whole.message.parts)
      if (const auto* r = std::get_if<refusal_part>(&p)) refusal += r->text;
    same("refusal", refusal_, refusal);
    // What the first frame left out may come later.
    if (!id_.empty()) same("id", id_, whole.id);
    if (!model_.empty()) same("model", model_, whole.model);
    const auto calls = whole.tool_calls();
    if (calls.size() != calls_.size()) return say("another number of tool calls");
    for (std::size_t i = 0; i < calls.size(); ++i) {
      same("tool call's id", calls_[i].id, calls[i].id);
      same("tool call's name", calls_[i].name, calls[i].name);
      same("tool call's arguments", calls_[i].arguments, calls[i].arguments);
      if (!failed && !calls_[i].ended && whole.notes.empty())
        say("a tool call without end, and no note says why");
    }
  }

  std::vector<std::string> broken_;
  std::vector<call_seen> calls_;
  std::string text_, reasoning_, refusal_, id_, model_;
  std::size_t count_ = 0;
  int done_ = 0;
  bool started_ = false;
};

}  // namespace ark::test
