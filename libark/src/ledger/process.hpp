#pragma once
#include <cstdint>
#include <string>

namespace ark::detail {

/// Names a process so that a later reader of the ledger can tell whether it still lives: a pid is
/// reused, a pid with its start time within one boot is not.
struct process_identity {
  std::int64_t pid = 0;
  std::int64_t start = 0;  ///< clock ticks after boot; 0 where the system does not tell
  std::string boot_id{};   ///< "" where the system does not tell
  std::string host{};
};
process_identity this_process();

/// The start time in the text of /proc/PID/stat; 0 if it is not there. proc(5), field 22.
std::int64_t start_in_stat(std::string_view stat) noexcept;

}  // namespace ark::detail
