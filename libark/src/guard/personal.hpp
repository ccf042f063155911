#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// What identifies a person or a company in a text, by its form and its check digits. Pure.
namespace ark::guard {

enum class personal_kind : std::uint8_t {
  cn_identity,  ///< resident identity number, GB 11643: region, date of birth, MOD 11-2
  cn_mobile,    ///< 11 digits from 13 to 19, with or without +86, spaces or hyphens
  bank_card,    ///< ISO/IEC 7812: 15 to 19 digits, Luhn
  cn_company,   ///< unified social credit code, GB 32100: MOD 31
  email,        ///< local@domain.tld
};
std::string_view to_string(personal_kind value) noexcept;

struct personal_span {
  personal_kind kind = personal_kind::email;
  std::size_t begin = 0;
  std::size_t end = 0;

  friend bool operator==(const personal_span&, const personal_span&) = default;
};

/// All that is found in UTF-8 text, in order, not overlapping; linear time. A number whose check
/// digit is wrong is not found: order numbers and the like stay readable. Names and addresses have
/// no form and are not looked for.
std::vector<personal_span> find_personal(std::string_view text);

/// `text` with "[cn_identity]" and so on instead of what was found.
std::string mask_personal(std::string_view text);

}  // namespace ark::guard
