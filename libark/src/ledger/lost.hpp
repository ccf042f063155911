#pragma once
#include <ark/usage.hpp>

#include <cstdint>
#include <string>
#include <vector>

#include "ledger/sqlite.hpp"

/// Attempts that nobody will tell the outcome of.
namespace ark::detail {

/// An open attempt is lost when the process that began it is dead, or cannot be looked at (another
/// machine's, another boot's, another container's) and its lease is over. A batch at a vendor needs
/// no process: only its lease counts.
struct lost_attempt {
  std::int64_t sequence = 0;
  std::uint64_t attempt_id = 0;
  cost quote{};
  std::string why;  ///< for its note
};

enum class lost_among : std::uint8_t {
  all,       ///< every attempt, but for the oldest that are known to have outcomes
  reserved,  ///< those that hold something of a budget: quick
};
struct lost_attempts {
  std::vector<lost_attempt> lost;
  std::int64_t ended_before = 0;  ///< the mark that was used
  std::int64_t ended = 0;         ///< all attempts up to this one have an outcome, or are in `lost`
};
/// Reads only; holds no lock while it does.
result<lost_attempts> find_lost(sqlite::database& db, lost_among which, std::int64_t now_us);

}  // namespace ark::detail
