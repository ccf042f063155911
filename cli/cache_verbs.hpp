#pragma once
#include "cli/command.hpp"

namespace ark::cli {

/// Adds `ark cache why`.
void define_cache_why(command& c);
/// Adds `ark cache stats` and `ark cache clear`: the kept answers of this machine.
void define_kept_answers(command& c);

}  // namespace ark::cli
