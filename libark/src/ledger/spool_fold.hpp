#pragma once
#include <string>

#include <optional>
#include <vector>

#include "ledger/spool.hpp"
#include "ledger/sqlite.hpp"
#include "ledger/writer.hpp"

/// Taking what other processes left, or have just put, into spools beside a ledger.
namespace ark::detail {

/// Whether a spool but that of `own_session` holds what the ledger does not have yet.
result<bool> has_spooled(sqlite::database& db, std::int64_t own_session);
/// What lies in one; nothing if its process has just removed it. It is left where it is.
result<std::optional<std::vector<spooled_record>>> read_spool_file(const std::string& path);
/// Takes it all into the ledger, and removes the spools of processes that are gone.
result<void> fold_spools(writer& into);

}  // namespace ark::detail
