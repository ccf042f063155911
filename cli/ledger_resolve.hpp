#pragma once
#include "cli/command.hpp"
#include "cli/context.hpp"

namespace ark::cli {

/// `ark ledger resolve`.
void define_resolve(command& ledger);

}  // namespace ark::cli
