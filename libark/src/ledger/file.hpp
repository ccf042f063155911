#pragma once
#include <ark/result.hpp>
#include <chrono>
#include <string>

#include "ledger/sqlite.hpp"

/// Opening the ledger's file: who may own it, where it may lie, what must be in it.
namespace ark::detail {

/// Makes the file (0600) and its folder (0700) if absent, migrates an older one. Refused: a
/// symbolic or hard link, a file or folder of another user, a folder that others may write, another
/// program's database, a damaged file.
result<sqlite::database> open_writable(const std::string& path,
                                       std::chrono::milliseconds busy_limit);
/// errc::not_found if there is none. Makes nothing.
result<sqlite::database> open_readable(const std::string& path,
                                       std::chrono::milliseconds busy_limit);
/// Of a file that is there and may be read: its path with the folder's links resolved.
result<std::string> path_to_read(const std::string& path);

}  // namespace ark::detail
