#pragma once
#include <ark/tokens.hpp>

#include <bpe/encoder.hpp>
#include <optional>
#include <string>
#include <utility>

namespace ark {

struct tokenizer::state {
  std::string encoding;
  std::string why;  ///< there is no encoder
  special_tokens usual = special_tokens::as_text;
  std::optional<bpe::encoder> encoder;

  bpe::special specials(special_tokens asked) const noexcept;
};

namespace tokens {

/// The way into a tokenizer for the other sources of this module.
struct access {
  static tokenizer make(bpe::vocabulary vocab, std::string encoding, special_tokens usual);
  /// Null if it estimates.
  static bpe::encoder* encoder(tokenizer& t);
  static bpe::special specials(const tokenizer& t, special_tokens asked) noexcept;
};

/// Why there is nothing to encode with.
error no_vocabulary(std::string_view why);
error cannot_refuse();
/// A failure in the library's own terms.
error failure_of(const bpe::error& failure);

}  // namespace tokens
}  // namespace ark
