#include "dialect/logprobs.hpp"
#include "dialect/ollama/ollama_wire.hpp"
#include "dialect/usage_counts.hpp"

#include <algorithm>
#include <array>

namespace ark::adapters::ollama {
namespace {

/// What one line says, but for its message's parts.
struct line_fields {
  std::string_view model, created_at, done_reason;
  std::optional<std::string_view> response;  ///< /api/generate's text, beside which it thinks
  std::string_view thinking;
  std::optional<element> message;
  counts used;
  std::optional<element> logprobs;
  bool done = false;
};

line_fields read_fields(simdjson::dom::object line) {
  line_fields f;
  for (const auto [key, value] : line) {
    if (key == "model") {
      f.model = json::as_text(value);
    } else if (key == "created_at") {
      f.created_at = json::as_text(value);
    } else if (key == "message") {
      f.message = value;
    } else if (key == "response") {
      f.response = json::as_text(value);
    } else if (key == "thinking") {
      f.thinking = json::as_text(value);
    } else if (key == "done") {
      bool yes = false;
      f.done = value.get(yes) == simdjson::SUCCESS && yes;
    } else if (key == "done_reason") {
      f.done_reason = json::as_text(value);
    } else if (key == "logprobs") {
      f.logprobs = value;
    } else {
      f.used.take(key, value);
    }
  }
  return f;
}

/// A call whole says "stop" although the model waits for results (recorded).
finish_reason finish_of(std::string_view word, bool has_calls) {
  if (word == "length") return finish_reason::length;
  if (has_calls && (word == "stop" || word.empty())) return finish_reason::tool_calls;
  if (word == "stop") return finish_reason::stop;
  return finish_reason::other;
}

/// FNV-1a of when the call was made and which it is: the same bytes give the same id, and the
/// calls of one conversation have different ones.
std::string made_id(std::string_view created_at, int number) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : std::string(created_at) + '#' + std::to_string(number))
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  std::string id = "call_";
  for (int shift = 60; shift >= 0; shift -= 4) id += "0123456789abcdef"[hash >> shift & 15];
  return id;
}

}  // namespace

bool counts::take(std::string_view key, element value) {
  auto* field = key == "prompt_eval_count"          ? &prompt
                : key == "prompt_eval_cached_count" ? &cached
                : key == "eval_count"               ? &output
                                                    : nullptr;
  if (field == nullptr) return false;
  if (value.is_null()) return true;
  if (const auto n = dialect::count_of(value); n && value.is_number())
    *field = n;
  else
    broken = true;
  return true;
}

ark::usage counts::total(reply_builder& out) const {
  ark::usage u;
  if (broken) out.note("the vendor's usage has a count that is not a number: usage is unknown");
  u.reported = !broken && (prompt || output);
  u.input = prompt.value_or(0);
  u.output = output.value_or(0);
  u.cache_read = dialect::take(u.input, cached, "cached", out);
  dialect::check_counts({prompt, output, cached}, u, out);
  return u;
}

line_reader::line_reader(const vendor& v) : quirks_(v) {
  if (quirks_.think_tags != nullptr) splitter_.emplace(*quirks_.think_tags);
}

dialect::frame_kind line_reader::read(element line, reply_builder& out) {
  simdjson::dom::object fields;
  if (line.get(fields) != simdjson::SUCCESS) return dialect::frame_kind::corrupt;
  if (is_error(line)) {
    out.fail(read_error(200, line, quirks_.row()));
    return dialect::frame_kind::known;
  }
  const line_fields f = read_fields(fields);
  if (!f.message && !f.response && !f.done) return dialect::frame_kind::unknown;
  out.started({}, f.model);
  if (f.message) read_message(*f.message, f.created_at, out);
  if (f.response) {
    out.reasoning(f.thinking);
    text(*f.response, out);
  }
  if (f.logprobs) dialect::read_logprobs(*f.logprobs, out);
  if (f.done || !f.done_reason.empty())
    out.finish(quirks_.finish(f.done_reason).value_or(finish_of(f.done_reason, calls_ > 0)),
               f.done_reason);
  if (!f.done) return dialect::frame_kind::known;
  if (splitter_) splitter_->finish(out);
  // Versions of 2024 count only what was evaluated, and leave the count out where that is nothing.
  if (f.used.output && !f.used.prompt)
    out.note("the vendor did not count the prompt: it came from its cache, uncounted");
  out.usage(f.used.total(out));
  out.done();
  return dialect::frame_kind::known;
}

void line_reader::read_message(element message, std::string_view created_at, reply_builder& out) {
  out.reasoning(json::text_at(message, "thinking"));
  text(json::text_at(message, "content"), out);
  element list;
  simdjson::dom::array calls;
  if (!json::find(message, "tool_calls", list) || list.get(calls) != simdjson::SUCCESS) return;
  for (const element call : calls) read_call(call, created_at, out);
}

/// Calls come whole, and those of one reply may all have the index 0: they are counted here.
void line_reader::read_call(element call, std::string_view created_at, reply_builder& out) {
  element function, arguments;
  if (!json::find(call, "function", function)) function = call;
  std::string id(json::text_at(call, "id"));
  if (id.empty()) id = made_id(created_at, calls_);
  const int index = calls_++;
  out.tool_begin(index, id, json::text_at(function, "name"));
  if (json::find(function, "arguments", arguments) && !arguments.is_null()) {
    if (arguments.is_string())
      out.tool_arguments(index, json::as_text(arguments));
    else
      out.tool_arguments(index, std::string(simdjson::minify(arguments)));
  }
  out.tool_end(index);
}

void line_reader::text(std::string_view delta, reply_builder& out) {
  if (splitter_)
    splitter_->feed(delta, out);
  else
    out.text(delta);
}

}  // namespace ark::adapters::ollama
