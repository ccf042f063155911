#include "sim/latency.hpp"

#include "sim/dice.hpp"

#include <charconv>
#include <string>

namespace ark::testing {

namespace {

using std::chrono::microseconds;

error bad(std::string_view text) {
  return error{.code = errc::invalid_request,
               .message = "\"" + std::string(text) +
                          "\" is not a length of time; write it like 150ms, 2s or 20us"};
}

microseconds pick(microseconds low, microseconds high, std::uint64_t dice) noexcept {
  const auto span = static_cast<std::uint64_t>((high - low).count());
  return low + microseconds(span == 0 ? 0 : static_cast<std::int64_t>(dice % (span + 1)));
}

result<void> parse_range(std::string_view text, microseconds& low, microseconds& high) {
  const std::size_t dots = text.find("..");
  auto first = parse_duration(text.substr(0, dots));
  if (!first) return first.error();
  low = high = *first;
  if (dots == std::string_view::npos) return {};
  auto second = parse_duration(text.substr(dots + 2));
  if (!second) return second.error();
  if (*second < low)
    return error{.code = errc::invalid_request,
                 .message = "a latency range must go from the shorter to the longer time"};
  high = *second;
  return {};
}

}  // namespace

result<microseconds> parse_duration(std::string_view text) {
  double value = 0;
  const auto [rest, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || !(value >= 0) || value > 1e9) return bad(text);
  const std::string_view unit = text.substr(static_cast<std::size_t>(rest - text.data()));
  double scale = 0;
  if (unit == "s") scale = 1e6;
  if (unit == "ms" || unit.empty()) scale = 1e3;
  if (unit == "us") scale = 1;
  if (scale == 0) return bad(text);
  return microseconds(static_cast<std::int64_t>(value * scale));
}

result<latency> latency::parse(std::string_view text) {
  latency out;
  if (text.empty()) return out;
  const std::size_t plus = text.find('+');
  if (auto ok = parse_range(text.substr(0, plus), out.first_low, out.first_high); !ok)
    return ok.error();
  if (plus == std::string_view::npos) return out;
  if (auto ok = parse_range(text.substr(plus + 1), out.token_low, out.token_high); !ok)
    return ok.error();
  return out;
}

microseconds latency::first(std::uint64_t dice) const noexcept {
  return pick(first_low, first_high, dice);
}

microseconds latency::token(std::uint64_t dice) const noexcept {
  return pick(token_low, token_high, dice);
}

}  // namespace ark::testing
