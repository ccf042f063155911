#pragma once
#include "cli/command.hpp"

namespace ark::cli {

/// The verb `ark ledger metrics`.
void define_ledger_metrics(command& ledger);

}  // namespace ark::cli
