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
  std::string pid_space{};  ///< containers of one machine count pids for themselves; "" as above
};
process_identity this_process();

/// The start time in the text of /proc/PID/stat; 0 if it is not there. proc(5), field 22.
std::int64_t start_in_stat(std::string_view stat) noexcept;

/// Whether the process still runs, as `here` can tell. `unknown`: another machine's, another boot's
/// or another container's, or the system does not say. A zombie writes nothing more: dead.
enum class liveness : std::uint8_t { alive, dead, unknown };
liveness liveness_of(const process_identity& who, const process_identity& here);

}  // namespace ark::detail
