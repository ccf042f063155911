#pragma once
#include "dialect/dialect.hpp"

#include <string>
#include <string_view>

/// Answers to the question how long a prompt is. Pure.
namespace ark::dialect {

/// The number of tokens at the dotted path `where` ("input_tokens"), or how many there are in the
/// list there. errc::protocol if it is neither, or below 0.
result<token_count_reply> read_token_count(const answer& a, std::string_view where,
                                           std::string request_id);

}  // namespace ark::dialect
