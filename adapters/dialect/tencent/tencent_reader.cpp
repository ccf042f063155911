#include "dialect/tencent/tencent_wire.hpp"

#include <algorithm>

namespace ark::adapters::tencent {
namespace {

finish_reason family_meaning(std::string_view word) {
  if (word == "stop") return finish_reason::stop;
  if (word == "sensitive") return finish_reason::content_filter;
  if (word == "tool_calls") return finish_reason::tool_calls;
  return finish_reason::other;
}

std::optional<std::int64_t> whole_number(element usage, std::string_view path) {
  element found;
  std::int64_t value = 0;
  if (!json::find_path(usage, path, found) || found.get(value) != simdjson::SUCCESS)
    return std::nullopt;
  // Beyond any real count, and small enough that sums do not overflow.
  constexpr std::int64_t absurd = 4'000'000'000'000'000;
  return std::clamp(value, -absurd, absurd);
}

bool cannot_be(std::optional<std::int64_t> n) { return n && (*n < 0 || *n > 1'000'000'000'000); }

}  // namespace

std::optional<ark::usage> read_usage(element usage, reply_builder& out) {
  const auto prompt = whole_number(usage, "PromptTokens");
  const auto completion = whole_number(usage, "CompletionTokens");
  const auto cached = whole_number(usage, "PromptTokensDetails.CachedTokens");
  if (!prompt && !completion) return std::nullopt;
  ark::usage u;
  u.reported = true;
  u.input = prompt.value_or(0);
  u.output = completion.value_or(0);
  u.vendor_total = whole_number(usage, "TotalTokens");
  u.cache_read =
      std::clamp<std::int64_t>(cached.value_or(0), 0, std::max<std::int64_t>(u.input, 0));
  u.input -= u.cache_read;
  if (cached && *cached != u.cache_read)
    out.note("the vendor's usage counts more cached tokens than the prompt has: " +
             std::to_string(*cached));
  const std::int64_t sum = u.input_total() + u.output_total();
  if (cannot_be(prompt) || cannot_be(completion) || cannot_be(u.vendor_total))
    out.note("the vendor's usage has counts that cannot be: the cost of this reply is unknown");
  else if (u.vendor_total && *u.vendor_total != sum)
    out.note("the vendor's total of " + std::to_string(*u.vendor_total) +
             " tokens is not the sum of its parts, " + std::to_string(sum));
  return u;
}

bool completion_reader::read(element body, reply_builder& out) {
  element list, used;
  simdjson::dom::array items;
  const bool has_choices =
      json::find(body, "Choices", list) && list.get(items) == simdjson::SUCCESS;
  const bool has_usage = json::find(body, "Usage", used) && used.is_object();
  if (!has_choices && !has_usage) return false;
  out.started(json::text_at(body, "Id"), {});
  if (has_choices)
    for (const element item : items) choice(item, out);
  // In every chunk and cumulative: the last one counts.
  if (has_usage)
    if (const auto now = read_usage(used, out)) out.usage(*now);
  return true;
}

void completion_reader::choice(element e, reply_builder& out) {
  element found;
  if (json::find(e, "Index", found) && json::as_integer(found) != 0)
    return out.note("the vendor made several choices: this reply is the first one");
  const bool has_delta = json::find(e, "Delta", found) && found.is_object();
  if (has_delta || json::find(e, "Message", found)) message(found, out);
  const std::string_view word = json::text_at(e, "FinishReason");
  if (word.empty()) return;
  finish_word_ = word;
  out.finish(quirks_.finish(word).value_or(family_meaning(word)), word);
}

void completion_reader::message(element e, reply_builder& out) {
  element list;
  simdjson::dom::array items;
  out.reasoning(json::text_at(e, "ReasoningContent"));
  out.text(json::text_at(e, "Content"));
  if (!json::find(e, "ToolCalls", list) || list.get(items) != simdjson::SUCCESS) return;
  int position = 0;
  for (const element item : items) tool_call(item, position++, out);
}

void completion_reader::tool_call(element e, int position, reply_builder& out) {
  element function, found;
  if (!json::find(e, "Function", function) || !function.is_object()) return;
  const std::string_view name = json::text_at(function, "Name");
  const std::string_view id = json::text_at(e, "Id");
  const int index =
      json::find(e, "Index", found) && found.is_number()
          ? static_cast<int>(std::clamp<std::int64_t>(json::as_integer(found), 0, 1 << 30))
          : position;
  const bool is_open = out.tool_is_open(index);
  if (!name.empty() && (!is_open || (!id.empty() && out.tool_id(index) != id)))
    out.tool_begin(index, id, name);
  out.tool_arguments(index, json::text_at(function, "Arguments"));
}

void completion_reader::end(reply_builder& out) {
  const reply& r = out.reply();
  const bool has_call =
      std::any_of(r.message.parts.begin(), r.message.parts.end(),
                  [](const part& p) { return std::holds_alternative<tool_call_part>(p); });
  if (r.finish == finish_reason::stop && has_call)
    out.finish(finish_reason::tool_calls, finish_word_);
}

}  // namespace ark::adapters::tencent
