#include <ark/tokens.hpp>

#include <algorithm>
#include <bpe/estimate.hpp>
#include <limits>

#include "tokens/tokenizer_state.hpp"

namespace ark {
namespace tokens {

tokenizer access::make(bpe::vocabulary vocab, std::string encoding, special_tokens usual) {
  auto made = std::make_unique<tokenizer::state>();
  made->usual = usual;
  made->encoding = std::move(encoding);
  made->encoder.emplace(std::move(vocab));
  return tokenizer(std::move(made));
}

bpe::encoder* access::encoder(tokenizer& t) {
  return t.state_->encoder ? &*t.state_->encoder : nullptr;
}

bpe::special access::specials(const tokenizer& t, special_tokens asked) noexcept {
  return t.state_->specials(asked);
}

error no_vocabulary(std::string_view why) {
  return {.code = errc::not_found,
          .message = "there are no ids without a vocabulary: " + std::string(why)};
}

error cannot_refuse() {
  return {.code = errc::unsupported,
          .message =
              "an estimate knows no special tokens and cannot refuse them: install the "
              "vocabulary, or take them as text"};
}

error failure_of(const bpe::error& failure) {
  error out{.code = errc::config, .message = failure.message};
  switch (failure.code) {
    case bpe::errc::unsupported:
      out.code = errc::unsupported;
      break;
    case bpe::errc::too_large:
      out.code = errc::too_large;
      break;
    case bpe::errc::special_token:
    case bpe::errc::unknown_id:
    case bpe::errc::invalid_utf8:
      out.code = errc::invalid_request;
      break;
    case bpe::errc::malformed:
    case bpe::errc::io:
      break;
  }
  return out;
}

}  // namespace tokens

namespace {

std::size_t to_limit(std::int64_t limit) {
  return static_cast<std::size_t>(std::max<std::int64_t>(limit, 0));
}

}  // namespace

bpe::special tokenizer::state::specials(special_tokens asked) const noexcept {
  switch (asked == special_tokens::usual ? usual : asked) {
    case special_tokens::allow:
      return bpe::special::allow;
    case special_tokens::refuse:
      return bpe::special::refuse;
    case special_tokens::as_text:
    case special_tokens::usual:
      break;
  }
  return bpe::special::as_text;
}

tokenizer tokenizer::estimating(std::string why) {
  auto made = std::make_unique<state>();
  made->why = std::move(why);
  return tokenizer(std::move(made));
}

tokenizer::tokenizer(std::unique_ptr<state> made) : state_(std::move(made)) {}
tokenizer::tokenizer(tokenizer&&) noexcept = default;
tokenizer& tokenizer::operator=(tokenizer&&) noexcept = default;
tokenizer::~tokenizer() = default;

tokenizer::tokenizer(const tokenizer& other) : state_(std::make_unique<state>()) {
  state_->encoding = other.state_->encoding;
  state_->why = other.state_->why;
  state_->usual = other.state_->usual;
  if (other.state_->encoder) state_->encoder.emplace(other.state_->encoder->vocab());
}

tokenizer& tokenizer::operator=(const tokenizer& other) {
  return *this = tokenizer(other);  // copied whole before anything is given up
}

bool tokenizer::exact() const noexcept { return state_->encoder.has_value(); }
std::string_view tokenizer::encoding() const noexcept { return state_->encoding; }
std::string_view tokenizer::why_estimate() const noexcept { return state_->why; }

result<text_tokens> tokenizer::count(std::string_view text, special_tokens specials) {
  if (!exact()) {
    if (specials == special_tokens::refuse) return tokens::cannot_refuse();
    const auto guess = bpe::estimate_tokens(text);
    return text_tokens{.count = static_cast<std::int64_t>(guess.tokens),
                       .low = static_cast<std::int64_t>(guess.low),
                       .high = static_cast<std::int64_t>(guess.high)};
  }
  const auto counted = state_->encoder->count(text, state_->specials(specials));
  if (!counted) return tokens::failure_of(counted.failure());
  const auto n = static_cast<std::int64_t>(*counted);
  return text_tokens{.count = n, .low = n, .high = n, .encoding = state_->encoding};
}

result<limited_tokens> tokenizer::count_until(std::string_view text, std::int64_t limit,
                                              special_tokens specials) {
  if (!exact()) {
    const auto guess = count(text, specials);
    if (!guess) return guess.error();
    return limited_tokens{.count = guess->count, .exceeded = guess->count > limit};
  }
  const auto counted =
      state_->encoder->count_until(text, to_limit(limit), state_->specials(specials));
  if (!counted) return tokens::failure_of(counted.failure());
  return limited_tokens{.count = static_cast<std::int64_t>((*counted).count),
                        .exceeded = (*counted).exceeded,
                        .exact = true};
}

result<cut_text> tokenizer::truncate(std::string_view text, std::int64_t limit,
                                     special_tokens specials) {
  if (!exact()) return tokens::no_vocabulary(state_->why);
  const auto kept = state_->encoder->truncate(text, to_limit(limit), state_->specials(specials));
  if (!kept) return tokens::failure_of(kept.failure());
  return cut_text{.bytes = (*kept).bytes,
                  .count = static_cast<std::int64_t>((*kept).count),
                  .cut = (*kept).cut};
}

result<std::vector<std::uint32_t>> tokenizer::encode(std::string_view text,
                                                     special_tokens specials) {
  if (!exact()) return tokens::no_vocabulary(state_->why);
  std::vector<std::uint32_t> ids;
  const auto done = state_->encoder->encode(text, ids, state_->specials(specials));
  if (!done) return tokens::failure_of(done.failure());
  return ids;
}

result<std::string> tokenizer::decode(std::span<const std::uint32_t> ids) const {
  if (!exact()) return tokens::no_vocabulary(state_->why);
  auto text = bpe::decode(state_->encoder->vocab(), ids);
  if (!text) return tokens::failure_of(text.failure());
  return std::move(text).value();
}

}  // namespace ark
