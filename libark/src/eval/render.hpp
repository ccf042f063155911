#pragma once
#include <ark/result.hpp>

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace ark::eval {

/// Variables of a case, as text: strings as they are, everything else as JSON.
using variables = std::map<std::string, std::string, std::less<>>;

/// Puts the values of variables in the places of `{{name}}` (spaces inside the braces are allowed;
/// names are letters, digits, "_", "-", "."). One pass: what a value brings in is never looked at
/// again, so data cannot inject variables. Braces around anything else stay as they are.
/// errc::config names a variable that is not there.
result<std::string> render(std::string_view text, const variables& values);

}  // namespace ark::eval
