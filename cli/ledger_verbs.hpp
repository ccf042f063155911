#pragma once
#include <ark/ledger.hpp>

#include "cli/command.hpp"
#include "cli/context.hpp"

/// The verbs of `ark ledger` that have a file of their own, and what they share.
namespace ark::cli {

void define_ledger_break_even(command& ledger);
void define_ledger_export(command& ledger);
void define_ledger_reconcile(command& ledger);
void define_ledger_report(command& ledger);
void define_ledger_salvage(command& ledger);

/// The ledger to read; none, without failure, when there is no file yet.
result<ark::ledger> open_to_read(context& ctx);
/// Says why there is nothing to show.
void note_nothing(context& ctx, const ark::ledger& book);

}  // namespace ark::cli
