#pragma once
#include <ark/result.hpp>
#include <string_view>

#include "ledger/sqlite.hpp"

/// What is in the file: tables, their columns, and how an older file becomes a newer one.
namespace ark::detail::schema {

/// "ARKL" in SQLite's application_id: tells a ledger from any other database.
inline constexpr int application_id = 0x41524b4c;
/// The newest schema that this library knows: the last step.
inline constexpr int version = 6;

/// Brings an empty or older file to `version`, each step in one transaction with the others; other
/// processes may do so at the same time. A newer file, and another program's, is an error.
result<void> migrate(sqlite::database& db, const std::string& path);
/// An error unless the file is empty or a ledger that is not newer than this library.
result<void> check_known(sqlite::database& db, const std::string& path);
/// An error unless the file is a ledger that can be read as it is, newest version or older.
result<void> check(sqlite::database& db, const std::string& path);

/// The columns of an intent but `seq`, in the order of fill().
std::string_view intent_columns();
/// The columns of a fate, shared by `outcome` and `correction`, in the order of fill().
std::string_view outcome_columns();
/// What a correction has before those of a fate, but `seq`.
std::string_view correction_columns_before();
/// What rows have behind all of these: their segment, and a checksum of their own.
std::string_view chain_columns();
/// The figures of a roll-up, in the order of figures.hpp.
std::string_view rollup_columns();

}  // namespace ark::detail::schema
