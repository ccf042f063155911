#include <algorithm>
#include <array>
#include <charconv>
#include <unordered_set>

#include "bpe/vocabulary.hpp"
#include "source.hpp"

namespace bpe {
namespace {

// Special tokens of tiktoken's own encodings (tiktoken_ext/openai_public.py, as of npm
// tiktoken 1.0.22).
struct known_special {
  std::string_view text;
  token_id id;
};

constexpr std::array<known_special, 5> cl100k_special = {{{"<|endoftext|>", 100257},
                                                          {"<|fim_prefix|>", 100258},
                                                          {"<|fim_middle|>", 100259},
                                                          {"<|fim_suffix|>", 100260},
                                                          {"<|endofprompt|>", 100276}}};
constexpr std::array<known_special, 2> o200k_special = {
    {{"<|endoftext|>", 199999}, {"<|endofprompt|>", 200018}}};
constexpr std::array<known_special, 9> harmony_special = {{{"<|startoftext|>", 199998},
                                                           {"<|endoftext|>", 199999},
                                                           {"<|return|>", 200002},
                                                           {"<|constrain|>", 200003},
                                                           {"<|channel|>", 200005},
                                                           {"<|start|>", 200006},
                                                           {"<|end|>", 200007},
                                                           {"<|message|>", 200008},
                                                           {"<|call|>", 200012}}};
constexpr std::array<known_special, 4> p50k_edit_special = {{{"<|endoftext|>", 50256},
                                                             {"<|fim_prefix|>", 50281},
                                                             {"<|fim_middle|>", 50282},
                                                             {"<|fim_suffix|>", 50283}}};

struct known_encoding {
  std::string_view name;
  split_kind split;
  std::size_t ranks;  ///< How many the whole file has.
  const known_special* special;
  std::size_t special_count;
};

constexpr std::array<known_encoding, 7> known_encodings = {
    {{"o200k_base", split_kind::o200k, 199998, o200k_special.data(), 2},
     {"o200k_harmony", split_kind::o200k, 199998, harmony_special.data(), 9},
     {"cl100k_base", split_kind::cl100k, 100256, cl100k_special.data(), 5},
     {"p50k_base", split_kind::gpt2, 50280, p50k_edit_special.data(), 1},
     {"p50k_edit", split_kind::gpt2, 50280, p50k_edit_special.data(), 4},
     {"r50k_base", split_kind::gpt2, 50256, p50k_edit_special.data(), 1},
     {"gpt2", split_kind::gpt2, 50256, p50k_edit_special.data(), 1}}};

int base64_digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  return c == '/' ? 63 : -1;
}

bool decode_base64(std::string_view text, std::string& out) {
  out.clear();
  if (text.size() % 4 != 0 || text.empty()) return false;
  while (!text.empty() && text.back() == '=') text.remove_suffix(1);
  unsigned bits = 0;
  int have = 0;
  for (const char c : text) {
    const int digit = base64_digit(c);
    if (digit < 0) return false;
    bits = bits << 6 | static_cast<unsigned>(digit);
    have += 6;
    if (have < 8) continue;
    have -= 8;
    out.push_back(static_cast<char>(bits >> have & 0xFF));
  }
  return !out.empty();
}

error bad_line(std::size_t line, std::string_view what) {
  return {errc::malformed, "rank file, line " + std::to_string(line) + ": " + std::string(what)};
}

/// `BASE64 RANK`
error read_line(std::string_view text, std::size_t line, vocabulary_source::token& out) {
  const std::size_t space = text.find(' ');
  if (space == std::string_view::npos) return bad_line(line, "no space between token and rank");
  if (!decode_base64(text.substr(0, space), out.bytes)) return bad_line(line, "not base64");
  const std::string_view rank = text.substr(space + 1);
  const auto [end, code] = std::from_chars(rank.data(), rank.data() + rank.size(), out.id);
  if (code != std::errc() || end != rank.data() + rank.size()) {
    return bad_line(line, "the rank is not a whole number");
  }
  if (out.id >= max_tokens) return {errc::too_large, "a rank is not below 1,048,575"};
  return {};
}

error read_ranks(std::string_view ranks, vocabulary_source& source) {
  std::vector<bool> taken(max_tokens);
  std::unordered_set<std::string> seen;
  std::size_t line = 0;
  std::size_t symbols = 0;
  while (!ranks.empty()) {
    ++line;
    const std::size_t end = std::min(ranks.find('\n'), ranks.size());
    std::string_view text = ranks.substr(0, end);
    ranks.remove_prefix(std::min(end + 1, ranks.size()));
    if (text.ends_with('\r')) text.remove_suffix(1);
    if (text.empty()) continue;
    vocabulary_source::token token;
    if (error wrong = read_line(text, line, token); !wrong.message.empty()) return wrong;
    if (taken[token.id]) return bad_line(line, "the rank is there twice");
    if (!seen.insert(token.bytes).second) return bad_line(line, "the token is there twice");
    taken[token.id] = true;
    symbols += token.bytes.size() == 1;
    source.tokens.push_back(std::move(token));
  }
  if (symbols != 256) {
    return {errc::malformed, "the rank file has tokens for " + std::to_string(symbols) +
                                 " of the 256 bytes; is it cut short?"};
  }
  return {};
}

/// Harmony's ids from 200,000 to 201,087 that have no name of their own, and one that has two.
void add_reserved(vocabulary_source& source) {
  constexpr token_id end_of_prompt = 200018;
  for (token_id id = 200000; id < 201088; ++id) {
    const bool named = std::any_of(harmony_special.begin(), harmony_special.end(),
                                   [&](const known_special& special) { return special.id == id; });
    if (named) continue;
    const std::string text = "<|reserved_" + std::to_string(id) + "|>";
    source.added_tokens.push_back({text, id, special_control, id == end_of_prompt});
  }
  source.added_tokens.push_back({"<|endofprompt|>", end_of_prompt, special_control});
}

error apply_options(const tiktoken_options& options, vocabulary_source& source) {
  const known_encoding* known = nullptr;
  for (const known_encoding& row : known_encodings) {
    if (row.name == options.name) known = &row;
  }
  if (!options.pattern.empty()) {
    if (!split_kind_of(options.pattern, source.split)) {
      return {errc::unsupported, "unknown split expression: " + options.pattern};
    }
  } else if (known != nullptr) {
    source.split = known->split;
  } else {
    return {errc::unsupported, "the encoding '" + options.name +
                                   "' is not known: give its split expression and special tokens"};
  }
  for (const auto& [text, id] : options.special_tokens) {
    source.added_tokens.push_back({text, id, special_control});
  }
  if (known == nullptr) return {};
  if (source.tokens.size() != known->ranks) {
    return {errc::malformed, options.name + " has " + std::to_string(known->ranks) +
                                 " ranks, the file has " + std::to_string(source.tokens.size()) +
                                 "; is it cut short?"};
  }
  if (!options.special_tokens.empty()) return {};
  if (known->name == "o200k_harmony") add_reserved(source);
  for (std::size_t i = 0; i < known->special_count; ++i) {
    const known_special& special = known->special[i];
    source.added_tokens.push_back({std::string(special.text), special.id, special_control});
  }
  return {};
}

}  // namespace

result<vocabulary> vocabulary::from_tiktoken(std::string_view ranks,
                                             const tiktoken_options& options) {
  vocabulary_source source;
  source.name = options.name;
  if (error wrong = read_ranks(ranks, source); !wrong.message.empty()) return wrong;
  if (error wrong = apply_options(options, source); !wrong.message.empty()) return wrong;
  auto image = build_image(source);
  if (!image) return image.failure();
  return from_compiled(std::move(image).value());
}

}  // namespace bpe
