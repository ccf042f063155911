#include "telemetry/trace_context.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace ark::telemetry {
namespace {

bool is_lower_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return text::is_digit(c) || (c >= 'a' && c <= 'f'); });
}

bool is_zero(std::string_view text) { return text.find_first_not_of('0') == text.npos; }

}  // namespace

std::optional<trace_context> parse_traceparent(std::string_view text) {
  constexpr std::size_t whole = 55;
  text = text::trim(text);
  if (text.size() < whole || text[2] != '-' || text[35] != '-' || text[52] != '-') return {};
  const auto version = text.substr(0, 2);
  const auto trace = text.substr(3, 32);
  const auto span = text.substr(36, 16);
  const auto flags = text.substr(53, 2);
  if (!is_lower_hex(version) || version == "ff") return {};
  const bool has_more = text.size() > whole;
  if (has_more && (version == "00" || text[whole] != '-')) return {};
  if (!is_lower_hex(trace) || !is_lower_hex(span) || !is_lower_hex(flags)) return {};
  if (is_zero(trace) || is_zero(span)) return {};
  return trace_context{std::string(trace), std::string(span), (text::hex_value(flags[1]) & 1) != 0};
}

}  // namespace ark::telemetry
