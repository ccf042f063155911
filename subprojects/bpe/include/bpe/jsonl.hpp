#pragma once

#include <string>
#include <string_view>

#include "bpe/encoder.hpp"

namespace bpe {

/// The forms of rows below are what command-line tools read and write: one JSON object in a line.
/// Other members are ignored; of equal members the last counts. `id` is given back as it stands,
/// whatever its kind; null where there is none. Half of a surrogate pair in a string is U+FFFD.

/// `{"id":..,"text":".."}` -> `{"id":..,"count":7}`
result<std::string> count_row(encoder& with, std::string_view row,
                              special specials = special::as_text);

/// `{"id":..,"text":".."}` -> `{"id":..,"ids":[1,2]}`
result<std::string> encode_row(encoder& with, std::string_view row,
                               special specials = special::as_text);

/// `{"id":..,"ids":[1,2]}` -> `{"id":..,"text":".."}`; bytes that are not UTF-8 become U+FFFD.
result<std::string> decode_row(const vocabulary& vocab, std::string_view row);

}  // namespace bpe
