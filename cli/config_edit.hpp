#pragma once
#include <ark/result.hpp>

#include <string>
#include <string_view>

namespace ark::cli {

/// `text`, a YAML file, with the value at `path` ("ledger.path") set to `value` (YAML flow text).
/// Only that line changes, or lines are added: comments, order and layout stay. An error
/// (errc::config) where the file writes the surroundings in a way that a line cannot be put into,
/// as in "ledger: {path: x}". Pure.
result<std::string> edit_yaml(std::string_view text, const std::string& path,
                              const std::string& value);

}  // namespace ark::cli
