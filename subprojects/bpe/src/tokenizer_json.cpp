#include "tokenizer_json.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <unordered_set>

#include "bpe/vocabulary.hpp"
#include "unicode.hpp"

namespace bpe {
namespace {

constexpr std::string_view metaspace_mark = "\xE2\x96\x81";

// DeepSeek V3 and V4: three expressions, one after the other. Files write the newlines of the third
// raw.
constexpr std::string_view deepseek_digits = R"(\p{N}{1,3})";
constexpr std::string_view deepseek_cjk_pattern = "[一-龥\u3040-ゟ゠-ヿ]+";
constexpr std::string_view deepseek_rest_pattern =
    "[!\"#$%&'()*+,\\-./"
    ":;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+|"
    " ?[\\p{P}\\p{S}]+[\r\n]*|\\s*[\r\n]+|\\s+(?!\\S)|\\s+";

error unsupported(std::string what) {
  return {errc::unsupported, "tokenizer.json: " + std::move(what)};
}

/// The alphabet in which byte-level vocabularies write bytes: code point -> byte, -1 for none.
std::array<int, 512> byte_alphabet() {
  std::array<int, 512> out;
  out.fill(-1);
  std::size_t next = 256;
  for (int byte = 0; byte < 256; ++byte) {
    const bool itself = (byte >= 33 && byte <= 126) || (byte >= 161 && byte != 173);
    out[itself ? static_cast<std::size_t>(byte) : next++] = byte;
  }
  return out;
}

/// Turns letters of the byte alphabet to bytes; false if there are others.
bool to_bytes(std::string_view text, std::string& out) {
  static const std::array<int, 512> alphabet = byte_alphabet();
  out.clear();
  const char* const end = text.data() + text.size();
  for (const char* p = text.data(); p < end;) {
    const decoded c = decode_utf8(p, end);
    if (c.code >= alphabet.size() || alphabet[c.code] < 0) return false;
    out.push_back(static_cast<char>(alphabet[c.code]));
    p += c.length;
  }
  return !out.empty();
}

/// Checks the normalizers and sets the flags.
error apply_normalizers(const json_tokenizer& file, vocabulary_source& source) {
  for (const json_step& step : file.normalizers) {
    if (step.type == "NFC") {
      source.flags |= flag_nfc;
    } else if (step.type == "Replace" && !step.regex && step.pattern == " " &&
               step.content == metaspace_mark) {
      source.flags |= flag_spaces_marked;
    } else {
      return unsupported("normalizer " + step.type);
    }
  }
  return {};
}

bool is_split(const json_step& step, std::string_view pattern) {
  return step.type == "Split" && step.regex && step.pattern == pattern &&
         step.behavior == "Isolated" && !step.invert;
}

/// Finds the split of a byte-level vocabulary.
error apply_byte_level(const std::vector<json_step>& steps, vocabulary_source& source) {
  if (steps.back().add_prefix_space) return unsupported("ByteLevel with add_prefix_space");
  if (steps.size() == 1 && steps[0].use_regex) {
    source.split = split_kind::gpt2;
    return {};
  }
  if (steps.back().use_regex) return unsupported("ByteLevel with use_regex after other steps");
  if (steps.size() == 4 && is_split(steps[0], deepseek_digits) &&
      is_split(steps[1], deepseek_cjk_pattern) && is_split(steps[2], deepseek_rest_pattern)) {
    source.split = split_kind::deepseek_v3;
    return {};
  }
  std::string told;
  for (const json_step& step : steps) told += " " + step.type + " " + step.pattern;
  if (steps.size() != 2 || steps[0].type != "Split" || !steps[0].regex ||
      !split_kind_of(steps[0].pattern, source.split)) {
    return unsupported("unknown pre_tokenizer:" + told);
  }
  // These expressions match every character: to keep the matches is to drop what lies between them.
  const bool isolated = steps[0].behavior == "Isolated" && !steps[0].invert;
  const bool matches = steps[0].behavior == "Removed" && steps[0].invert;
  return isolated || matches ? error{} : unsupported("split behavior " + steps[0].behavior);
}

error apply_pre_tokenizers(const json_tokenizer& file, vocabulary_source& source) {
  const std::vector<json_step>& steps = file.pre_tokenizers;
  if (!steps.empty() && steps.back().type == "ByteLevel") return apply_byte_level(steps, source);
  if (!file.byte_fallback) return unsupported("BPE of characters without byte_fallback");
  source.flags |= flag_byte_fallback;
  // A split at spaces finds none where the normalizer has replaced them.
  const bool idle = steps.size() == 1 && steps[0].type == "Split" && !steps[0].regex &&
                    steps[0].pattern == " " && (source.flags & flag_spaces_marked) != 0;
  if (!steps.empty() && !idle) return unsupported("pre_tokenizer " + steps[0].type);
  return {};
}

/// Whether a mark of a space follows another character in a token only where that is '>'. Then no
/// merge crosses a place where split_kind::metaspace cuts. (Gemma 3 has one such token, of closing
/// tags.)
bool words_stand_alone(const vocabulary_source& source) {
  std::unordered_set<std::string_view> added;
  for (const auto& token : source.added_tokens) added.insert(token.text);
  for (const auto& token : source.tokens) {
    const std::string_view text = token.bytes;
    if (added.contains(text)) continue;
    for (std::size_t at = text.find(metaspace_mark); at != std::string_view::npos;
         at = text.find(metaspace_mark, at + 1)) {
      const bool runs = text.substr(0, at).ends_with(metaspace_mark);
      if (at > 0 && !runs && text[at - 1] != '>') return false;
    }
  }
  return true;
}

/// How many bytes can be written: by a token `<0xNN>`, or because they are a character with a token
/// of its own (Gemini has no <0x09>, but a tab).
std::size_t bytes_told(const std::unordered_map<std::string, std::uint32_t>& index) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::size_t told = 0;
  for (std::size_t byte = 0; byte < 256; ++byte) {
    const std::string name = std::string("<0x") + digits[byte / 16] + digits[byte % 16] + '>';
    const bool itself = byte < 128 && index.contains(std::string(1, static_cast<char>(byte)));
    told += itself || index.contains(name);
  }
  return told;
}

error add_tokens(json_tokenizer& file, vocabulary_source& source) {
  const bool byte_level = (source.flags & flag_byte_fallback) == 0;
  std::unordered_map<std::string, std::uint32_t> index;
  std::size_t symbols = 0;
  for (auto& [text, id] : file.vocab) {
    vocabulary_source::token token{text, id};
    if (byte_level && !to_bytes(text, token.bytes))
      continue;  // an added token stands in the list too
    symbols += byte_level && token.bytes.size() == 1;
    index.emplace(std::move(text), static_cast<std::uint32_t>(source.tokens.size()));
    source.tokens.push_back(std::move(token));
  }
  for (auto& added : source.added_tokens) {
    // Its text, read as letters of bytes, may be another one.
    const auto listed = index.find(added.text);
    added.shares_id = listed != index.end() && source.tokens[listed->second].id == added.id;
  }
  if (!byte_level) symbols = bytes_told(index);
  if (symbols != 256) {
    return unsupported("tokens for " + std::to_string(symbols) + " of the 256 bytes");
  }
  for (const auto& [left, right] : file.merges) {
    const auto l = index.find(left);
    const auto r = index.find(right);
    if (l == index.end() || r == index.end()) {
      return {errc::malformed, "tokenizer.json: a merge of '" + left + "' and '" + right +
                                   "', which are not both tokens"};
    }
    source.merges.emplace_back(l->second, r->second);
  }
  return {};
}

}  // namespace

result<vocabulary> vocabulary::from_tokenizer_json(std::string_view json, std::string_view name) {
  auto file = read_tokenizer_json(json);
  if (!file) return file.failure();
  if (file->model_type != "BPE" && !(file->model_type.empty() && !file->merges.empty())) {
    return unsupported("a model of type '" + file->model_type + "', not BPE");
  }
  if (file->affixes) return unsupported("subword prefixes, suffixes or dropout");
  vocabulary_source source;
  source.name = name;
  source.ranks_are_ids = false;
  source.whole_words = file->ignore_merges;
  source.added_tokens = std::move(file->added_tokens);
  for (const auto step : {apply_normalizers, apply_pre_tokenizers}) {
    if (error wrong = step(*file, source); !wrong.message.empty()) return wrong;
  }
  if (error wrong = add_tokens(*file, source); !wrong.message.empty()) return wrong;
  const bool marked = (source.flags & flag_spaces_marked) != 0;
  if (marked && words_stand_alone(source)) source.split = split_kind::metaspace;
  auto image = build_image(source);
  if (!image) return image.failure();
  return from_compiled(std::move(image).value());
}

}  // namespace bpe
