#include "prompt/control_tokens.hpp"

#include <algorithm>

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

/// All places of the texts that the rules above do not find.
std::vector<control_token> find_all(std::string_view text, const std::vector<std::string>& these) {
  std::vector<control_token> out;
  for (const std::string& each : these) {
    if (each.empty() || token_at(each) == each.size()) continue;
    for (std::size_t at = text.find(each); at != std::string_view::npos;
         at = text.find(each, at + each.size()))
      out.push_back({at, each.size()});
  }
  return out;
}

/// In order; of two that overlap, the one that begins first, or is longer.
void sort_out(std::vector<control_token>& tokens) {
  std::ranges::sort(tokens, [](const control_token& a, const control_token& b) {
    return a.at != b.at ? a.at < b.at : a.size > b.size;
  });
  std::size_t end = 0;
  std::erase_if(tokens, [&](const control_token& each) {
    if (each.at < end) return true;
    end = each.at + each.size;
    return false;
  });
}

/// Puts a space in front of the byte at each of the places, which are in order.
void put_spaces(std::string& text, const std::vector<std::size_t>& places) {
  if (places.empty()) return;
  std::string out;
  out.reserve(text.size() + places.size());
  std::size_t from = 0;
  for (const std::size_t place : places) {
    out.append(text, from, place - from) += ' ';
    from = place;
  }
  text = out.append(text, from);
}

}  // namespace

std::vector<control_token> find_control_tokens(std::string_view text,
                                               const std::vector<std::string>& more) {
  std::vector<control_token> out = find_all(text, more);
  const bool has_more = !out.empty();
  for (std::size_t at = text.find_first_of("<[]"); at != std::string_view::npos;
       at = text.find_first_of("<[]", at)) {
    const std::size_t size = token_at(text.substr(at));
    if (size != 0) out.push_back({at, size});
    at += std::max<std::size_t>(size, 1);
  }
  if (has_more) sort_out(out);
  return out;
}

std::size_t escape_control_tokens(std::vector<span>& spans, const std::vector<std::string>& more) {
  std::string text;
  for (const span& each : spans) text += each.text;
  std::size_t escaped = 0, first = 0, begin = 0;
  std::vector<std::size_t> places;  // in the span `first`
  const auto next_span = [&] {
    begin += spans[first].text.size();
    put_spaces(spans[first++].text, places);
    places.clear();
  };
  for (const control_token& token : find_control_tokens(text, more)) {
    while (begin + spans[first].text.size() <= token.at) next_span();
    bool is_from_outside = false;
    std::size_t at = begin;
    for (std::size_t i = first; i < spans.size() && at < token.at + token.size; ++i) {
      is_from_outside = is_from_outside || (spans[i].origin != 0 && !spans[i].text.empty());
      at += spans[i].text.size();
    }
    if (!is_from_outside) continue;
    std::size_t place = token.at + 1;
    while (place < text.size() && (text[place] & 0xC0) == 0x80) ++place;
    places.push_back(place - begin);
    ++escaped;
  }
  if (!places.empty()) next_span();
  return escaped;
}

result<void> tell_escaped(std::size_t found, std::string_view where, control_tokens rule,
                          std::vector<std::string>& notes) {
  if (found == 0) return {};
  const std::string count = std::to_string(found);
  if (rule == control_tokens::refuse)
    return error{
        .code = errc::invalid_request,
        .message = "the " + std::string(where) + " hold " + count +
                   " control tokens of models; allow them to be escaped, or take them out"};
  notes.push_back(count + " control tokens in the " + std::string(where) +
                  " were escaped by a space");
  return {};
}

}  // namespace ark::prompt
