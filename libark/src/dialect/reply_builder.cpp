#include "dialect/reply_builder.hpp"

#include "base/json.hpp"

#include <algorithm>

namespace ark::dialect {
namespace {

/// Becomes an event where that will stand. `emplace_back()` would fill its 104 bytes with zeros
/// first, as braces do: a slow instruction (g++ 12).
struct blank_event {
  event_kind kind;
  operator event() const {
    event made;
    made.kind = kind;
    return made;
  }
};

}  // namespace

event* reply_builder::emit(event_kind kind) {
  return events_ == nullptr ? nullptr : &events_->emplace_back(blank_event{kind});
}

bool reply_builder::charge(std::size_t bytes) {
  if (bytes <= limits_.text_bytes - text_bytes_) {
    text_bytes_ += bytes;
    return true;
  }
  fail({.code = errc::too_large,
        .retry = retry_class::maybe_billed,
        .message = "the reply's text is longer than the limit of " +
                   std::to_string(limits_.text_bytes) + " bytes"});
  return false;
}

/// The last part if it is of this kind and not ended, else a new one.
template <class Part>
Part& reply_builder::current() {
  auto& parts = reply_.message.parts;
  if (!part_broken_ && !parts.empty())
    if (auto* last = std::get_if<Part>(&parts.back())) return *last;
  part_broken_ = false;
  return std::get<Part>(parts.emplace_back(Part{}));
}

void reply_builder::started(std::string_view id, std::string_view model) {
  if (closed()) return;
  if (reply_.id.empty()) reply_.id = id;
  if (reply_.model.empty()) reply_.model = model;
  if (started_ || (id.empty() && model.empty())) return;
  started_ = true;
  reply_.message.role = role::assistant;
  if (event* e = emit(event_kind::started)) {
    e->id = id;
    e->name = model;
  }
}

void reply_builder::text(std::string_view delta) {
  if (delta.empty() || closed() || !charge(delta.size())) return;
  if (!open_) return add_text(delta);
  const auto opened = open_(delta);
  if (!opened) return fail(opened.error());
  if (!opened->empty()) add_text(*opened);
}

void reply_builder::add_text(std::string_view delta) {
  current<text_part>().text += delta;
  if (event* e = emit(event_kind::text)) e->text = delta;
}

void reply_builder::reasoning(std::string_view delta) {
  if (delta.empty() || closed() || !charge(delta.size())) return;
  current<reasoning_part>().text += delta;
  if (event* e = emit(event_kind::reasoning)) e->text = delta;
}

void reply_builder::reasoning_signature(std::string_view delta) {
  if (delta.empty() || closed() || !charge(delta.size())) return;
  current<reasoning_part>().signature += delta;
}

void reply_builder::reasoning_opaque(std::string_view json) {
  if (json.empty() || closed() || !charge(json.size())) return;
  if (!current<reasoning_part>().opaque.empty()) part_broken_ = true;
  current<reasoning_part>().opaque = json;
}

void reply_builder::refusal(std::string_view delta) {
  if (delta.empty() || closed() || !charge(delta.size())) return;
  // No vendor seals its refusals: what is not a sealed text is not given as one either.
  if (open_) return text(delta);
  current<refusal_part>().text += delta;
  if (event* e = emit(event_kind::refusal)) e->text = delta;
}

void reply_builder::break_part() { part_broken_ = true; }

reply_builder::open_call* reply_builder::find_open(int index) {
  return const_cast<open_call*>(std::as_const(*this).find_open(index));
}

const reply_builder::open_call* reply_builder::find_open(int index) const {
  // From the end: the call that grows is nearly always the last one begun.
  for (auto call = calls_.rbegin(); call != calls_.rend(); ++call)
    if (call->open && call->vendor_index == index) return &*call;
  return nullptr;
}

bool reply_builder::tool_is_open(int index) const { return find_open(index) != nullptr; }

std::string_view reply_builder::tool_id(int index) const {
  const open_call* call = find_open(index);
  if (call == nullptr) return {};
  return std::get<tool_call_part>(reply_.message.parts[call->part]).id;
}

void reply_builder::tool_begin(int index, std::string_view id, std::string_view name) {
  if (closed()) return;
  if (name.empty())
    return fail({.code = errc::protocol,
                 .retry = retry_class::maybe_billed,
                 .message = "the vendor's reply has a tool call without a name"});
  if (calls_.size() >= limits_.tool_calls)
    return fail({.code = errc::too_large,
                 .retry = retry_class::maybe_billed,
                 .message = "the reply has more tool calls than the limit of " +
                            std::to_string(limits_.tool_calls)});
  if (!charge(id.size() + name.size())) return;
  if (open_call* same = find_open(index)) end_call(*same);
  auto& parts = reply_.message.parts;
  calls_.push_back({.vendor_index = index, .part = parts.size()});
  parts.emplace_back(tool_call_part{std::string(id), std::string(name), {}});
  if (event* e = emit(event_kind::tool_call_begin)) {
    e->index = static_cast<int>(calls_.size()) - 1;
    e->id = id;
    e->name = name;
  }
}

void reply_builder::tool_arguments(int index, std::string_view delta) {
  if (delta.empty() || closed()) return;
  open_call* call = find_open(index);
  if (call == nullptr)
    return fail({.code = errc::protocol,
                 .retry = retry_class::maybe_billed,
                 .message = "the vendor sent arguments of a tool call that has not begun"});
  auto& arguments = std::get<tool_call_part>(reply_.message.parts[call->part]).arguments;
  if (delta.size() > limits_.arguments_bytes - arguments.size())
    return fail({.code = errc::too_large,
                 .retry = retry_class::maybe_billed,
                 .message = "a tool call's arguments are longer than the limit of " +
                            std::to_string(limits_.arguments_bytes) + " bytes"});
  if (!charge(delta.size())) return;
  arguments += delta;
  if (event* e = emit(event_kind::tool_call_arguments)) {
    e->index = static_cast<int>(call - calls_.data());
    e->text = delta;
  }
}

void reply_builder::end_call(open_call& call) {
  call.open = false;
  auto& arguments = std::get<tool_call_part>(reply_.message.parts[call.part]).arguments;
  const bool blank = arguments.find_first_not_of(" \t\r\n") == std::string::npos;
  const int index = static_cast<int>(&call - calls_.data());
  if (blank) {
    // After the white space that came: a stream's argument events, joined, must give the same text.
    arguments += "{}";
    if (event* e = emit(event_kind::tool_call_arguments)) {
      e->index = index;
      e->text = "{}";
    }
  }
  call.whole = blank || json::is_valid(arguments);
  if (!call.whole) return;
  if (event* e = emit(event_kind::tool_call_end)) e->index = index;
}

void reply_builder::tool_end(int index) {
  if (closed()) return;
  if (open_call* call = find_open(index)) end_call(*call);
}

void reply_builder::end_tools() {
  if (closed()) return;
  for (open_call& call : calls_)
    if (call.open) end_call(call);
}

void reply_builder::usage(const ark::usage& now) {
  if (closed() || now == reply_.usage) return;
  reply_.usage = now;
  emit(event_kind::usage);
}

void reply_builder::finish(finish_reason reason, std::string_view vendor_word) {
  if (closed()) return;
  finish_seen_ = true;
  reply_.finish = reason;
  reply_.vendor_finish_reason = vendor_word;
}

void reply_builder::citation(ark::citation c) {
  if (closed() || !charge(sizeof c + c.url.size() + c.title.size() + c.text.size())) return;
  reply_.citations.push_back(std::move(c));
}

void reply_builder::logprob(token_logprob token) {
  const std::size_t each = sizeof(token_probability);
  if (closed() || !charge(each * (1 + token.top.size()))) return;
  reply_.logprobs.push_back(std::move(token));
}

std::size_t reply_builder::text_size() const noexcept {
  std::size_t bytes = 0;
  for (const part& p : reply_.message.parts)
    if (const auto* t = std::get_if<text_part>(&p)) bytes += t->text.size();
  return bytes;
}

void reply_builder::note(std::string text) {
  if (closed()) return;
  auto& notes = reply_.notes;
  if (std::find(notes.begin(), notes.end(), text) == notes.end()) notes.push_back(std::move(text));
}

void reply_builder::unknown(std::string_view type) {
  if (closed()) return;
  if (event* e = emit(event_kind::unknown)) e->name = type;
}

void reply_builder::done() {
  if (closed()) return;
  end_tools();
  for (const open_call& call : calls_) {
    if (call.whole) continue;
    const auto& part = std::get<tool_call_part>(reply_.message.parts[call.part]);
    note("the arguments of tool call \"" + part.name + "\" are not JSON: " +
         (reply_.finish == finish_reason::length ? "the reply was cut by a token limit"
                                                 : "the model wrote them so"));
  }
  reply_.message.role = role::assistant;
  emit(event_kind::done);
  done_ = true;
}

void reply_builder::fail(error e) {
  if (!closed()) failure_ = std::move(e);
}

}  // namespace ark::dialect
