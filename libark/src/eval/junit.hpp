#pragma once
#include <string>
#include <vector>

#include "eval/row.hpp"

namespace ark::eval {

/// The rows as JUnit XML: a test suite for each model, a test case for each prompt and case, with
/// `<failure>` and `<error>`. Characters that XML 1.0 does not have become U+FFFD.
std::string junit_xml(const std::string& suite_name, const std::vector<row>& rows);

}  // namespace ark::eval
