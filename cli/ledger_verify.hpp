#pragma once
#include <ark/ledger.hpp>

#include "base/json.hpp"
#include "cli/command.hpp"

namespace ark::cli {

/// `ark ledger verify` and `ark ledger head`.
void define_ledger_verify(command& ledger);
void define_ledger_head(command& ledger);

/// What `verify` and `salvage` say in JSON: a head as a member of that name, a finding as an
/// object.
void add_head(json::writer& w, const char* name, const ledger_head& head);
void add_finding(json::writer& w, const ledger_finding& f);

}  // namespace ark::cli
