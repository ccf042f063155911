#include "policy/circuit.hpp"

#include <algorithm>
#include <bit>

namespace ark::policy {
namespace {

constexpr int window = 20;
constexpr std::uint32_t window_bits = (1U << window) - 1;

}  // namespace

health health_of(const error& e, std::string_view limit) noexcept {
  switch (e.code) {
    case errc::overloaded:
    case errc::server:
    case errc::network:
    case errc::tls:
    case errc::truncated:
    case errc::protocol:
      return health::fault;
    case errc::timeout:
      return limit == "total" ? health::unsaid : health::fault;
    case errc::rate_limit:
    case errc::cancelled:
    case errc::budget:
    case errc::ledger:
    case errc::config:
    case errc::internal:
    case errc::no_candidate:
    case errc::too_large:
    case errc::circuit_open:
      return health::unsaid;
    case errc::invalid_request:
    case errc::auth:
    case errc::permission:
    case errc::not_found:
    case errc::context_length:
    case errc::content_filter:
    case errc::quota:
    case errc::unsupported:
      break;
  }
  return e.http_status != 0 ? health::good : health::unsaid;
}

bool circuit::allows(time_point now) const noexcept {
  return opened_ == 0 || (now >= until_ && !probing_);
}

void circuit::begin(time_point now) noexcept {
  if (opened_ > 0 && now >= until_) probing_ = true;
}

void circuit::end(const circuit_options& o, health how, time_point now) noexcept {
  const bool was_probe = std::exchange(probing_, false);
  if (how == health::unsaid) return;
  if (how == health::good) {
    in_a_row_ = 0;
    // What was begun before it opened says nothing of now: only a probe closes it.
    if (opened_ > 0 && !was_probe) return;
    if (opened_ > 0) last_ = 0, answers_ = 0;
    opened_ = 0;
    return remember(false);
  }
  ++in_a_row_;
  remember(true);
  if (o.failures <= 0 || (opened_ > 0 && !was_probe)) return;
  const bool half = answers_ >= window && std::popcount(last_) * 2 >= window;
  if (was_probe || half || in_a_row_ >= o.failures) open(o, now);
}

void circuit::remember(bool fault) noexcept {
  last_ = ((last_ << 1) | (fault ? 1U : 0U)) & window_bits;
  answers_ = std::min(answers_ + 1, window);
}

void circuit::open(const circuit_options& o, time_point now) noexcept {
  constexpr int most_doublings = 16;
  const auto wait = o.open * (1 << std::min(opened_, most_doublings));
  until_ = now + std::min(wait, std::max(o.longest_open, o.open));
  ++opened_;
}

}  // namespace ark::policy
