#include "dialect/dashscope/dashscope_wire.hpp"
#include "dialect/logprobs.hpp"
#include "dialect/turns.hpp"

#include <algorithm>

namespace ark::adapters::dashscope {
namespace {

using json::as_text;

finish_reason family_meaning(std::string_view word) {
  if (word == "stop") return finish_reason::stop;
  if (word == "length") return finish_reason::length;
  if (word == "tool_calls") return finish_reason::tool_calls;
  if (word == "content_filter") return finish_reason::content_filter;
  return finish_reason::other;
}

/// A call's arguments: text, or from some models an object.
std::string arguments_text(element e) {
  return e.is_object() ? simdjson::minify(e) : std::string(as_text(e));
}

}  // namespace

output_reader::output_reader(const vendor& v, bool whole)
    : quirks_(v),
      positional_(whole || is_cumulative(quirks_)),
      cumulative_(!whole && is_cumulative(quirks_)),
      text_(cumulative_),
      reasoning_(cumulative_) {}

bool output_reader::read(element root, reply_builder& out) {
  simdjson::dom::object o;
  if (root.get(o) != simdjson::SUCCESS) return false;
  element body, used;
  std::string_view id;
  bool has_body = false, has_usage = false;
  for (const auto [key, value] : o) {
    if (key == "output") {
      body = value;
      has_body = value.is_object();
    } else if (key == "usage") {
      used = value;
      has_usage = value.is_object();
    } else if (key == "request_id") {
      id = as_text(value);
    }
  }
  if (!has_body && !has_usage) return false;
  out.started(id, {});
  const bool known = !has_body || output(body, out);
  // In every chunk, and cumulative also where the text is not: the last one counts.
  if (has_usage)
    if (const auto now = read_usage(used, out)) out.usage(*now);
  return known;
}

/// `choices`, or with the older result format `text` and `finish_reason`. False: neither.
bool output_reader::output(element e, reply_builder& out) {
  element list, found;
  simdjson::dom::array items;
  if (json::find(e, "choices", list) && list.get(items) == simdjson::SUCCESS) {
    for (const element item : items) choice(item, out);
    return true;
  }
  if (!json::find(e, "text", found)) return false;
  out.text(text_.fresh(as_text(found), out));
  finish(json::text_at(e, "finish_reason"), out);
  return true;
}

void output_reader::choice(element e, reply_builder& out) {
  element found;
  if (json::find(e, "index", found) && json::as_integer(found) != 0)
    return out.note("the vendor made several choices: this reply is the first one");
  if (json::find(e, "message", found)) message(found, out);
  if (json::find(e, "logprobs", found) && json::find(found, "content", found))
    ark::dialect::read_logprobs(found, out);
  finish(json::text_at(e, "finish_reason"), out);
}

/// While a reply goes on the word is "null", as text.
void output_reader::finish(std::string_view word, reply_builder& out) {
  if (word.empty() || word == "null") return;
  finish_word_ = word;
  out.finish(quirks_.finish(word).value_or(family_meaning(word)), word);
}

void output_reader::message(element e, reply_builder& out) {
  element found;
  out.reasoning(reasoning_.fresh(json::text_at(e, "reasoning_content"), out));
  if (json::find(e, "content", found)) content(found, out);
  if (json::find(e, "tool_calls", found)) tool_calls(found, out);
}

/// A string, or on the multimodal endpoint a list of {"text"} and other objects.
void output_reader::content(element e, reply_builder& out) {
  simdjson::dom::array parts;
  if (e.get(parts) != simdjson::SUCCESS) return out.text(text_.fresh(as_text(e), out));
  std::string text;
  for (const element item : parts) {
    element found;
    if (json::find(item, "text", found))
      text += as_text(found);
    else
      out.note("the vendor's reply has a part that is no text: it was left out");
  }
  out.text(text_.fresh(text, out));
}

void output_reader::tool_calls(element list, reply_builder& out) {
  simdjson::dom::array items;
  if (list.get(items) != simdjson::SUCCESS) return;
  int position = 0;
  for (const element item : items) tool_call(item, position++, out);
}

/// Without an index a call is known by its place where each chunk has all of them; else a name
/// begins a new one.
int output_reader::index_of(element e, int position, bool named) const {
  element found;
  if (json::find(e, "index", found) && found.is_number())
    return static_cast<int>(std::clamp<std::int64_t>(json::as_integer(found), 0, 1 << 30));
  if (positional_) return position;
  return named ? last_index_ + 1 : std::max(last_index_, 0);
}

chunked_text& output_reader::arguments_of(int index, bool begins) {
  const auto known = std::find_if(calls_.begin(), calls_.end(),
                                  [index](const call_text& c) { return c.index == index; });
  if (known == calls_.end())
    return calls_.emplace_back(call_text{index, chunked_text(cumulative_)}).arguments;
  if (begins) known->arguments = chunked_text(cumulative_);
  return known->arguments;
}

void output_reader::tool_call(element e, int position, reply_builder& out) {
  element function, found;
  if (!json::find(e, "function", function) || !function.is_object()) return;
  const std::string_view name = json::text_at(function, "name");
  const std::string_view id = json::text_at(e, "id");
  const int index = index_of(e, position, !name.empty());
  const bool is_open = out.tool_is_open(index);
  // Another id under the same index is another call.
  const bool begins =
      !name.empty() && (!is_open || (!id.empty() && !cumulative_ && out.tool_id(index) != id));
  last_index_ = std::max(last_index_, index);
  if (begins) out.tool_begin(index, id, name);
  if (!json::find(function, "arguments", found)) return;
  const std::string arguments = arguments_text(found);
  out.tool_arguments(index, arguments_of(index, begins).fresh(arguments, out));
}

void output_reader::end(reply_builder& out) {
  // "stop" also ends replies with calls: callers look here for what to do next.
  const reply& r = out.reply();
  if (r.finish == finish_reason::stop && ark::dialect::has_part<tool_call_part>(r.message))
    out.finish(finish_reason::tool_calls, finish_word_);
}

}  // namespace ark::adapters::dashscope
