#pragma once
#include <string>

#include "cli/context.hpp"

namespace ark::cli {

/// Asks "QUESTION? [y/N]" on standard error. Empty: yes. Else why not: nobody can be asked without
/// a terminal, or the answer was no.
std::string refusal_of(context& ctx, const std::string& question);

}  // namespace ark::cli
