#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bpe/error.hpp"

namespace bpe {

using token_id = std::uint32_t;
struct image_view;

/// What a rank file does not say itself.
struct tiktoken_options {
  /// A known encoding (o200k_base, o200k_harmony, cl100k_base, p50k_base, p50k_edit, r50k_base,
  /// gpt2) fills in `pattern` and `special_tokens` where they are empty. Any other name needs
  /// `pattern`.
  std::string name;
  /// The split expression, as tiktoken writes it, or the short name of a known one: gpt2, cl100k,
  /// qwen2, qwen3_5, o200k, tekken, kimi. Another is `unsupported`.
  std::string pattern;
  std::vector<std::pair<std::string, token_id>> special_tokens;
};

/// An added token of a vocabulary.
struct added_token {
  std::string_view text;
  token_id id = 0;
  bool special = false;  ///< The file calls it special (a control token of a chat, an end of text).
};

/// An immutable vocabulary: tokens, merges, split expression, added tokens. Copies share the same
/// tables; any number of threads may use one.
class vocabulary {
 public:
  /// Reads a rank file: a line `BASE64 RANK` for each token. Ids up to 1,048,574, tokens up to
  /// 4,095 bytes.
  static result<vocabulary> from_tiktoken(std::string_view ranks, const tiktoken_options& options);
  /// Reads a Hugging Face tokenizer.json whose model is BPE: byte-level, or of characters with byte
  /// fallback.
  static result<vocabulary> from_tokenizer_json(std::string_view json, std::string_view name);
  /// Reads what `compiled()` gave, from memory.
  static result<vocabulary> from_compiled(std::string bytes);
  /// Maps a file that holds what `compiled()` gave. The file is checked whole: cut or corrupt ones
  /// are `malformed`. It must not be changed while the vocabulary lives: replace it by renaming
  /// another over it.
  static result<vocabulary> open(const std::string& path);

  /// The compiled form, to be written to a file for `open`. Little-endian; same input, same bytes.
  std::string_view compiled() const noexcept;

  std::string_view name() const noexcept;
  /// Largest id + 1.
  std::size_t size() const noexcept;
  /// The bytes that an id stands for; empty when there is no such id.
  std::string_view bytes_of(token_id id) const noexcept;
  std::vector<added_token> added_tokens() const;

  /// For this library's own use.
  const image_view& image() const noexcept { return *image_; }

 private:
  struct storage;
  explicit vocabulary(std::shared_ptr<const storage> stored);

  std::shared_ptr<const storage> storage_;
  const image_view* image_;
};

/// The version of Unicode whose classes split texts, as "16.0".
std::string_view unicode_version_used() noexcept;

/// Reads a vocabulary of any of the three kinds, told apart by their contents. `options.name` names
/// it.
result<vocabulary> read_vocabulary(const std::string& path, const tiktoken_options& options);

/// Writes `vocab.compiled()` to `path`: to a new file beside it first, which is then renamed.
result<std::size_t> install(const vocabulary& vocab, const std::string& path);

}  // namespace bpe
