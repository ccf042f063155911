#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace ark::testing {

/// The value of the first arithmetic expression in a lower-case text: whole and decimal numbers,
/// + - * / and brackets, also "plus", "minus", "times", "divided by". Nothing if there is none, or
/// if it divides by zero. "what is 12*7?" -> "84".
std::optional<std::string> solve(std::string_view lower_case_text);

}  // namespace ark::testing
