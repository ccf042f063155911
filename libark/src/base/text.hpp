#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace ark::text {

/// ASCII only, whatever the locale.
constexpr char to_lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
constexpr bool is_alpha(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
/// -1 when `c` is not a hexadecimal digit.
constexpr int hex_value(char c) noexcept {
  if (is_digit(c)) return c - '0';
  const char lower = to_lower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::string lower(std::string_view text);
/// 16 hexadecimal digits, lower case.
std::string hex(std::uint64_t value);
/// 272000 -> "272,000".
std::string grouped(std::int64_t value);
/// Equal but for the case of ASCII letters.
bool same_ignoring_case(std::string_view a, std::string_view b) noexcept;
/// Without spaces and tabs at both ends (HTTP's optional white space).
std::string_view trim(std::string_view text) noexcept;

bool is_ascii(std::string_view text) noexcept;
bool is_utf8(std::string_view text) noexcept;
/// Each maximal ill-formed part becomes one U+FFFD, as the WHATWG Encoding standard decodes.
std::string repair_utf8(std::string_view text);

}  // namespace ark::text
