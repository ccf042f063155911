#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bpe/vocabulary.hpp"

namespace bpe {

/// What to do with added tokens that stand in a text.
enum class special {
  as_text,  ///< Special tokens are ordinary text; added tokens that the file does not call special
            ///< count as such.
  allow,    ///< Every added token is its id. Only for text that no stranger wrote.
  refuse,   ///< A special token in the text is the error `special_token`.
  literal,  ///< Nothing but merges: no added token is looked for.
};

/// A count that stops early.
struct limited_count {
  std::size_t count = 0;  ///< Exact when not `exceeded`; else some number over the limit.
  bool exceeded = false;
};

/// The longest beginning of a text that keeps to a limit.
struct truncation {
  std::size_t bytes = 0;  ///< How much of the text to keep.
  std::size_t count = 0;  ///< Tokens of what is kept.
  bool cut = false;       ///< Whether anything is left out.
};

/// Encodes and counts with one vocabulary. Keeps working memory between calls, so that they
/// allocate little; one thread at a time, but any number of encoders may share a vocabulary.
///
/// Any bytes may be given. Bytes that are not UTF-8 split the text as U+FFFD would, but are encoded
/// as they are, so that a byte-level vocabulary without normalizer gives every text back. Texts are
/// below 4 GiB (`too_large`). Time is linear in the text for vocabularies whose merges are of
/// earlier ones (all known ones, but for pieces with one of some dozens of tokens), O(n log n) for
/// others. Memory is O(longest piece), and 0.8 MB that remember pairs and short pieces; a
/// vocabulary that normalizes (NFC, marked spaces) also needs copies of the text between two added
/// tokens.
class encoder {
 public:
  explicit encoder(vocabulary vocab);
  encoder(encoder&&) noexcept;
  encoder& operator=(encoder&&) noexcept;
  ~encoder();

  const vocabulary& vocab() const noexcept;

  /// Appends the ids of `text` to `out` and returns how many. On an error `out` is as it was.
  result<std::size_t> encode(std::string_view text, std::vector<token_id>& out,
                             special specials = special::as_text);
  /// How many tokens `encode` would append.
  result<std::size_t> count(std::string_view text, special specials = special::as_text);
  /// Counts until the count is over `limit`.
  result<limited_count> count_until(std::string_view text, std::size_t limit,
                                    special specials = special::as_text);
  /// Finds where to cut `text` so that what is kept has at most `limit` tokens. Does not cut a
  /// UTF-8 sequence, CR LF, a character from its marks, joiners, variation selectors and skin
  /// tones, or a flag in halves.
  result<truncation> truncate(std::string_view text, std::size_t limit,
                              special specials = special::as_text);

 private:
  friend class counter;
  struct state;
  std::unique_ptr<state> state_;
};

/// How `decode` treats bytes that are not UTF-8.
enum class utf8 {
  bytes,   ///< They stay as they are: the result need not be UTF-8.
  lossy,   ///< Each maximal invalid part becomes U+FFFD.
  strict,  ///< They are the error `invalid_utf8`.
};

/// The text of `ids`. An id that the vocabulary does not have is the error `unknown_id`.
result<std::string> decode(const vocabulary& vocab, std::span<const token_id> ids,
                           utf8 form = utf8::bytes);

}  // namespace bpe
