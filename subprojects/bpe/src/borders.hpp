#pragma once

#include <cstddef>
#include <string_view>

#include "split.hpp"

namespace bpe {

/// The last place in `text` at which every split of `kind` cuts, whatever comes before and after:
/// between a letter or digit and a space or punctuation other than an apostrophe and the signs of
/// script Han. 0 if there is none. NFC crosses no such place.
std::size_t last_border(split_kind kind, std::string_view text) noexcept;

/// The greatest place of at most `at` that cuts no UTF-8 sequence, CR LF, or user-perceived
/// character: marks, joiners, variation selectors, skin tones, tags, Hangul syllables of several
/// letters and flags stay whole.
std::size_t safe_cut(std::string_view text, std::size_t at) noexcept;

}  // namespace bpe
