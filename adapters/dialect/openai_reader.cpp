#include "dialect/logprobs.hpp"
#include "dialect/openai_wire.hpp"
#include "dialect/turns.hpp"

#include <algorithm>

namespace ark::adapters::openai {
namespace {

using ark::dialect::has_part;
using json::as_text;
using json::is;

/// Names of the field with the reasoning's text where the row names none.
constexpr std::string_view reasoning_names[] = {"reasoning_content", "reasoning"};
constexpr int no_rank = 1000;
constexpr std::string_view content_name = "content", text_name = "text";

/// The parts of a message or delta, gathered first: vendors write them in any order, and reasoning
/// comes before the text that it led to.
struct message_fields {
  element content, refusal, reasoning, details, tool_calls, function_call;
  bool has_content = false, has_refusal = false, has_details = false, has_tool_calls = false,
       has_function_call = false;
  std::string_view reasoning_name;
  int rank = no_rank;
};

finish_reason family_meaning(std::string_view word) {
  if (word == "stop" || word == "eos" || word == "end_turn") return finish_reason::stop;
  if (word == "length" || word == "max_tokens" || word == "model_length" ||
      word == "model_context_window_exceeded")
    return finish_reason::length;
  if (word == "tool_calls" || word == "function_call" || word == "tool_call")
    return finish_reason::tool_calls;
  if (word == "content_filter" || word == "sensitive") return finish_reason::content_filter;
  if (word == "refusal") return finish_reason::refusal;
  return finish_reason::other;
}

}  // namespace

completion_reader::completion_reader(const vendor& v, bool whole) : quirks_(v), whole_(whole) {
  if (quirks_.think_tags != nullptr) splitter_.emplace(*quirks_.think_tags);
  if (quirks_.reasoning_replay != nullptr) sealed_field_ = quirks_.reasoning_replay->sealed_field;
}

bool completion_reader::read(element root, reply_builder& out) {
  simdjson::dom::object o;
  if (root.get(o) != simdjson::SUCCESS) return false;
  element list, used, bot_used;
  std::string_view id, model;
  bool has_choices = false, has_usage = false, has_bot_usage = false, has_metadata = false;
  saw_error_ = false;
  only_member_ = {};
  brought_ = 0;
  json::for_each_member(o, [&](std::string_view key, element value) {
    if (is(key, "choices")) {
      list = value;
      has_choices = value.is_array();
    } else if (is(key, "id")) {
      id = as_text(value);
    } else if (is(key, "model")) {
      model = as_text(value);
    } else if (is(key, "usage")) {
      used = value;
      has_usage = value.is_object();
    } else if (is(key, "service_tier")) {
      service_tier_ = as_text(value);
    } else if (is(key, "error")) {
      saw_error_ = !value.is_null();
    } else if (is(key, "bot_usage")) {
      bot_used = value;
      has_bot_usage = value.is_object();
    } else if (is(key, "metadata")) {
      has_metadata = value.is_object();
    } else if (is(key, "citations") || is(key, "search_results") || is(key, "references")) {
      sources_.list(key, value);
    }
  });
  if (!has_choices && !has_usage && !has_bot_usage) return false;
  out.started(id, model);
  if (has_choices) choices(list, out);
  if (has_usage || quirks_.usage_path != nullptr) usage(root, has_usage ? &used : nullptr, out);
  if (has_bot_usage) bot_usage(bot_used, out);
  if (has_bot_usage && has_metadata)
    out.note("the bot's metadata is not kept: keep_raw keeps the whole answer");
  return true;
}

/// A bot's says more than the `usage` beside it, which is one model's at most.
void completion_reader::bot_usage(element used, reply_builder& out) {
  auto read = read_bot_usage(used, quirks_, out);
  if (!read) return;
  has_bot_usage_ = true;
  read->service_tier = service_tier_;
  out.usage(*read);
}

void completion_reader::usage(element root, const element* plain, reply_builder& out) {
  if (plain != nullptr && take_usage(*plain, out)) return;
  if (quirks_.usage_path == nullptr) return;
  element found;
  for (const std::string& path : quirks_.usage_path->paths)
    if (json::find_path(root, path, found) && take_usage(found, out)) return;
}

void completion_reader::brings(std::string_view member) noexcept {
  only_member_ = ++brought_ == 1 ? member : std::string_view{};
}

void completion_reader::again(std::string_view member, std::string_view delta, reply_builder& out) {
  if (member == content_name || member == text_name)
    text(delta, out);
  else
    out.reasoning(delta);
}

/// False: it has no counts.
bool completion_reader::take_usage(element used, reply_builder& out) {
  if (has_bot_usage_) return true;
  auto read = read_usage(used, quirks_, out);
  if (!read) return false;
  if (read->service_tier.empty()) read->service_tier = service_tier_;
  out.usage(*read);
  return true;
}

void completion_reader::choices(element list, reply_builder& out) {
  simdjson::dom::array items;
  if (list.get(items) != simdjson::SUCCESS) return;
  for (const element item : items) {
    simdjson::dom::object o;
    if (item.get(o) == simdjson::SUCCESS) choice(o, out);
  }
}

void completion_reader::choice(simdjson::dom::object o, reply_builder& out) {
  std::string_view word;
  element delta_value, message_value, text_value, error_value, logprobs_value, found;
  bool is_first = true, has_delta = false, has_message = false, has_text = false, has_error = false,
       has_logprobs = false;
  json::for_each_member(o, [&](std::string_view key, element value) {
    if (is(key, "index")) {
      is_first = is_first && json::as_integer(value) == 0;
    } else if (is(key, "delta")) {
      delta_value = value;
      has_delta = true;
    } else if (is(key, "message")) {
      message_value = value;
      has_message = true;
    } else if (is(key, "text")) {
      text_value = value;
      has_text = value.is_string();
    } else if (is(key, "finish_reason")) {
      word = as_text(value);
    } else if (is(key, "logprobs")) {
      logprobs_value = value;
      has_logprobs = value.is_object();
    } else if (is(key, "moderation_hit_type") && !as_text(value).empty()) {
      out.note("the vendor's moderation marked the answer: \"" + std::string(as_text(value)) +
               "\"");
    } else if (is(key, "finish_details") && word.empty() && json::find(value, "type", found)) {
      word = as_text(found);  // of an early vision model
    } else if (is(key, "error") && value.is_object()) {
      error_value = value;
      has_error = true;
    }
  });
  if (!is_first) return out.note("the vendor made several choices: this reply is the first one");
  // With both, one repeats: a stream's message holds all so far, a whole's delta nothing
  // (recorded).
  if (has_message && (whole_ || !has_delta)) {
    ++messages_;
    brings({});  // they are counted
    message(message_value, out);
  } else if (has_delta) {
    // Beside it one vendor repeats the text, in chats too (recorded).
    message(delta_value, out);
  } else if (has_text) {
    messages_ += whole_ ? 1 : 0;
    brings(text_name);
    text(as_text(text_value), out);
  }
  if (has_logprobs || has_error) brings({});
  if (has_logprobs) ark::dialect::read_logprobs_object(logprobs_value, out);
  if (has_error) out.fail(read_error(200, error_value, quirks_));
  if (word.empty()) return;
  finish_word_ = word;
  out.finish(meaning_of(word), word);
}

finish_reason completion_reader::meaning_of(std::string_view word) const noexcept {
  return quirks_.finish(word).value_or(family_meaning(word));
}

int completion_reader::reasoning_rank(std::string_view key) const noexcept {
  const auto rank_in = [key](const auto& names) {
    int rank = 0;
    for (const std::string_view name : names) {
      if (name == key) return rank;
      ++rank;
    }
    return no_rank;
  };
  return quirks_.reasoning_field != nullptr ? rank_in(quirks_.reasoning_field->names)
                                            : rank_in(reasoning_names);
}

void completion_reader::message(element e, reply_builder& out) {
  simdjson::dom::object o;
  if (e.get(o) != simdjson::SUCCESS) return;
  message_fields f;
  json::for_each_member(o, [&](std::string_view key, element value) {
    if (value.is_null() || is(key, "role")) return;
    if (is(key, "content")) {
      f.content = value;
      f.has_content = true;
    } else if (is(key, "tool_calls")) {
      f.tool_calls = value;
      f.has_tool_calls = true;
    } else if (is(key, "refusal")) {
      f.refusal = value;
      f.has_refusal = true;
    } else if (is(key, "function_call")) {
      f.function_call = value;
      f.has_function_call = true;
    } else if (is(key, "annotations")) {
      sources_.annotations(value);
    } else if (is(key, "reasoning_details")) {
      f.details = value;
      f.has_details = true;
    } else if (!sealed_field_.empty() && key == sealed_field_) {
      add_sealed(as_text(value), out);
    } else if (const int rank = reasoning_rank(key); rank < f.rank && !as_text(value).empty()) {
      f.reasoning = value;
      f.reasoning_name = key;
      f.rank = rank;
    }
  });
  if (f.rank != no_rank) brings(f.reasoning_name);
  if (f.has_content && !as_text(f.content).empty()) brings(content_name);
  if (f.has_details || f.has_refusal || f.has_tool_calls || f.has_function_call ||
      (f.has_content && !f.content.is_string()))
    brings({});
  if (f.rank != no_rank)
    out.reasoning(as_text(f.reasoning));
  else if (f.has_details)
    out.reasoning(detail_merger::text_of(f.details));
  if (f.has_details) details_.add(f.details, out);
  if (f.has_content) content(f.content, out);
  if (f.has_refusal) out.refusal(as_text(f.refusal));
  if (f.has_tool_calls) tool_calls(f.tool_calls, out);
  if (f.has_function_call) function_call(f.function_call, out);
}

void completion_reader::text(std::string_view delta, reply_builder& out) {
  if (splitter_)
    splitter_->feed(delta, out);
  else
    out.text(delta);
}

/// A string, or a list of parts (some vendors put reasoning into it), or the answer as JSON.
void completion_reader::content(element e, reply_builder& out) {
  if (e.is_string()) return text(as_text(e), out);
  if (e.is_object()) return text(simdjson::minify(e), out);  // a structured answer (recorded)
  simdjson::dom::array parts;
  if (e.get(parts) != simdjson::SUCCESS) return;
  for (const element item : parts) {
    element found;
    const std::string_view type = json::find(item, "type", found) ? as_text(found) : "text";
    simdjson::dom::array inner;
    if (type == "thinking" && json::find(item, "thinking", found)) {
      if (found.get(inner) != simdjson::SUCCESS) out.reasoning(as_text(found));
      for (const element thought : inner)
        if (json::find(thought, "text", found)) out.reasoning(as_text(found));
    } else if (type == "refusal" && json::find(item, "refusal", found)) {
      out.refusal(as_text(found));
    } else if (json::find(item, "text", found)) {
      text(as_text(found), out);
    }
  }
}

void completion_reader::tool_calls(element list, reply_builder& out) {
  simdjson::dom::array items;
  if (list.is_object()) return tool_call(list, out);  // a vendor with one call at most
  if (list.get(items) != simdjson::SUCCESS) return;
  for (const element item : items) tool_call(item, out);
}

void completion_reader::tool_call(element e, reply_builder& out) {
  simdjson::dom::object o;
  if (e.get(o) != simdjson::SUCCESS) return;
  std::string_view id;
  element body, index_value;
  bool has_body = false, has_index = false;
  for (const auto [key, value] : o) {
    if (is(key, "id")) {
      id = as_text(value);
    } else if (is(key, "index")) {
      index_value = value;
      has_index = value.is_number();
    } else if (is(key, "function") || is(key, "custom")) {
      has_body = value.is_object();
      body = value;
    }
  }
  if (!has_body) return;
  element name;
  const bool named = json::find(body, "name", name) && !as_text(name).empty();
  int index = has_index ? static_cast<int>(json::as_integer(index_value)) : last_index_;
  // Without an index a name begins a new call; with one already open, another id does.
  bool fresh = has_index ? !out.tool_is_open(index) : named;
  if (!has_index && fresh) index = last_index_ + 1;
  if (!fresh && named && !id.empty() && out.tool_id(index) != id) fresh = true;
  last_index_ = std::max(last_index_, index);
  function(index, id, body, fresh, out);
}

/// The family's first form of a call: one only, without id. An empty one is none (recorded).
void completion_reader::function_call(element e, reply_builder& out) {
  element name;
  const bool named = json::find(e, "name", name) && !as_text(name).empty();
  const bool open = out.tool_is_open(0);
  if (named || open) function(0, {}, e, !open, out);
}

void completion_reader::function(int index, std::string_view id, element e, bool fresh,
                                 reply_builder& out) {
  simdjson::dom::object o;
  if (e.get(o) != simdjson::SUCCESS) return;
  std::string_view name, arguments;
  std::string made;
  for (const auto [key, value] : o) {
    if (is(key, "name")) {
      name = as_text(value);
    } else if (is(key, "arguments") && value.is_string()) {
      arguments = as_text(value);
    } else if (is(key, "arguments") && value.is_object()) {
      made = simdjson::minify(value);
      arguments = made;
    } else if (is(key, "input") && value.is_string()) {
      // A custom tool's input is plain text: here it becomes an object, arguments are JSON.
      json::writer(made).begin_object().key("input").string(as_text(value)).end_object();
      arguments = made;
    }
  }
  if (fresh) out.tool_begin(index, id, name);
  out.tool_arguments(index, arguments);
}

void completion_reader::add_sealed(std::string_view delta, reply_builder& out) {
  constexpr std::size_t most_bytes = 16u << 20;
  sealed_ += delta;
  if (sealed_.size() > most_bytes)
    out.fail({.code = errc::too_large,
              .retry = retry_class::maybe_billed,
              .message = "the reply's sealed reasoning is larger than 16 MiB"});
}

/// Reasoning that only the vendor can read goes to the reasoning that all can, if there is some.
void completion_reader::attach_sealed(reply_builder& out) const {
  std::string kept;
  json::writer(kept).begin_object().key(sealed_field_).string(sealed_).end_object();
  for (part& p : out.reply().message.parts)
    if (auto* first = std::get_if<reasoning_part>(&p); first != nullptr && first->opaque.empty()) {
      first->opaque = std::move(kept);
      return;
    }
  out.reasoning_opaque(kept);
}

void completion_reader::end(reply_builder& out) {
  if (splitter_) splitter_->finish(out);
  // Text that was taken out of the content moves the places.
  sources_.put(!splitter_, out);
  if (!details_.empty()) details_.attach(out);
  if (!sealed_.empty()) attach_sealed(out);
  if (finish_word_ == "error")
    out.fail({.code = errc::server,
              .retry = retry_class::maybe_billed,
              .message = "the vendor ended the reply with an error and did not say which",
              .vendor_code = finish_word_});
  // Some vendors say "stop" whatever happened; callers look here for what to do next.
  const reply& r = out.reply();
  if (r.finish != finish_reason::stop) return;
  if (has_part<tool_call_part>(r.message))
    out.finish(finish_reason::tool_calls, finish_word_);
  else if (has_part<refusal_part>(r.message))
    out.finish(finish_reason::refusal, finish_word_);
}

}  // namespace ark::adapters::openai
