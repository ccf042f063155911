#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "bpe/encoder.hpp"

namespace bpe {

/// Counts the tokens of a text that comes in pieces (a streamed reply). `count()` is always what
/// `encoder::count` says of all pieces together, wherever they were cut.
///
/// Text up to the last place at which no merge can cross (a letter or digit before a space or a
/// mark of punctuation) is counted once. What comes after, usually under 100 bytes, is kept and
/// counted again when asked: `append` takes linear time in all, `count` time in proportion to
/// `kept_bytes()`, which is the whole of a word that does not end. A vocabulary whose words cannot
/// be told apart (BPE of characters with tokens across spaces) keeps all of the text; so does one
/// with added tokens that take in the space or letters around them, or are looked for in a
/// normalized text.
class counter {
 public:
  /// `with` must outlive the counter; it may be used for other things in between.
  explicit counter(encoder& with, special specials = special::as_text);

  /// Adds text and returns its bytes. Fails only in mode `refuse`, at a special token; the counter
  /// then stays as it was.
  result<std::size_t> append(std::string_view text);
  /// The count of all text so far.
  result<std::size_t> count();
  /// Bytes that are kept because what comes may change their tokens.
  std::size_t kept_bytes() const noexcept { return kept_.size(); }
  void clear();

 private:
  std::size_t border() const;
  bool special_may_cross(std::size_t at) const;

  encoder& with_;
  special specials_;
  bool settles_ = true;  ///< False where added tokens look at the text around them, or are looked
                         ///< for after normalization has changed it.
  std::string kept_;
  std::size_t settled_ = 0;     ///< Tokens of the text before `kept_`.
  std::size_t kept_count_ = 0;  ///< Tokens of the first `counted_bytes_` of `kept_`.
  std::size_t counted_bytes_ = 0;
  std::size_t settle_at_ = 0;  ///< Looks for a border again when `kept_` is as long.
};

}  // namespace bpe
