#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace bpe {

/// Whether every character stands for itself in NFC and joins with nothing before it. Such a text
/// is in NFC.
bool nfc_inert(std::string_view text) noexcept;

/// NFC of `text`. Bytes that are not UTF-8 stay as they are and join with nothing.
std::string to_nfc(std::string_view text);

/// The last position before which NFC cannot depend on what follows it: that of the last inert
/// character.
std::size_t nfc_boundary(std::string_view text) noexcept;

}  // namespace bpe
