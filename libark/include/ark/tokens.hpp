#pragma once
#include <ark/catalog.hpp>
#include <ark/result.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Tokens of texts, counted on this machine. Exact with the vocabulary of the model, which users
/// install from a file that they have; an estimate without it, and then always said to be one.
/// Marks that a vendor puts around messages, tools and media are not in these numbers.
namespace ark {

namespace tokens {
struct access;
}

/// How many tokens a text has.
struct text_tokens {
  std::int64_t count = 0;  ///< the number, or the best guess
  std::int64_t low = 0;    ///< of an estimate: 90 % of ordinary texts have from `low` to `high`,
  std::int64_t high = 0;   ///< whichever usual vocabulary is meant. Both are `count` if it is exact
  std::string encoding{};  ///< the vocabulary that counted; "": this is an estimate
  bool exact() const noexcept { return !encoding.empty(); }
  friend bool operator==(const text_tokens&, const text_tokens&) = default;
};

/// Whether a text keeps to a limit.
struct limited_tokens {
  std::int64_t count = 0;  ///< as `text_tokens::count`; some number over the limit if `exceeded`
  bool exceeded = false;   ///< of an estimate: the best guess is over the limit
  bool exact = false;
};

/// The longest beginning of a text that keeps to a limit.
struct cut_text {
  std::size_t bytes = 0;   ///< how much of the text to keep
  std::int64_t count = 0;  ///< tokens of what is kept
  bool cut = false;        ///< something is left out
};

/// What becomes of special tokens ("<|endoftext|>") that stand in a text.
enum class special_tokens : std::uint8_t {
  as_text,  ///< they are ordinary text, as vendors treat them in messages
  allow,    ///< each is its id: for text that no stranger wrote
  refuse,   ///< errc::invalid_request
  usual,    ///< as the vocabulary's own library does when nothing is said: `allow` for a
            ///< tokenizer.json, `as_text` for a rank file
};

/// Counts and encodes by one vocabulary, or estimates. Copies share the vocabulary; each has
/// working memory of its own (0.8 MB): one thread at a time, a copy for each thread.
/// Texts may be any bytes, below 4 GiB (errc::too_large). Time is linear in the text.
class ARK_API tokenizer {
 public:
  /// Without a vocabulary. `why` is one sentence that says why there is none.
  static tokenizer estimating(std::string why);
  tokenizer(const tokenizer& other);
  tokenizer(tokenizer&& other) noexcept;
  tokenizer& operator=(const tokenizer& other);
  tokenizer& operator=(tokenizer&& other) noexcept;
  ~tokenizer();

  bool exact() const noexcept;                     ///< by a vocabulary; else it estimates
  std::string_view encoding() const noexcept;      ///< its name; "" if it estimates
  std::string_view why_estimate() const noexcept;  ///< "" if it is exact

  /// Estimates ignore `allow`; they cannot refuse (errc::unsupported).
  result<text_tokens> count(std::string_view text,
                            special_tokens specials = special_tokens::as_text);
  /// Stops soon after the limit is passed: a book is not read to learn that it is too long.
  result<limited_tokens> count_until(std::string_view text, std::int64_t limit,
                                     special_tokens specials = special_tokens::as_text);
  /// Where to cut `text` so that at most `limit` tokens are kept: between characters as they are
  /// seen. errc::not_found without a vocabulary, as for `encode` and `decode`.
  result<cut_text> truncate(std::string_view text, std::int64_t limit,
                            special_tokens specials = special_tokens::as_text);
  result<std::vector<std::uint32_t>> encode(std::string_view text,
                                            special_tokens specials = special_tokens::as_text);
  /// The bytes of `ids`: not UTF-8 if they begin or end within a character. errc::invalid_request
  /// for an id that the vocabulary does not have.
  result<std::string> decode(std::span<const std::uint32_t> ids) const;

 private:
  friend struct tokens::access;
  friend class token_counter;
  struct state;
  explicit tokenizer(std::unique_ptr<state> made);
  std::unique_ptr<state> state_;
};

/// Counts a text that comes in pieces, such as a streamed reply. By a vocabulary, `count()` is that
/// of all pieces together, wherever they were cut; usually under 100 bytes are kept for that.
class ARK_API token_counter {
 public:
  explicit token_counter(const tokenizer& with, special_tokens specials = special_tokens::as_text);
  token_counter(token_counter&&) noexcept;
  token_counter& operator=(token_counter&&) noexcept;
  ~token_counter();

  /// Fails as `tokenizer::count` does, and then leaves the text as it was. A refused token may be
  /// found only when it is counted: what comes next could belong to it.
  result<void> append(std::string_view piece);
  /// Of all pieces so far; may be asked at any time.
  result<text_tokens> count();

 private:
  struct state;
  std::unique_ptr<state> state_;
};

/// A file to install.
struct vocabulary_source {
  /// A rank file (`.tiktoken`), a Hugging Face tokenizer.json whose model is BPE, or a vocabulary
  /// that was installed elsewhere (`.bpe`). At most 1 GiB.
  std::string file{};
  std::string name{};  ///< "": the file's, without its ending. Letters, digits and ". _ -"
  /// Of a rank file whose name is none of tiktoken's encodings: the split expression, as tiktoken
  /// writes it or by a short name: gpt2, cl100k, qwen2, qwen3_5, o200k, tekken, kimi.
  std::string pattern{};
  std::vector<std::pair<std::string, std::uint32_t>> special_tokens{};  ///< of a rank file
};

/// An installed vocabulary.
struct vocabulary_info {
  std::string name{};
  std::int64_t ids = 0;           ///< largest id + 1
  std::int64_t added_tokens = 0;  ///< special ones and others that are no merges
  std::int64_t bytes = 0;         ///< of the installed file
  std::string source{};           ///< name of the file that it was made of; "": not known
  std::string source_sha256{};
  std::int64_t installed_s = 0;                       ///< seconds since 1970
  special_tokens specials = special_tokens::as_text;  ///< what `usual` is
  std::string problem{};                              ///< why it cannot be used; "" if it can
  std::vector<std::string> notes{};                   ///< what `install` found noteworthy
};

/// The vocabularies in a folder: NAME.bpe, which is mapped and used in place, and NAME.json, which
/// says what it was made of. Nothing is ever downloaded. Thread safe; processes may share a folder.
class ARK_API vocabularies {
 public:
  /// `folder` need not be there before something is installed.
  explicit vocabularies(std::string folder) : folder_(std::move(folder)) {}
  /// Those that the `ark` command uses: $XDG_DATA_HOME/ark/tokens, ~/.local/share/ark/tokens.
  /// errc::config without a home.
  static result<vocabularies> of_user();

  const std::string& folder() const noexcept { return folder_; }  ///< where they lie
  /// In alphabetical order; none if there is no folder.
  result<std::vector<std::string>> names() const;
  /// Each is opened and checked.
  result<std::vector<vocabulary_info>> list() const;
  /// Reads and checks a file, compiles it and puts it under its name; what was there is replaced in
  /// one step. errc::config with the place of what is wrong in the file, errc::unsupported for a
  /// vocabulary of another kind, errc::invalid_request for a name that is none.
  result<vocabulary_info> install(const vocabulary_source& from) const;
  /// errc::not_found says what is installed, errc::config that the file is damaged.
  result<tokenizer> open(std::string_view name) const;
  /// By the model's `encoding`. Estimates where none is known or it is not installed; the
  /// tokenizer says why.
  result<tokenizer> open_for(const model_info& model) const;

 private:
  std::string folder_;
};

}  // namespace ark
