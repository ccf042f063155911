#include "cli/key_command.hpp"
#include "cli/mistake.hpp"

#include <memory>
#include <mutex>
#include <optional>

#include "client/key_file.hpp"
#include "os/os.hpp"

namespace ark::cli {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::string with_vendor(std::string word, const std::string& vendor) {
  constexpr std::string_view place = "{vendor}";
  for (std::size_t at = 0; (at = word.find(place, at)) != std::string::npos; at += vendor.size()) {
    word.replace(at, place.size(), vendor);
  }
  return word;
}

result<std::optional<secret>> ask(const std::vector<std::string>& words) {
  constexpr std::size_t max_bytes = 64u << 10;
  constexpr int timeout_ms = 30'000;
  auto text = os::run_program(words, max_bytes, timeout_ms);
  if (!text) return text.error();
  secret key{text->substr(0, text->find_first_of("\r\n"))};
  wipe(*text);
  if (key.empty()) return std::optional<secret>{};
  if (auto ok = check_key(key); !ok) {
    return config_mistake("the first line of the command '" + words.front() +
                          "' is no key: " + ok.error().message);
  }
  return std::optional<secret>{std::move(key)};
}

/// What the command has answered, shared by the copies of one source.
struct answer {
  std::mutex mutex;
  std::optional<secret> key;
};

}  // namespace

result<std::vector<std::string>> command_words(std::string_view text) {
  std::vector<std::string> words;
  bool inside = false;
  char quote = 0;
  for (const char c : text) {
    if (quote == 0 && is_blank(c)) {
      inside = false;
      continue;
    }
    if (!inside) words.emplace_back();
    inside = true;
    if (quote == 0 && (c == '\'' || c == '"')) {
      quote = c;
    } else if (c == quote) {
      quote = 0;
    } else {
      words.back() += c;
    }
  }
  if (quote != 0)
    return config_mistake(std::string{"a quote ("} + quote + ") is not closed; close it");
  if (words.empty() || words.front().empty()) {
    return config_mistake("no program is named; write one, as in: pass show {vendor}");
  }
  return words;
}

result<key_source> key_from_command(std::string_view text, const std::string& vendor) {
  auto words = command_words(text);
  if (!words) return config_mistake("vendors." + vendor + ".key_command: " + words.error().message);
  for (auto& word : *words) word = with_vendor(std::move(word), vendor);
  return key_source{[words = std::move(*words), known = std::make_shared<answer>()](
                        std::string_view, std::string_view) -> result<std::optional<secret>> {
    // Held while the command runs, so that many calls at once ask it once.
    const std::lock_guard lock{known->mutex};
    if (known->key) return known->key;
    auto key = ask(words);
    if (key && *key) known->key = **key;
    return key;
  }};
}

}  // namespace ark::cli
