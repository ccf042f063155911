#pragma once
#include <array>
#include <cstdint>
#include <string>

#include "ledger/findings.hpp"
#include "ledger/sqlite.hpp"
#include "ledger/verify_rollup.hpp"
#include "ledger/verify_segments.hpp"

namespace ark::detail {

/// A part of the ledger for one thread.
struct verify_range {
  std::int64_t first = INT64_MIN, last = INT64_MAX;  ///< of intents and outcomes
  std::int64_t first_correction = INT64_MIN, last_correction = INT64_MAX;
  std::int64_t first_segment = 1, last_segment = 0;
};

/// Looks at every row of a range, once. Its connection holds a snapshot.
class row_verifier {
 public:
  row_verifier(sqlite::database& db, segment_marks& marks);
  row_verifier(const row_verifier&) = delete;
  row_verifier& operator=(const row_verifier&) = delete;
  result<void> run(const verify_range& range);

  findings found;
  recount sums;
  std::array<segment_matcher, row_kinds> matchers;
  std::array<std::int64_t, row_kinds> rows{};
  std::int64_t older_segments = 0;

 private:
  result<void> run_attempts(const verify_range& range);
  result<void> run_corrections(const verify_range& range);
  result<void> look_at(row_kind kind, row_stream& row);
  /// Moves on. A page that cannot be read ends the stream and is told.
  result<void> next(row_kind kind, row_stream& row);
  result<void> count(row_stream& intent, row_stream& outcome);
  result<void> open_current(const verify_range& range);
  result<void> next_current();

  sqlite::database& db_;
  sqlite::statement current_;  ///< corrections that count, in order of what they correct
  bool has_current_ = false;
};

}  // namespace ark::detail
