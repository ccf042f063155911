#include "sim/brain.hpp"

#include "sim/arithmetic.hpp"
#include "sim/dice.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <optional>
#include <utility>

namespace ark::testing {

namespace {

using pair = std::pair<std::string_view, std::string_view>;

constexpr std::array capitals{
    pair{"france", "Paris"},          pair{"germany", "Berlin"},   pair{"italy", "Rome"},
    pair{"spain", "Madrid"},          pair{"portugal", "Lisbon"},  pair{"japan", "Tokyo"},
    pair{"china", "Beijing"},         pair{"india", "New Delhi"},  pair{"egypt", "Cairo"},
    pair{"kenya", "Nairobi"},         pair{"canada", "Ottawa"},    pair{"brazil", "Brasília"},
    pair{"australia", "Canberra"},    pair{"austria", "Vienna"},   pair{"norway", "Oslo"},
    pair{"sweden", "Stockholm"},      pair{"greece", "Athens"},    pair{"turkey", "Ankara"},
    pair{"poland", "Warsaw"},         pair{"switzerland", "Bern"}, pair{"ireland", "Dublin"},
    pair{"argentina", "Buenos Aires"}};

constexpr std::array colours{pair{"grass", "green"},   pair{"sky", "blue"},
                             pair{"snow", "white"},    pair{"coal", "black"},
                             pair{"blood", "red"},     pair{"banana", "yellow"},
                             pair{"lemon", "yellow"},  pair{"tomato", "red"},
                             pair{"orange", "orange"}, pair{"milk", "white"}};

/// Key: language + ":" + word.
constexpr std::array translations{pair{"french:hello", "bonjour"},
                                  pair{"french:cat", "chat"},
                                  pair{"french:dog", "chien"},
                                  pair{"french:water", "eau"},
                                  pair{"french:thank you", "merci"},
                                  pair{"german:hello", "hallo"},
                                  pair{"german:cat", "Katze"},
                                  pair{"german:dog", "Hund"},
                                  pair{"german:water", "Wasser"},
                                  pair{"german:thank you", "danke"},
                                  pair{"spanish:hello", "hola"},
                                  pair{"spanish:cat", "gato"},
                                  pair{"spanish:dog", "perro"},
                                  pair{"spanish:water", "agua"},
                                  pair{"spanish:thank you", "gracias"},
                                  pair{"chinese:hello", "你好"},
                                  pair{"chinese:cat", "猫"},
                                  pair{"chinese:dog", "狗"},
                                  pair{"chinese:water", "水"},
                                  pair{"chinese:thank you", "谢谢"}};

constexpr std::array<std::string_view, 12> good_words{
    "love",    "great",     "excellent", "wonderful",  "happy", "good",
    "amazing", "fantastic", "perfect",   "delightful", "best",  "enjoyed"};
constexpr std::array<std::string_view, 12> bad_words{
    "hate",   "terrible", "awful",         "horrible", "sad",     "bad",
    "broken", "worst",    "disappointing", "angry",    "useless", "poor"};

bool is_word(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// Where `word` stands as a whole word, from `from` on.
std::size_t find_word(std::string_view text, std::string_view word, std::size_t from = 0) {
  for (std::size_t at = text.find(word, from); at != std::string_view::npos;
       at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || !is_word(text[at - 1])) && (end == text.size() || !is_word(text[end])))
      return at;
  }
  return std::string_view::npos;
}

bool has_word(std::string_view text, std::string_view word) {
  return find_word(text, word) != std::string_view::npos;
}

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t\r\n\"'");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n\"'") - begin + 1);
}

std::optional<std::string> verbatim(std::string_view prompt, std::string_view low) {
  for (const std::string_view lead : {"reply with exactly:", "repeat:", "say exactly:"})
    if (const auto at = low.find(lead); at != std::string_view::npos)
      return std::string(trimmed(prompt.substr(at + lead.size())));
  return std::nullopt;
}

template <class Table>
std::optional<std::string> look_up(const Table& table, std::string_view low, std::string_view topic,
                                   std::string_view topic2) {
  if (low.find(topic) == std::string_view::npos && low.find(topic2) == std::string_view::npos)
    return std::nullopt;
  for (const auto& [key, value] : table)
    if (has_word(low, key)) return std::string(value);
  return std::nullopt;
}

std::optional<std::string> translated(std::string_view low) {
  if (low.find("translate") == std::string_view::npos && low.find(" in ") == std::string_view::npos)
    return std::nullopt;
  for (const auto& [key, value] : translations) {
    const std::size_t colon = key.find(':');
    if (has_word(low, key.substr(0, colon)) && has_word(low, key.substr(colon + 1)))
      return std::string(value);
  }
  return std::nullopt;
}

/// "name: Ada Lovelace, age: 36" -> {"name":"Ada Lovelace","age":36}
std::optional<std::string> extracted(std::string_view prompt, std::string_view low) {
  if (low.find("json") == std::string_view::npos) return std::nullopt;
  boost::json::object out;
  for (const std::string_view name : {"name", "age", "city", "email", "price", "product", "date"}) {
    const std::string value = said_value(prompt, name);
    if (value.empty()) continue;
    boost::system::error_code failed;
    const auto number = boost::json::parse(value, failed);
    if (!failed && number.is_number())
      out[name] = number;
    else
      out[name] = value;
  }
  if (out.empty()) return std::nullopt;
  return boost::json::serialize(out);
}

/// Dates and part numbers look like sums; only a question for one is taken as one.
std::optional<std::string> computed(std::string_view low) {
  for (const std::string_view cue : {"what is", "what's", "compute", "calculate", "how much", "="})
    if (low.find(cue) != std::string_view::npos) return solve(low);
  return std::nullopt;
}

std::optional<std::string> counted(std::string_view prompt, std::string_view low) {
  const auto colon = prompt.rfind(':');
  if (low.find("how many words") == std::string_view::npos || colon == std::string_view::npos)
    return std::nullopt;
  int words = 0;
  bool inside = false;
  for (const char c : trimmed(prompt.substr(colon + 1))) {
    const bool space = c == ' ' || c == '\n';
    if (!space && !inside) ++words;
    inside = !space;
  }
  return std::to_string(words);
}

}  // namespace

std::string lowered(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::string_view sentiment_of(std::string_view text) {
  const std::string low = lowered(text);
  int balance = 0;
  for (const auto word : good_words) balance += has_word(low, word) ? 1 : 0;
  for (const auto word : bad_words) balance -= has_word(low, word) ? 1 : 0;
  return balance > 0 ? "positive" : balance < 0 ? "negative" : "neutral";
}

std::string said_value(std::string_view text, std::string_view name) {
  const std::string low = lowered(text);
  const std::string key = lowered(name);
  for (std::size_t at = find_word(low, key); at != std::string::npos && !key.empty();
       at = find_word(low, key, at + 1)) {
    std::string_view rest = text.substr(at + name.size());
    for (const std::string_view link : {":", "=", " is "}) {
      if (rest.substr(0, link.size()) != link) continue;
      rest.remove_prefix(link.size());
      std::string_view value = rest.substr(0, rest.find_first_of(",;\n"));
      value = value.substr(0, value.find(". "));
      while (!value.empty() && value.back() == '.') value.remove_suffix(1);
      return std::string(trimmed(value));
    }
  }
  return {};
}

std::vector<std::string> places_in(std::string_view text) {
  std::vector<std::pair<std::size_t, std::string>> found;
  for (const auto& [country, capital] : capitals)
    if (const auto at = find_word(text, capital); at != std::string_view::npos)
      found.emplace_back(at, capital);
  for (const std::string_view city : {"London", "New York", "San Francisco", "Shanghai", "Boston"})
    if (const auto at = find_word(text, city); at != std::string_view::npos)
      found.emplace_back(at, city);
  std::sort(found.begin(), found.end());
  std::vector<std::string> out;
  for (auto& [at, name] : found) out.push_back(std::move(name));
  return out;
}

knowledge know(std::string_view prompt) {
  const std::string low = lowered(prompt);
  if (auto text = verbatim(prompt, low)) return {*text, true};
  if (auto text = counted(prompt, low)) return {*text, true};
  if (auto text = extracted(prompt, low)) return {*text, true};
  if (auto text = computed(low)) return {*text, true};
  if (auto text = translated(low)) return {*text, true};
  if (auto text = look_up(capitals, low, "capital", "capital of")) return {*text, true};
  if (auto text = look_up(colours, low, "colour", "color")) return {*text, true};
  if (low.find("sentiment") != std::string::npos) return {std::string(sentiment_of(prompt)), true};
  return {"You said: " + std::string(prompt.substr(0, prompt.find('\n'))), false};
}

double skill_of(std::string_view model) noexcept {
  for (const std::string_view weak : {"mini", "flash", "haiku", "lite", "nano", "small", "turbo"})
    if (model.find(weak) != std::string_view::npos) return 0.85;
  for (const std::string_view strong : {"opus", "pro", "reasoner", "large"})
    if (model.find(strong) != std::string_view::npos) return 1;
  return 0.96;
}

bool answers_rightly(std::string_view model, std::string_view prompt, std::uint64_t seed) noexcept {
  const std::uint64_t dice = mix(hash_text(prompt, hash_text(model)), seed);
  return unit_interval(dice) < skill_of(model);
}

std::string wrong_answer(std::string_view right) {
  if (!right.empty() && right.find_first_not_of("-0123456789") == std::string_view::npos)
    return right.back() == '9'
               ? std::string(right) + "0"
               : std::string(right.substr(0, right.size() - 1)) +
                     static_cast<char>(right.back() == '-' ? '1' : right.back() + 1);
  if (right == "positive" || right == "neutral") return "negative";
  if (right == "negative") return "positive";
  for (const auto& [key, value] : capitals)
    if (value == right) return right == "Lisbon" ? "Porto" : "Lisbon";
  for (const auto& [key, value] : colours)
    if (value == right) return right == "purple" ? "grey" : "purple";
  return "I am not sure about that.";
}

}  // namespace ark::testing
