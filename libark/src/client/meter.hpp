#pragma once
#include "client/account.hpp"

#include <ark/event.hpp>

#include <cstdint>
#include <string_view>

namespace ark {

/// How many tokens a text is, roughly: one for each four ASCII bytes or other character. The true
/// number is at most one for each byte, and at least one for each `fresh_bytes_per_token`.
std::int64_t estimate_tokens(std::string_view text);
/// Bytes that differ from the three before them. Tokenizers join what repeats (up to 128 blanks are
/// one token); of the other bytes no text of the corpus has more than 11 for a token, and none more
/// than 6 if it is written by people: the bound is a third of that.
std::int64_t fresh_bytes(std::string_view text);
inline constexpr std::int64_t fresh_bytes_per_token = 32;

/// Counts the tokens of a stream from what is received, since the vendor counted last. Pure.
class stream_meter {
 public:
  /// Text, reasoning, refusal, names and arguments of tool calls count; a `usage` event starts
  /// anew, as the vendor's own count has all that came before.
  void take(const event& e);

  /// Tokens of one kind of content.
  struct tally {
    std::int64_t ascii = 0, others = 0;  ///< bytes; characters
    std::int64_t fresh = 0;              ///< see `fresh_bytes`
    std::int64_t likely() const noexcept { return (ascii + 3) / 4 + others; }
    /// Surely so many.
    std::int64_t least() const noexcept {
      return ascii + others > 0 ? fresh / fresh_bytes_per_token + 1 : 0;
    }
  };
  const tally& answer() const noexcept { return answer_; }
  const tally& reasoning() const noexcept { return reasoning_; }
  /// Vendors may not bill for what they decline.
  const tally& refusal() const noexcept { return refusal_; }
  /// The vendor has counted its answer. What it says before there is any is a placeholder
  /// (recorded: Anthropic begins with 1 to 8), which is not surely billed.
  bool is_counted() const noexcept { return is_counted_; }

 private:
  tally answer_, reasoning_, refusal_;
  bool is_counted_ = false;
};

/// What was reported and what was received since, at the model's prices; unknown without a price.
cost likely_cost(const usage& reported, const stream_meter& meter, const price_basis& basis);

/// A stream that broke off, after `account_broken`: `low` from what it surely made (`by_vendor`:
/// what it has not counted itself may be free, as it broke it off), `high` from what the vendor
/// said it read, if that is final.
void narrow(cost& interval, const usage& reported, const stream_meter& since, bool by_vendor,
            const price_basis& basis);

/// What the ledger would have if the stream broke now, and in `value` what it likely costs so far.
cost running_cost(const usage& reported, const stream_meter& meter, const price_basis& basis);

}  // namespace ark
