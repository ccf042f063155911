#include "dialect/gemini_interactions/interactions_wire.hpp"

#include <algorithm>

namespace ark::adapters::interactions {
namespace {

using json::text_at;

bool is_kept(std::string_view type) {
  return type != "thought" && type != "model_output" && type != "function_call" &&
         type != "user_input";
}

std::string joined(const std::vector<std::pair<std::string, std::string>>& members) {
  std::string made;
  json::writer out(made);
  out.begin_object();
  for (const auto& [name, value] : members) out.key(name).raw(value);
  out.end_object();
  return made;
}

void keep_step(std::string_view type, std::string_view json, reply_builder& out) {
  out.unknown(type);
  out.break_part();
  out.reasoning_opaque(json);
  out.break_part();
}

void note_annotations(element holder, reply_builder& out) {
  element list;
  simdjson::dom::array items;
  if (json::find(holder, "annotations", list) && !list.get(items) && items.size() > 0)
    out.note("the reply's annotations are not kept");
}

}  // namespace

step_reader::open_step* step_reader::find(std::int64_t index) {
  const auto at = std::find_if(open_.begin(), open_.end(),
                               [index](const open_step& s) { return s.index == index; });
  return at == open_.end() ? nullptr : &*at;
}

void step_reader::begin(std::int64_t index, element step, reply_builder& out) {
  end(index, out);
  saw_step_ = true;
  open_step made{.index = index, .type = std::string(text_at(step, "type"))};
  element e;
  out.break_part();
  if (made.type == "function_call") {
    begin_call(made, step, out);
  } else if (made.type == "thought") {
    simdjson::dom::array items;
    if (json::find(step, "summary", e) && !e.get(items))
      for (const element item : items) summary(item, out);
    out.reasoning_signature(text_at(step, "signature"));
  } else if (made.type == "model_output") {
    if (json::find(step, "content", e)) content(e, out);
  } else if (is_kept(made.type)) {
    keep(made, step);
  }
  open_.push_back(std::move(made));
}

/// In a stream `arguments` is an empty object here, and its text comes in pieces (recorded). A
/// signature of the call's own stands before it as an opaque part.
void step_reader::begin_call(open_step& step, element e, reply_builder& out) {
  element arguments;
  const std::string_view signature = text_at(e, "signature");
  if (!signature.empty()) {
    std::string kept = R"({"type":"function_call","signature":)";
    json::append_string(kept, signature);
    out.reasoning_opaque(kept + '}');
    out.break_part();
  }
  step.call = calls_++;
  if (json::find(e, "arguments", arguments) && arguments.is_object())
    step.first_arguments = simdjson::minify(arguments);
  const std::string_view id = text_at(e, "id"), name = text_at(e, "name");
  out.tool_begin(
      step.call,
      id.empty() ? gemini::make_call_id(out.reply().id, name, step.call) : std::string(id), name);
}

void step_reader::content(element list, reply_builder& out) {
  simdjson::dom::array items;
  if (list.get(items)) return;
  for (const element item : items) one_content(item, out);
}

/// What is no text goes back as a step of its own.
void step_reader::one_content(element item, reply_builder& out) {
  const std::string_view type = text_at(item, "type");
  note_annotations(item, out);
  if (type == "text") return out.text(text_at(item, "text"));
  keep_step(type, R"({"type":"model_output","content":[)" + simdjson::minify(item) + "]}", out);
}

void step_reader::summary(element item, reply_builder& out) {
  if (text_at(item, "type") == "text")
    out.reasoning(text_at(item, "text"));
  else
    out.note("a reasoning summary that is no text is not kept");
}

/// The members of a step, or those that a delta adds to it.
void step_reader::keep(open_step& step, element e) {
  simdjson::dom::object members;
  if (e.get(members)) return;
  for (const auto [key, value] : members) {
    const std::string_view name = key;
    const auto same = std::find_if(step.members.begin(), step.members.end(),
                                   [name](const auto& m) { return m.first == name; });
    if (same != step.members.end())
      same->second = simdjson::minify(value);
    else
      step.members.emplace_back(name, simdjson::minify(value));
  }
}

void step_reader::delta(std::int64_t index, element delta, reply_builder& out) {
  const std::string_view type = text_at(delta, "type");
  open_step* step = find(index);
  element e;
  if (type == "text") return out.text(text_at(delta, "text"));
  if (type == "thought_signature") return out.reasoning_signature(text_at(delta, "signature"));
  if (type == "thought_summary") {
    if (json::find(delta, "content", e)) summary(e, out);
  } else if (type == "arguments_delta" && step != nullptr && step->call >= 0) {
    step->has_arguments = true;
    out.tool_arguments(step->call, text_at(delta, "arguments"));
  } else if (type == "text_annotation" || type == "text_annotation_delta") {
    note_annotations(delta, out);
  } else if (step != nullptr && is_kept(step->type)) {
    keep(*step, delta);
  } else {
    one_content(delta, out);
  }
}

void step_reader::end(std::int64_t index, reply_builder& out) {
  open_step* step = find(index);
  if (step == nullptr) return;
  close(*step, out);
  open_.erase(open_.begin() + (step - open_.data()));
}

void step_reader::close(open_step& step, reply_builder& out) {
  if (step.call >= 0) {
    if (!step.has_arguments) out.tool_arguments(step.call, step.first_arguments);
    out.tool_end(step.call);
  } else if (!step.members.empty()) {
    keep_step(step.type, joined(step.members), out);
  }
  out.break_part();
}

void step_reader::end_all(reply_builder& out) {
  for (open_step& step : open_) close(step, out);
  open_.clear();
}

void step_reader::read(element steps, reply_builder& out) {
  simdjson::dom::array items;
  if (steps.get(items)) return;
  std::int64_t index = 0;
  for (const element step : items) {
    begin(index, step, out);
    end(index++, out);
  }
}

bool is_interaction(element root) noexcept {
  element e;
  if (!root.is_object() || text_at(root, "status").empty()) return false;
  return json::find(root, "steps", e) ||
         (text_at(root, "object") == "interaction" && !json::find(root, "outputs", e));
}

void interaction_reader::start(element interaction, reply_builder& out) {
  out.started(text_at(interaction, "id"), text_at(interaction, "model"));
}

void interaction_reader::end(element interaction, reply_builder& out) {
  element e;
  start(interaction, out);
  if (!steps_.saw_step() && json::find(interaction, "steps", e)) steps_.read(e, out);
  steps_.end_all(out);
  usage(interaction, out);
  finish(text_at(interaction, "status"), interaction, out);
}

/// `raw_prompt_token` is of no sum, and searches are beside the tokens (recorded).
void interaction_reader::usage(element interaction, reply_builder& out) {
  element e, counts, number;
  simdjson::dom::array items;
  if (!json::find(interaction, "usage", e)) return;
  usage_.read_interaction(e);
  ark::usage now = usage_.total();
  now.service_tier = text_at(interaction, "service_tier");
  if (json::find(e, "grounding_tool_count", counts) && !counts.get(items))
    for (const element item : items) {
      const std::string_view type = text_at(item, "type");
      if (type.empty() || !json::find(item, "count", number)) continue;
      now.units[type == "google_search" ? "web_search" : std::string(type)] +=
          json::as_integer(number);
    }
  out.usage(now);
  usage_.check(out);
}

void interaction_reader::finish(std::string_view status, element interaction, reply_builder& out) {
  if (gemini::is_error(interaction)) return out.fail(gemini::read_error(200, interaction, vendor_));
  if (status == "failed" || status == "cancelled")
    return out.fail({.code = status == "failed" ? errc::server : errc::cancelled,
                     .retry = retry_class::maybe_billed,
                     .message = "the vendor says that this interaction " +
                                std::string(status == "failed" ? "failed" : "was cancelled") +
                                ": ask again",
                     .vendor_code = std::string(status)});
  if (status == "in_progress" || status == "queued")
    return out.fail({.code = errc::unsupported,
                     .retry = retry_class::never,
                     .message = "the vendor answers in the background, which this version does not "
                                "wait for: leave the parameter \"background\" out",
                     .vendor_code = std::string(status)});
  const bool calls = steps_.calls() > 0;
  finish_reason meaning = finish_reason::other;
  if (status == "completed") meaning = calls ? finish_reason::tool_calls : finish_reason::stop;
  if (status == "requires_action") meaning = finish_reason::tool_calls;
  if (status == "incomplete") meaning = finish_reason::length;
  out.finish(quirks_.finish(status).value_or(meaning), status);
}

}  // namespace ark::adapters::interactions
