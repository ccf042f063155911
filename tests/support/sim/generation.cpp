#include "sim/generation.hpp"

#include "sim/brain.hpp"
#include "sim/schema_fill.hpp"
#include "sim/tokens.hpp"

#include <algorithm>

namespace ark::testing {

namespace {

namespace bj = boost::json;
using tool_mode = chat_request::tool_mode;

/// A model left to itself takes a tool if the prompt has a word of the tool's name in it.
bool prompt_asks_for(const tool_spec& tool, std::string_view low_prompt) {
  std::string word;
  for (const char c : tool.name + "_") {
    if (c != '_' && c != '-') {
      word += c;
      continue;
    }
    const std::string low = lowered(word);
    const bool telling = low.size() >= 4 && low != "find" && low != "tool";
    if (telling && low_prompt.find(low) != std::string_view::npos) return true;
    word.clear();
  }
  return false;
}

const tool_spec* pick_tool(const chat_request& request) {
  if (request.tools.empty() || request.choice == tool_mode::none) return nullptr;
  if (request.choice == tool_mode::named) {
    const auto it = std::find_if(request.tools.begin(), request.tools.end(),
                                 [&](const auto& t) { return t.name == request.chosen_tool; });
    return it == request.tools.end() ? nullptr : &*it;
  }
  if (!request.tool_results.empty()) return nullptr;
  const std::string low = lowered(request.last_user);
  for (const auto& tool : request.tools)
    if (prompt_asks_for(tool, low)) return &tool;
  return request.choice == tool_mode::required ? &request.tools.front() : nullptr;
}

/// The tool once, or once for each place that the prompt names if the tool takes one.
result<std::vector<made_call>> make_calls(const chat_request& request, const tool_spec& tool) {
  auto filled = fill_schema(tool.schema, request.last_user);
  if (!filled) return filled.error();
  if (!filled->is_object()) *filled = bj::object{};
  std::vector<made_call> calls;
  const auto places = places_in(request.last_user);
  for (const std::string_view name : {"city", "location", "place"}) {
    if (!filled->get_object().contains(name)) continue;
    for (const auto& place : places) {
      if (!calls.empty() && !request.parallel_tools) break;
      bj::object arguments = filled->get_object();
      arguments[name] = place;
      calls.push_back({tool.name, bj::serialize(arguments)});
    }
    break;
  }
  if (calls.empty()) calls.push_back({tool.name, bj::serialize(*filled)});
  return calls;
}

std::string free_text(const chat_request& request, std::optional<std::uint64_t> fallible_seed) {
  if (!request.tool_results.empty()) {
    std::string all;
    for (const auto& one : request.tool_results) all += (all.empty() ? "" : "; ") + one;
    return "The tool says: " + all;
  }
  if (!request.images.empty()) {
    std::string all;
    for (const auto& one : request.images) all += (all.empty() ? "" : ", ") + one;
    return "I see " + std::to_string(request.images.size()) + " image(s): " + all + ".";
  }
  const knowledge known = know(request.last_user);
  if (known.certain && fallible_seed &&
      !answers_rightly(request.model, request.last_user, *fallible_seed))
    return wrong_answer(known.text);
  return known.text;
}

result<std::string> answer_text(const chat_request& request,
                                std::optional<std::uint64_t> fallible_seed) {
  if (request.has_schema) {
    auto filled = fill_schema(request.schema, request.last_user);
    if (!filled) return filled.error();
    return bj::serialize(*filled);
  }
  std::string text = free_text(request, fallible_seed);
  if (!request.json_object) return text;
  boost::system::error_code not_json;
  const auto parsed = bj::parse(text, not_json);
  return !not_json && parsed.is_object() ? text : bj::serialize(bj::object{{"answer", text}});
}

void apply_stops(const chat_request& request, generation& out) {
  std::size_t earliest = std::string::npos;
  for (const auto& stop : request.stops) {
    const std::size_t at = stop.empty() ? std::string::npos : out.text.find(stop);
    if (at >= earliest) continue;
    earliest = at;
    out.stop_sequence = stop;
  }
  if (earliest == std::string::npos) return;
  out.text.resize(earliest);
  out.end = generation::ending::stop_sequence;
}

/// Reasoning comes first and counts against the limit, as with real vendors.
void apply_limit(const chat_request& request, generation& out) {
  std::int64_t call_tokens = 0;
  for (const auto& call : out.calls) call_tokens += count_tokens(call.name + call.arguments);
  out.tokens.output = count_tokens(out.text) + call_tokens;
  if (request.max_tokens < 0 || out.tokens.reasoning + out.tokens.output <= request.max_tokens)
    return;
  out.end = generation::ending::length;
  out.tokens.reasoning = std::min(out.tokens.reasoning, request.max_tokens);
  out.reasoning = first_tokens(out.reasoning, out.tokens.reasoning);
  out.text = first_tokens(out.text, request.max_tokens - out.tokens.reasoning);
  // Half a tool call is no JSON: vendors drop it, and so do we.
  out.calls.clear();
  out.tokens.output = count_tokens(out.text);
}

}  // namespace

result<generation> generate(const chat_request& request, prompt_cache& cache,
                            std::optional<std::uint64_t> fallible_seed,
                            const std::optional<std::string>& scripted) {
  generation out;
  if (request.think) {
    const std::string thoughts = "The user asks: " + request.last_user.substr(0, 200) +
                                 ". I know this, so I will answer directly.";
    out.tokens.reasoning = count_tokens(thoughts);
    if (request.visible_thinking) out.reasoning = thoughts;
  }
  const tool_spec* tool = scripted ? nullptr : pick_tool(request);
  if (tool) {
    auto calls = make_calls(request, *tool);
    if (!calls) return calls.error();
    out.calls = std::move(*calls);
    out.end = generation::ending::tool_calls;
  } else if (scripted) {
    out.text = *scripted;
  } else if (lowered(request.last_user).find("refuse this") != std::string::npos) {
    out.text = "I cannot help with that.";
    out.end = generation::ending::refusal;
  } else {
    auto text = answer_text(request, fallible_seed);
    if (!text) return text.error();
    out.text = std::move(*text);
  }
  apply_stops(request, out);
  apply_limit(request, out);
  const billed_tokens prompt = cache.split(request);
  out.tokens.input = prompt.input;
  out.tokens.cache_read = prompt.cache_read;
  out.tokens.cache_write_5m = prompt.cache_write_5m;
  out.tokens.cache_write_1h = prompt.cache_write_1h;
  return out;
}

}  // namespace ark::testing
