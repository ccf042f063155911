#pragma once
#include <string>
#include <vector>

#include "cli/context.hpp"

namespace ark::cli {

/// Runs the command that `arguments` (without the program's name) ask for, and returns its exit
/// code. Throws nothing; a broken pipe of standard output is a success.
int run(const std::vector<std::string>& arguments, context& ctx);

}  // namespace ark::cli
