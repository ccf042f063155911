#include <ark/tokens.hpp>

#include <bpe/counter.hpp>
#include <bpe/estimate.hpp>

#include "tokens/tokenizer_state.hpp"

namespace ark {
namespace {

// Estimates of pieces are added up: each rounds, so pieces are gathered until that is small.
constexpr std::size_t settle_bytes = 4096;

/// The length of `text` without a character that may be incomplete at its end.
std::size_t whole_characters(std::string_view text) {
  std::size_t end = text.size();
  for (int back = 0; back < 3 && end > 0 && (text[end - 1] & 0xC0) == 0x80; ++back) --end;
  if (end > 0 && (text[end - 1] & 0x80) != 0) --end;
  return end;
}

}  // namespace

struct token_counter::state {
  state(const tokenizer& used, special_tokens how) : with(used), specials(how) {
    if (auto* encoder = tokens::access::encoder(with))
      exact.emplace(*encoder, tokens::access::specials(with, how));
  }

  tokenizer with;  ///< a copy: its encoder stays where it is
  special_tokens specials;
  std::optional<bpe::counter> exact;
  text_tokens settled;  ///< of an estimate, without `kept`
  std::string kept;
};

token_counter::token_counter(const tokenizer& with, special_tokens specials)
    : state_(std::make_unique<state>(with, specials)) {}
token_counter::token_counter(token_counter&&) noexcept = default;
token_counter& token_counter::operator=(token_counter&&) noexcept = default;
token_counter::~token_counter() = default;

result<void> token_counter::append(std::string_view piece) {
  state& s = *state_;
  if (s.exact) {
    const auto added = s.exact->append(piece);
    if (!added) return tokens::failure_of(added.failure());
    return {};
  }
  if (s.specials == special_tokens::refuse) return tokens::cannot_refuse();
  s.kept += piece;
  if (s.kept.size() < settle_bytes) return {};
  const std::size_t whole = whole_characters(s.kept);
  const auto guess = bpe::estimate_tokens(std::string_view(s.kept).substr(0, whole));
  s.settled.count += static_cast<std::int64_t>(guess.tokens);
  s.settled.low += static_cast<std::int64_t>(guess.low);
  s.settled.high += static_cast<std::int64_t>(guess.high);
  s.kept.erase(0, whole);
  return {};
}

result<text_tokens> token_counter::count() {
  state& s = *state_;
  if (!s.exact) {
    auto out = s.with.count(s.kept, s.specials);
    if (!out) return out;
    out->count += s.settled.count;
    out->low += s.settled.low;
    out->high += s.settled.high;
    return out;
  }
  const auto counted = s.exact->count();
  if (!counted) return tokens::failure_of(counted.failure());
  const auto n = static_cast<std::int64_t>(*counted);
  return text_tokens{.count = n, .low = n, .high = n, .encoding = std::string(s.with.encoding())};
}

}  // namespace ark
