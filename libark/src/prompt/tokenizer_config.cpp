#include "prompt/tokenizer_config.hpp"

#include <algorithm>
#include <iterator>

#include "base/json_reader.hpp"

namespace ark::prompt {

namespace {

using json::element;

constexpr std::string_view token_names[] = {"bos_token", "eos_token", "unk_token", "sep_token",
                                            "pad_token", "cls_token", "mask_token"};

error bad(const std::string& path, const std::string& why) {
  return {.code = errc::config, .message = path + ": " + why};
}

/// A token is a text, or an object (AddedToken) whose `content` is one.
std::string token_text(element e) {
  element content;
  if (e.is_object() && json::find(e, "content", content))
    return std::string(json::as_text(content));
  return std::string(json::as_text(e));
}

void add_special(std::vector<std::string>& to, std::string token) {
  if (!token.empty() && std::find(to.begin(), to.end(), token) == to.end())
    to.push_back(std::move(token));
}

result<void> read_templates(element e, const std::string& path, tokenizer_config& out) {
  simdjson::dom::array several;
  if (e.is_string()) {
    out.templates.emplace("default", json::as_text(e));
    return {};
  }
  if (e.get(several) != simdjson::SUCCESS)
    return bad(path, "chat_template: it must be a text, or a list of {name, template}");
  for (const element each : several) {
    const auto name = json::text_at(each, "name"), text = json::text_at(each, "template");
    if (name.empty() || text.empty())
      return bad(path, "chat_template: each of the list needs a name and a template");
    out.templates.emplace(name, text);
  }
  return {};
}

void read_added_tokens(element e, tokenizer_config& out) {
  simdjson::dom::object added;
  if (e.get(added) != simdjson::SUCCESS) return;
  for (const auto [id, token] : added) {
    element special;
    bool is_special = false;
    if (json::find(token, "special", special) && !special.get(is_special) && is_special)
      add_special(out.special, token_text(token));
  }
}

}  // namespace

bool is_token_name(std::string_view name) noexcept {
  return std::find(std::begin(token_names), std::end(token_names), name) != std::end(token_names);
}

bool looks_like_json(std::string_view text) noexcept {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || text[first] != '{') return false;
  const auto next = text.find_first_not_of(" \t\r\n", first + 1);
  return next != std::string_view::npos && (text[next] == '"' || text[next] == '}');
}

result<tokenizer_config> read_tokenizer_config(std::string_view text, const std::string& path) {
  json::reader reader;
  const auto root = reader.parse(text);
  if (!root || !root->is_object()) return bad(path, "is no JSON object");
  tokenizer_config out;
  element found;
  if (json::find(*root, "chat_template", found) && !found.is_null())
    if (auto ok = read_templates(found, path, out); !ok) return ok.error();
  for (const std::string_view name : token_names)
    if (json::find(*root, name, found))
      if (std::string token = token_text(found); !token.empty()) {
        add_special(out.special, token);
        out.tokens.emplace(name, std::move(token));
      }
  if (json::find(*root, "added_tokens_decoder", found)) read_added_tokens(found, out);
  simdjson::dom::array more;
  if (json::find(*root, "additional_special_tokens", found) && !found.get(more))
    for (const element each : more) add_special(out.special, token_text(each));
  return out;
}

}  // namespace ark::prompt
