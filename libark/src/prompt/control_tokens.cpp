#include "prompt/control_tokens.hpp"

#include <algorithm>
#include <ranges>

namespace ark::prompt {

namespace {

/// From the chat templates of open models (Llama 2 and 3, Mistral, Gemma, Qwen, DeepSeek, GLM,
/// MiniMax, Phi, Command R), November 2026.
constexpr std::string_view fixed[] = {"<s>",
                                      "</s>",
                                      "<bos>",
                                      "<eos>",
                                      "<pad>",
                                      "<unk>",
                                      "<sop>",
                                      "<eop>",
                                      "<<SYS>>",
                                      "<</SYS>>",
                                      "<start_of_turn>",
                                      "<end_of_turn>",
                                      "<tool_call>",
                                      "</tool_call>",
                                      "<tool_response>",
                                      "</tool_response>",
                                      "[INST]",
                                      "[/INST]",
                                      "[gMASK]",
                                      "[sMASK]",
                                      "[TOOL_CALLS]",
                                      "[TOOL_RESULTS]",
                                      "[/TOOL_RESULTS]",
                                      "[AVAILABLE_TOOLS]",
                                      "[/AVAILABLE_TOOLS]",
                                      "[SYSTEM_PROMPT]",
                                      "[/SYSTEM_PROMPT]",
                                      "[MODEL_SETTINGS]",
                                      "[/MODEL_SETTINGS]",
                                      "]~b]",
                                      "]~!b[",
                                      "[e~["};

/// The size of "<|...|>" at the beginning of `text`; 0 if there is none. A name has no white space
/// and no other mark in it, and is short.
std::size_t bracketed(std::string_view text, std::string_view open, std::string_view close) {
  constexpr std::size_t longest = 80;
  if (!text.starts_with(open)) return 0;
  const std::string_view near = text.substr(0, longest);
  const std::size_t end = near.find(close, open.size());
  if (end == std::string_view::npos || end == open.size()) return 0;
  const std::string_view name = near.substr(open.size(), end - open.size());
  return name.find_first_of(" \t\r\n<>") == std::string_view::npos ? end + close.size() : 0;
}

std::size_t token_at(std::string_view text) {
  if (const std::size_t size = bracketed(text, "<|", "|>"); size != 0) return size;
  if (const std::size_t size = bracketed(text, "<\uFF5C", "\uFF5C>"); size != 0) return size;
  const auto* const found = std::find_if(std::begin(fixed), std::end(fixed),
                                         [&](auto each) { return text.starts_with(each); });
  return found == std::end(fixed) ? 0 : found->size();
}

}  // namespace

std::vector<control_token> find_control_tokens(std::string_view text) {
  std::vector<control_token> out;
  for (std::size_t at = text.find_first_of("<[]"); at != std::string_view::npos;
       at = text.find_first_of("<[]", at)) {
    const std::size_t size = token_at(text.substr(at));
    if (size != 0) out.push_back({at, size});
    at += std::max<std::size_t>(size, 1);
  }
  return out;
}

std::size_t escape_control_tokens(std::vector<span>& spans) {
  std::string text;
  for (const span& each : spans) text += each.text;
  const auto tokens = find_control_tokens(text);
  std::size_t escaped = 0;
  // From the back, so that places before stay what they are.
  for (const control_token& token : std::views::reverse(tokens)) {
    std::size_t begin = 0;
    span* first = nullptr;
    std::size_t at = 0;
    bool is_from_outside = false;
    for (span& each : spans) {
      const std::size_t end = begin + each.text.size();
      if (token.at < end && token.at + token.size > begin) {
        if (first == nullptr) {
          first = &each;
          at = token.at - begin;
        }
        is_from_outside = is_from_outside || each.origin != 0;
      }
      begin = end;
    }
    if (!is_from_outside) continue;
    first->text.insert(at + 1, 1, ' ');
    ++escaped;
  }
  return escaped;
}

}  // namespace ark::prompt
