#pragma once
#include "cli/command.hpp"
#include "cli/context.hpp"

namespace ark::cli {

/// `ark ledger migrate`.
void define_migrate(command& ledger);

}  // namespace ark::cli
