#pragma once
#include <chrono>
#include <cstdint>
#include <span>

#include "ledger/segment.hpp"
#include "ledger_pg/pg_connection.hpp"

/// Seals: one chain over all sessions' chains. A seal names a session's last segment and its hash,
/// and its own hash is over that and the seal before: what one seal says of the whole ledger cannot
/// be taken back. Made now and then and not with each commit, which would make all machines wait
/// for one row.
namespace ark::detail {

struct pg_seal {
  std::int64_t id = 0;
  std::int64_t at_us = 0;
  std::int64_t session = 0;
  segment_head end{};
};
/// SHA-256 over the hash before (zeros before the first) and all that the seal says.
digest hash_of(const pg_seal& of, const digest& before) noexcept;

/// The first seal, in the transaction that makes the tables: of the only segment of the chain 0,
/// which has no hashes of rows and says how many there were before the chain.
inline constexpr std::int64_t first_seal = 1;
result<void> put_first_seal(pg::connection& db, pg::deadline until);

/// The last seal; id 0 when there is none.
result<segment_head> read_last_seal(pg::connection& db, pg::deadline until);
/// The same in two steps, to be asked with other things.
void queue_last_seal(pg::connection& db);
result<segment_head> last_seal_in(pg::rows& answer);

/// Seals the ends of these sessions, as far as they have segments that no seal has, in a
/// transaction of its own. The answer is the last seal then.
result<segment_head> seal_sessions(pg::connection& db, std::span<const std::int64_t> sessions,
                                   std::int64_t at_us, pg::deadline until);
/// Those of sessions that fell silent, in the connection's transaction, 1000 at most.
result<void> seal_silent(pg::connection& db, std::chrono::milliseconds silence, std::int64_t at_us,
                         pg::deadline until);
/// A session that was not heard of for $1 ms; while the server was away nobody could be.
#define ARK_PG_SILENT_SINCE                                                         \
  "greatest(seen, pg_postmaster_start_time()) < clock_timestamp() - $1 * interval " \
  "'1 millisecond'"
/// Of all sessions that are not known to be over.
result<segment_head> seal_all(pg::connection& db, std::int64_t at_us, pg::deadline until);

}  // namespace ark::detail
