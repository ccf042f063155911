#include "support.hpp"

#include "split.hpp"
#include "unicode.hpp"

namespace bpe::test {
namespace {

constexpr std::string_view lesson =
    "the cat sat on the mat and the hat, then the rat ran at the cat. this is the thing that they "
    "think. "
    "aaaa aaaaaaaa aaaaaaaaaaaaaaaa bbbb abab abababab ===== ========== 12 123 1234 12345 "
    "for (int i = 0; i < n; ++i) { return the_value(i); }\n\n\n    if (x == y) {\n        "
    "return;\n    }\n"
    "你好世界 你好 世界 中文分词 中国 中文 こんにちは 안녕하세요 Привет мир привет naïve café "
    "don't can't it's they're we've I'll DON'T the THE The tHE .... !!! ??? ...\r\n\r\n";

std::string base64(std::string_view bytes) {
  constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t block = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      block = block << 8 | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0u);
    }
    for (std::size_t j = 0; j < 4; ++j) {
      out += i + j > bytes.size() ? '=' : digits[block >> (18 - 6 * j) & 63];
    }
  }
  return out;
}

/// Merges the most frequent pair, over and over; a pair that comes once is not learned.
std::vector<std::string> learn() {
  std::vector<std::string> tokens;
  for (int byte = 0; byte < 256; ++byte) tokens.emplace_back(1, static_cast<char>(byte));
  std::vector<std::vector<std::string>> words;
  splitter pieces(split_kind::cl100k, lesson);
  for (auto piece = pieces.next(); !piece.empty(); piece = pieces.next()) {
    words.emplace_back();
    for (const char c : piece) words.back().emplace_back(1, c);
  }
  for (;;) {
    std::map<std::pair<std::string, std::string>, int> counts;
    for (const auto& word : words) {
      for (std::size_t i = 0; i + 1 < word.size(); ++i) ++counts[{word[i], word[i + 1]}];
    }
    auto best = counts.end();
    for (auto it = counts.begin(); it != counts.end(); ++it) {
      if (best == counts.end() || it->second > best->second) best = it;
    }
    if (best == counts.end() || best->second < 2) return tokens;
    const auto [left, right] = best->first;
    tokens.push_back(left + right);
    for (auto& word : words) {
      for (std::size_t i = 0; i + 1 < word.size(); ++i) {
        if (word[i] != left || word[i + 1] != right) continue;
        word[i] += right;
        word.erase(word.begin() + static_cast<std::ptrdiff_t>(i) + 1);
      }
    }
  }
}

/// A token in the alphabet of byte-level files, as JSON text.
std::string byte_letters(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    const auto itself = [](int b) { return (b >= 33 && b <= 126) || (b >= 161 && b != 173); };
    std::uint32_t code = byte;
    if (!itself(byte)) {
      code = 256;
      for (int b = 0; b < byte; ++b) code += !itself(b);
    }
    if (code == '"' || code == '\\') out += '\\';
    append_utf8(out, code);
  }
  return out;
}

}  // namespace

const std::vector<std::string>& small_tokens() {
  static const std::vector<std::string> tokens = learn();
  return tokens;
}

std::string rank_file(const std::vector<std::string>& tokens) {
  std::string out;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    out += base64(tokens[i]) + " " + std::to_string(i) + "\n";
  }
  return out;
}

std::string small_ranks() { return rank_file(small_tokens()); }

vocabulary vocabulary_of(const std::vector<std::string>& merged, std::string_view pattern) {
  std::vector<std::string> tokens;
  for (int byte = 0; byte < 256; ++byte) tokens.emplace_back(1, static_cast<char>(byte));
  tokens.insert(tokens.end(), merged.begin(), merged.end());
  return vocabulary::from_tiktoken(rank_file(tokens), {"made", std::string(pattern), {}}).value();
}

vocabulary run_vocabulary() {
  std::vector<std::string> merged;
  for (const char c : {'a', '=', '\n'}) {
    for (std::size_t size = 2; size <= 16; size *= 2) merged.emplace_back(size, c);
    // Heads that take one byte off the run: it is then cut elsewhere.
    merged.push_back(std::string("z") + c);
    merged.push_back(std::string("yz") + c);
  }
  return vocabulary_of(merged);
}

std::map<std::string, token_id, std::less<>> small_rank_map() {
  std::map<std::string, token_id, std::less<>> out;
  for (std::size_t i = 0; i < small_tokens().size(); ++i) {
    out.emplace(small_tokens()[i], static_cast<token_id>(i));
  }
  return out;
}

vocabulary small_vocabulary(std::string_view pattern) {
  tiktoken_options options;
  options.name = "small";
  options.pattern = pattern.empty() ? split_pattern(split_kind::cl100k) : pattern;
  options.special_tokens = {{"<|end|>", 5000}, {"<|endless|>", 5001}};
  return vocabulary::from_tiktoken(small_ranks(), options).value();
}

std::string small_json(std::string_view extra) {
  std::string vocab;
  std::string merges;
  const auto ranks = small_rank_map();
  for (std::size_t i = 0; i < small_tokens().size(); ++i) {
    const std::string& token = small_tokens()[i];
    vocab += (i > 0 ? ",\"" : "\"") + byte_letters(token) + "\":" + std::to_string(i);
    if (token.size() == 1) continue;
    // The pair it was learned from: what its bytes are before it exists.
    auto earlier = ranks;
    earlier.erase(token);
    const auto pair = merge_by_definition(token, earlier);
    merges += (merges.empty() ? "[\"" : ",[\"") + byte_letters(small_tokens()[pair[0]]) + "\",\"" +
              byte_letters(small_tokens()[pair[1]]) + "\"]";
  }
  return "{\"added_tokens\":[{\"id\":5000,\"content\":\"<|end|>\",\"special\":true,\"normalized\":"
         "false},"
         "{\"id\":5002,\"content\":\"<tool>\",\"special\":false,\"normalized\":false}]," +
         std::string(extra) +
         "\"pre_tokenizer\":{\"type\":\"ByteLevel\",\"add_prefix_space\":false,\"use_regex\":true},"
         "\"model\":{\"type\":\"BPE\",\"vocab\":{" +
         vocab + "},\"merges\":[" + merges + "]}}";
}

std::string metaspace_json() {
  std::string vocab;
  std::uint32_t id = 0;
  for (const std::string_view token :
       {"▁", "a", "b", "c", "é", "世", "界", ">", "ab", "▁a", "▁ab", "世界", "▁▁", "bc", "aa"}) {
    vocab += "\"" + std::string(token) + "\":" + std::to_string(id++) + ",";
  }
  constexpr std::string_view digits = "0123456789ABCDEF";
  for (std::size_t byte = 0; byte < 256; ++byte) {
    vocab += std::string("\"<0x") + digits[byte / 16] + digits[byte % 16] +
             ">\":" + std::to_string(100 + byte) + (byte < 255 ? "," : "");
  }
  return "{\"added_tokens\":[],\"normalizer\":{\"type\":\"Replace\",\"pattern\":{\"String\":\" \"},"
         "\"content\":\"▁\"},\"pre_tokenizer\":{\"type\":\"Split\",\"pattern\":{\"String\":\" \"},"
         "\"behavior\":\"MergedWithPrevious\",\"invert\":false},\"model\":{\"type\":\"BPE\","
         "\"byte_fallback\":true,\"unk_token\":\"<unk>\",\"vocab\":{" +
         vocab +
         "},\"merges\":[[\"▁\",\"▁\"],[\"a\",\"b\"],[\"▁\",\"ab\"],[\"▁\",\"a\"],[\"世\",\"界\"],["
         "\"b\",\"c\"],"
         "[\"a\",\"a\"]]}}";
}

std::vector<token_id> merge_by_definition(
    std::string_view piece, const std::map<std::string, token_id, std::less<>>& ranks) {
  std::vector<std::string> parts;
  for (const char c : piece) parts.emplace_back(1, c);
  for (;;) {
    std::size_t best = parts.size();
    token_id least = 0xFFFFFFFF;
    for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
      const auto it = ranks.find(parts[i] + parts[i + 1]);
      if (it == ranks.end() || it->second >= least) continue;
      least = it->second;
      best = i;
    }
    if (best == parts.size()) break;
    parts[best] += parts[best + 1];
    parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(best) + 1);
  }
  std::vector<token_id> out;
  for (const auto& part : parts) out.push_back(ranks.find(part)->second);
  return out;
}

std::uint32_t text_maker::below(std::uint32_t limit) {
  state_ = state_ * 6364136223846793005u + 1442695040888963407u;
  return static_cast<std::uint32_t>((state_ >> 33) % limit);
}

std::string text_maker::text(std::size_t parts) {
  constexpr std::string_view samples[] = {"the",
                                          " the",
                                          "THE",
                                          "The",
                                          "aaaa",
                                          "a",
                                          "b",
                                          "ab",
                                          "=",
                                          "====",
                                          " ",
                                          "  ",
                                          "\n",
                                          "\r\n",
                                          "\t",
                                          "'s",
                                          "'S",
                                          "'ll",
                                          "'LL",
                                          "'",
                                          "\u2019",
                                          "'\u017F",
                                          "1",
                                          "12",
                                          "12345",
                                          ".",
                                          "...",
                                          "!?",
                                          "/",
                                          "//",
                                          "\u00A0",
                                          "\u0085",
                                          "\uFEFF",
                                          "\u3000",
                                          "你",
                                          "你好",
                                          "世界",
                                          "こん",
                                          "한",
                                          "é",
                                          "e\u0301",
                                          "\u0301",
                                          "\u0300\u0323",
                                          "Привет",
                                          "Ǆ",
                                          "ǅ",
                                          "ʰ",
                                          "٣",
                                          "½",
                                          "\U0001F600",
                                          "\U0001F468\u200D\U0001F469",
                                          "\U0001F1E9\U0001F1EA",
                                          "\u200D",
                                          "\U0001F3FD",
                                          "<|end|>",
                                          "<|end",
                                          "<tool>",
                                          ">",
                                          "▁",
                                          "\x80",
                                          "\xE4\xBD",
                                          "\xFF",
                                          "{",
                                          "}",
                                          "_",
                                          "for (",
                                          "\U00016EA0",
                                          "龥",
                                          "\u9FA6",
                                          "\U00020000",
                                          "Σ",
                                          "ß"};
  std::string out;
  for (std::size_t i = 0; i < parts; ++i) {
    if (below(8) == 0) {
      append_utf8(out, below(0x3000) + 1);
    } else {
      out += samples[below(std::size(samples))];
    }
  }
  return out;
}

std::vector<token_id> encoded(encoder& with, std::string_view text, special specials) {
  std::vector<token_id> out;
  (void)with.encode(text, out, specials);
  return out;
}

}  // namespace bpe::test
