#pragma once
#include <ark/ledger.hpp>

#include <string>

namespace ark::billing {

/// Appends the entry as an ark.schema.LedgerEntry behind its length as a varint. The same entry is
/// the same bytes each time. Bytes that are not UTF-8 become U+FFFD.
void append_message(std::string& out, const ledger_entry& e);

}  // namespace ark::billing
