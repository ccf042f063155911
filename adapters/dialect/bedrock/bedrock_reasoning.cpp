#include "base/json.hpp"
#include "dialect/anthropic_messages.hpp"
#include "dialect/bedrock/bedrock_wire.hpp"

#include <algorithm>
#include <limits>

namespace ark::adapters::bedrock {
namespace {

using effort = reasoning_effort;

error cannot_reason(std::string message) {
  return {.code = errc::unsupported, .message = std::move(message)};
}

/// The efforts of gpt-oss and Nova; noted where another one was asked for.
std::string_view three_efforts(effort asked, std::vector<std::string>& notes) {
  const std::string_view sent = asked <= effort::low      ? "low"
                                : asked == effort::medium ? "medium"
                                                          : "high";
  if (sent != to_string(asked))
    notes.push_back("reasoning effort " + std::string(to_string(asked)) + " was sent as " +
                    std::string(sent) + ", the nearest that this model takes");
  return sent;
}

/// A budget up to 4.5, an effort after (recorded: claude-3-7 to claude-sonnet-5).
result<reasoning_fields> ask_claude(const call& c, std::string_view model) {
  reasoning_fields out;
  if (c.reasoning == effort::none && !c.reasoning_budget_tokens) {
    out.fields.emplace_back("thinking", R"({"type":"disabled"})");
    return out;
  }
  std::int64_t budget_tokens = c.reasoning_budget_tokens.value_or(0);
  if (!c.reasoning_budget_tokens && claude_thinks_by_budget(model)) {
    budget_tokens = claude_budget_tokens(c.reasoning);
    if (c.max_tokens) budget_tokens = std::min(budget_tokens, *c.max_tokens - 1);
    out.notes.push_back("reasoning effort was sent as a thinking budget of " +
                        std::to_string(budget_tokens) + " tokens: this model takes no effort");
  } else if (!c.reasoning_budget_tokens) {
    const bool least = c.reasoning == effort::minimal;
    if (least)
      out.notes.emplace_back("reasoning effort minimal was sent as low, this model's least");
    out.fields.emplace_back("thinking", R"({"type":"adaptive"})");
    out.fields.emplace_back(
        "output_config",
        R"({"effort":")" + std::string(least ? "low" : to_string(c.reasoning)) + R"("})");
    return out;
  }
  if (budget_tokens < claude_least_budget_tokens ||
      budget_tokens >= c.max_tokens.value_or(std::numeric_limits<std::int64_t>::max()))
    return error{.code = errc::invalid_request,
                 .message =
                     "a thinking budget is at least 1024 tokens and less than max_tokens: "
                     "correct the budget or raise max_tokens"};
  out.fields.emplace_back(
      "thinking", R"({"type":"enabled","budget_tokens":)" + std::to_string(budget_tokens) + "}");
  return out;
}

}  // namespace

result<reasoning_fields> ask_reasoning(const call& c, std::string_view model) {
  reasoning_fields out;
  if (c.reasoning == effort::unset && !c.reasoning_budget_tokens) return out;
  const auto has = [model](std::string_view part) { return model.find(part) != model.npos; };
  if (has("anthropic.claude")) return ask_claude(c, model.substr(model.find("claude")));
  const bool is_nova = has("amazon.nova-2"), is_gpt = has("openai.gpt-oss");
  if (!is_nova && !is_gpt)
    return cannot_reason("how the model \"" + std::string(model) +
                         "\" is asked to reason is not known: leave reasoning unset and give the "
                         "model's own parameter as an extra one");
  if (c.reasoning_budget_tokens)
    return cannot_reason("this model takes a reasoning effort and no budget: leave the budget out");
  if (c.reasoning == effort::none && is_gpt)
    return cannot_reason("this model always reasons: ask for the effort \"low\"");
  // Nova does not reason unless it is asked to.
  if (c.reasoning == effort::none) return out;
  const std::string level(three_efforts(c.reasoning, out.notes));
  if (is_gpt)
    out.fields.emplace_back("reasoning_effort", '"' + level + '"');
  else
    out.fields.emplace_back("reasoningConfig",
                            R"({"type":"enabled","maxReasoningEffort":")" + level + R"("})");
  return out;
}

}  // namespace ark::adapters::bedrock
