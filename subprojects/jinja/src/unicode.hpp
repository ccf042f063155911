#pragma once
#include <cstdint>
#include <string>
#include <string_view>

/// What Python 3.11 knows of characters (Unicode 14). UTF-8 in and out; what is not UTF-8 is read
/// byte by byte as U+FFFD. Lone surrogates are three bytes, as JSON and Python may hold them.
namespace jinja::unicode {

/// The code point at `at`, which moves behind it.
char32_t decode(std::string_view text, std::size_t& at) noexcept;
void append(std::string& to, char32_t point);
/// Code points of a text.
std::size_t length(std::string_view text) noexcept;
bool is_ascii(std::string_view text) noexcept;
/// Where code point number `index` begins; the text's size if it has fewer.
std::size_t offset_of(std::string_view text, std::size_t index) noexcept;

bool is_space(char32_t c) noexcept;
bool is_alpha(char32_t c) noexcept;
bool is_decimal(char32_t c) noexcept;
bool is_digit(char32_t c) noexcept;
bool is_numeric(char32_t c) noexcept;
bool is_upper(char32_t c) noexcept;
bool is_lower(char32_t c) noexcept;
bool is_title(char32_t c) noexcept;
bool is_cased(char32_t c) noexcept;
bool is_printable(char32_t c) noexcept;
bool is_word(char32_t c) noexcept;  ///< `\w` of Python's re
bool is_identifier_start(char32_t c) noexcept;
bool is_identifier_part(char32_t c) noexcept;
int decimal_value(char32_t c) noexcept;  ///< of a decimal digit

std::string upper(std::string_view text);
std::string lower(std::string_view text);
std::string casefold(std::string_view text);
std::string title(std::string_view text);       ///< str.title()
std::string capitalize(std::string_view text);  ///< str.capitalize()
std::string swapcase(std::string_view text);
std::string_view trimmed(std::string_view text, bool left, bool right) noexcept;

}  // namespace jinja::unicode
