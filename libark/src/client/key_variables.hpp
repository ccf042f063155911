#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace ark {

/// The key in the environment variables that a vendor's row names: "A"; "A|B", the first that is
/// set; "ID+SECRET+TOKEN", joined by colons, where what comes after the second may be missing.
/// `lookup` gives a variable's text. Nothing if none is set; empty texts count as not set.
std::optional<std::string> key_in_variables(
    std::string_view names,
    const std::function<std::optional<std::string>(std::string_view)>& lookup);

/// The same for people: "A, or ID and SECRET (and TOKEN)".
std::string key_variables_text(std::string_view names);

}  // namespace ark
