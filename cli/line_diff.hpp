#pragma once
#include <string>
#include <string_view>

namespace ark::cli {

/// What changed between two texts, in lines, as `diff -u` shows it with three lines around; "" if
/// nothing did. Texts of more than 4,000 lines that differ are shown as wholly replaced between the
/// lines that they share at both ends. Pure.
std::string line_diff(std::string_view before, std::string_view after,
                      const std::string& before_name, const std::string& after_name);

}  // namespace ark::cli
