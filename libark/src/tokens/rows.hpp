#pragma once
#include <ark/tokens.hpp>

#include <cstddef>
#include <string>
#include <string_view>

/// Rows of JSON, for command lines: one object in a line. Other members are ignored, of equal ones
/// the last counts; `id` is given back as it is, null where there is none.
namespace ark::tokens {

/// `{"id":..,"text":".."}` -> `{"id":..,"count":7}`; an estimate has `low`, `high` and
/// `"provenance":"estimate"` besides.
result<std::string> count_row(tokenizer& with, std::string_view row, special_tokens specials);
/// `{"id":..,"text":".."}` -> `{"id":..,"ids":[1,2]}`
result<std::string> encode_row(tokenizer& with, std::string_view row, special_tokens specials);
/// `{"id":..,"ids":[1,2]}` -> `{"id":..,"text":".."}`; bytes that are not UTF-8 become U+FFFD.
result<std::string> decode_row(tokenizer& with, std::string_view row);
/// `{"id":..,"line":3,"error":{"code":"..","message":".."}}` in place of a row's answer.
std::string error_row(std::string_view row, std::size_t line, const error& failure);

}  // namespace ark::tokens
