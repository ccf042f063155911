#include "base/text.hpp"
#include "dialect/bedrock_invoke/bedrock_bodies.hpp"
#include "dialect/quirks.hpp"

#include <algorithm>
#include <array>

namespace ark::adapters::bedrock {
namespace {

/// Where things stand in an answer that has the member `mark`. What is `listed` stands in the first
/// item of its list, but for the input's count.
struct text_shape {
  std::string_view mark;
  bool listed;
  std::string_view text, finish;
  std::string_view input{}, output{};  ///< the counts; "": only the service gives them
};

constexpr std::array<text_shape, 9> text_shapes = {{
    {"results", true, "outputText", "completionReason", "inputTextTokenCount", "tokenCount"},
    {"outputText", false, "outputText", "completionReason", "inputTextTokenCount",
     "totalOutputTextTokenCount"},
    {"generation", false, "generation", "stop_reason", "prompt_token_count",
     "generation_token_count"},
    {"outputs", true, "text", "stop_reason"},
    {"generations", true, "text", "finish_reason"},
    {"completions", true, "data.text", "finishReason.reason"},
    {"completion", false, "completion", "stop_reason"},
    // Cohere's events, and the answers of Command R.
    {"is_finished", false, "text", "finish_reason"},
    {"generation_id", false, "text", "finish_reason"},
}};

const text_shape* find_shape(element root) {
  element found;
  const auto at =
      std::find_if(text_shapes.begin(), text_shapes.end(),
                   [&](const text_shape& shape) { return json::find(root, shape.mark, found); });
  return at == text_shapes.end() ? nullptr : &*at;
}

/// Their words, in small letters. Recorded: stop, length, finish, stop_sequence, max_tokens,
/// complete and endoftext.
finish_reason text_finish(std::string_view word) {
  const std::string low = text::lower(word);
  for (const std::string_view end : {"stop", "finish", "finished", "stop_sequence", "complete",
                                     "endoftext", "stop_criteria_met"})
    if (low == end) return finish_reason::stop;
  if (low == "length" || low == "max_tokens") return finish_reason::length;
  if (low == "content_filtered" || low == "error_toxic") return finish_reason::content_filter;
  return finish_reason::other;
}

/// Nothing for null (recorded in streams). Titan also writes counts as 28.0 (recorded).
void read_number(element holder, std::string_view name, std::optional<std::int64_t>& field) {
  element found;
  if (!name.empty() && json::find(holder, name, found) && !found.is_null())
    field = json::as_integer(found, -1);
}

}  // namespace

bool text_reader::knows(element root) { return find_shape(root) != nullptr; }

bool text_reader::read(element root, reply_builder& out) {
  const text_shape* const shape = find_shape(root);
  if (shape == nullptr) return false;
  element item = root, found;
  simdjson::dom::array items;
  if (shape->listed) {
    if (!json::find(root, shape->mark, found) || found.get(items) != simdjson::SUCCESS)
      return false;
    if (items.size() > 1) out.note("the vendor sent several answers: only the first is kept");
    if (items.at(0).get(item) != simdjson::SUCCESS) return false;
  }
  if (json::find(item, "index", found) && json::as_integer(found) != 0) {
    out.note("the vendor sent several answers: only the first is kept");
    return true;
  }
  std::string_view id = json::text_at(root, "id");
  if (id.empty()) id = json::text_at(root, "response_id");
  if (!id.empty()) out.started(id, {});
  if (json::find_path(item, shape->text, found)) out.text(json::as_text(found));
  if (json::find(root, "tool_calls", found) && !found.is_null())
    out.note("the reply's tool calls are not kept: use the vendor's row for Converse");
  const std::string_view word =
      json::find_path(item, shape->finish, found) ? json::as_text(found) : std::string_view{};
  if (!word.empty())
    out.finish(dialect::quirk_view(vendor_).finish(word).value_or(text_finish(word)), word);
  read_number(root, shape->input, counts_.input);
  read_number(item, shape->output, counts_.output);
  if (counts_.input || counts_.output) out.usage(usage_of(counts_, out));
  return true;
}

}  // namespace ark::adapters::bedrock
