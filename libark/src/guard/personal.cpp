#include "guard/personal.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace ark::guard {
namespace {

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_letter(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_word(char c) noexcept { return is_digit(c) || is_letter(c); }

int number(std::string_view digits) noexcept {
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

bool all_digits(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), is_digit);
}

bool is_date(std::string_view digits) noexcept {
  constexpr std::array<int, 12> days = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const int year = number(digits.substr(0, 4)), month = number(digits.substr(4, 2)),
            day = number(digits.substr(6, 2));
  return year >= 1850 && year < 2100 && month >= 1 && month <= 12 && day >= 1 &&
         day <= days[static_cast<std::size_t>(month - 1)];
}

/// 17 digits and a check character, ISO 7064 MOD 11-2.
bool is_identity(std::string_view t) noexcept {
  constexpr std::array<int, 17> weights = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  constexpr std::string_view checks = "10X98765432";
  if (t.size() != 18 || !all_digits(t.substr(0, 17)) || t[0] == '0' || !is_date(t.substr(6, 8)))
    return false;
  int sum = 0;
  for (std::size_t i = 0; i < 17; ++i) sum += (t[i] - '0') * weights[i];
  const char last = t[17] == 'x' ? 'X' : t[17];
  return checks[static_cast<std::size_t>(sum % 11)] == last;
}

/// The organization's code inside of it, GB 11714: eight characters and a check character, MOD 11.
bool is_organization(std::string_view t) noexcept {
  constexpr std::array<int, 8> weights = {3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (std::size_t i = 0; i < 8; ++i)
    sum += (is_digit(t[i]) ? t[i] - '0' : t[i] - 'A' + 10) * weights[i];
  const int check = 11 - sum % 11;
  return t[8] == (check == 10 ? 'X' : check == 11 ? '0' : static_cast<char>('0' + check));
}

/// 17 of 31 characters and a check character, MOD 31; who registered it, what it is, where.
bool is_company(std::string_view t) noexcept {
  constexpr std::string_view alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
  constexpr std::array<int, 17> weights = {1,  3,  9,  27, 19, 26, 16, 17, 20,
                                           29, 25, 13, 8,  24, 10, 30, 28};
  if (t.size() != 18 || !all_digits(t.substr(2, 6))) return false;
  if (std::string_view("159NY").find(t[0]) == t.npos || t[1] < '1' || t[1] > '9') return false;
  std::size_t sum = 0;
  for (std::size_t i = 0; i < 17; ++i) {
    const auto at = alphabet.find(t[i]);
    if (at == alphabet.npos) return false;
    sum += at * static_cast<std::size_t>(weights[i]);
  }
  return alphabet[(31 - sum % 31) % 31] == t[17] && is_organization(t.substr(8, 9));
}

bool passes_luhn(std::string_view digits) noexcept {
  int sum = 0;
  bool doubled = false;
  for (std::size_t i = digits.size(); i-- > 0; doubled = !doubled) {
    const int d = digits[i] - '0';
    sum += !doubled ? d : d > 4 ? 2 * d - 9 : 2 * d;
  }
  return sum % 10 == 0;
}

/// Cards begin with 3 to 6: travel, banking, merchandising (ISO/IEC 7812-1).
bool is_card(std::string_view digits) noexcept {
  return digits.size() >= 15 && digits.size() <= 19 && digits[0] >= '3' && digits[0] <= '6' &&
         passes_luhn(digits);
}

bool is_mobile(std::string_view digits) noexcept {
  if (digits.size() == 13 && digits.starts_with("86")) digits.remove_prefix(2);
  return digits.size() == 11 && digits[0] == '1' && digits[1] >= '3';
}

/// Digits that single spaces or hyphens may divide; a plus sign may stand before them.
struct digit_run {
  std::string digits;
  std::size_t end = 0;
};
constexpr std::size_t longest_run = 24;

digit_run run_at(std::string_view text, std::size_t at) {
  digit_run run{.digits = {}, .end = at};
  for (std::size_t i = at; i < text.size() && run.digits.size() <= longest_run; ++i) {
    if (is_digit(text[i])) {
      run.digits += text[i];
      run.end = i + 1;
    } else if ((text[i] != ' ' && text[i] != '-') || i + 1 == text.size() ||
               !is_digit(text[i + 1])) {
      break;
    }
  }
  return run;
}

std::size_t word_end(std::string_view text, std::size_t at) {
  while (at < text.size() && is_word(text[at])) ++at;
  return at;
}

/// A whole word of 18 characters with a check character.
std::optional<personal_span> code_at(std::string_view text, std::size_t at) {
  const std::size_t end = word_end(text, at);
  const std::string_view word = text.substr(at, end - at);
  if (is_identity(word)) return personal_span{personal_kind::cn_identity, at, end};
  if (is_company(word)) return personal_span{personal_kind::cn_company, at, end};
  return std::nullopt;
}

std::optional<personal_span> digits_at(std::string_view text, std::size_t at) {
  const std::size_t begin = at > 0 && text[at - 1] == '+' ? at - 1 : at;
  const auto judge = [&](std::string_view digits, std::size_t end) -> std::optional<personal_span> {
    if (end < text.size() && is_word(text[end])) return std::nullopt;
    if (is_mobile(digits)) return personal_span{personal_kind::cn_mobile, begin, end};
    if (is_card(digits)) return personal_span{personal_kind::bank_card, at, end};
    return std::nullopt;
  };
  const digit_run run = run_at(text, at);
  if (const auto whole = judge(run.digits, run.end)) return whole;
  // A number may stand beside another one: "13800138000 2".
  std::size_t end = at;
  while (end < text.size() && is_digit(text[end])) ++end;
  return judge(text.substr(at, end - at), end);
}

bool is_local(char c) noexcept {
  return is_word(c) || c == '.' || c == '_' || c == '%' || c == '+' || c == '-';
}

/// Around the "@" at `at`; nothing before `from`.
std::optional<personal_span> email_at(std::string_view text, std::size_t at, std::size_t from) {
  std::size_t begin = at, end = at + 1;
  while (begin > from && is_local(text[begin - 1])) --begin;
  while (end < text.size() && (is_word(text[end]) || text[end] == '.' || text[end] == '-')) ++end;
  while (end > at + 1 && !is_letter(text[end - 1])) --end;
  const auto dot = text.substr(at + 1, end - at - 1).rfind('.');
  const bool has_top = dot != std::string_view::npos && dot > 0 && end - at - 1 - dot > 2;
  if (begin == at || !has_top) return std::nullopt;
  return personal_span{personal_kind::email, begin, end};
}

}  // namespace

std::string_view to_string(personal_kind value) noexcept {
  switch (value) {
    case personal_kind::cn_identity:
      return "cn_identity";
    case personal_kind::cn_mobile:
      return "cn_mobile";
    case personal_kind::bank_card:
      return "bank_card";
    case personal_kind::cn_company:
      return "cn_company";
    case personal_kind::email:
      return "email";
  }
  return "email";
}

std::vector<personal_span> find_personal(std::string_view text) {
  std::vector<personal_span> found;
  std::size_t from = 0;  // behind what was found
  for (std::size_t i = 0; i < text.size();) {
    std::optional<personal_span> hit;
    const bool begins_word = is_word(text[i]) && (i == 0 || !is_word(text[i - 1]));
    if (begins_word) hit = code_at(text, i);
    if (!hit && begins_word && is_digit(text[i])) hit = digits_at(text, i);
    if (!hit && text[i] == '@') hit = email_at(text, i, from);
    if (!hit) {
      ++i;
      continue;
    }
    found.push_back(*hit);
    i = from = hit->end;
  }
  return found;
}

std::string mask_personal(std::string_view text) {
  std::string out;
  std::size_t at = 0;
  for (const personal_span& span : find_personal(text)) {
    out += text.substr(at, span.begin - at);
    out += '[';
    out += to_string(span.kind);
    out += ']';
    at = span.end;
  }
  out += text.substr(at);
  return out;
}

}  // namespace ark::guard
