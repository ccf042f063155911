#include "ledger/salvage_copy.hpp"

/// What is left of the damaged file's chain.
namespace ark::detail {
namespace {

using finding = ledger_finding::kind;

/// The rows of one segment, as they were found.
class rows_by_segment {
 public:
  static result<rows_by_segment> open(sqlite::database& db) {
    auto query = db.prepare(
        "SELECT iif(segment = 0, 1 + (seq - 1) / 1024, segment) AS place, kind, seq, digest FROM "
        "temp.found_row ORDER BY place, kind, seq");
    static_assert(backfill_rows == 1024);
    if (!query) return query.error();
    rows_by_segment made(db, std::move(*query));
    if (auto first = made.next(); !first) return first.error();
    return made;
  }
  /// Rows of the segments before it are left behind.
  result<std::array<segment_rows, row_kinds>> of(std::int64_t segment) {
    std::array<segment_rows, row_kinds> rows;
    while (has_ && query_.integer(0) < segment)
      if (auto done = next(); !done) return done.error();
    while (has_ && query_.integer(0) == segment) {
      const auto is = digest_of_bytes(query_.bytes(3));
      if (is) rows[static_cast<std::size_t>(query_.integer(1))].add(query_.integer(2), *is);
      if (auto done = next(); !done) return done.error();
    }
    return rows;
  }

 private:
  rows_by_segment(sqlite::database& db, sqlite::statement query)
      : db_(&db), query_(std::move(query)) {}
  result<void> next() {
    const int code = query_.step();
    has_ = code == SQLITE_ROW;
    return has_ || code == SQLITE_DONE ? result<void>() : db_->last_error("read");
  }
  sqlite::database* db_;
  sqlite::statement query_;
  bool has_ = false;
};

found_segment segment_of(sqlite::statement& row) {
  found_segment read{.made = {.id = row.integer(0), .at_us = row.integer(1)}};
  for (std::size_t i = 0; i < row_kinds; ++i) {
    read.made.counts[i] = row.integer(2 + static_cast<int>(i));
    read.made.rows[i] = digest_of_bytes(row.bytes(5 + static_cast<int>(i)));
  }
  read.hash = digest_of_bytes(row.bytes(8)).value_or(digest{});
  return read;
}

/// True if all of the segment's rows are there, and are what they were.
bool compare_rows(const segment& made, std::array<segment_rows, row_kinds>& rows, findings& found) {
  bool good = true;
  for (const auto kind : {row_kind::intent, row_kind::outcome, row_kind::correction}) {
    const auto at = static_cast<std::size_t>(kind);
    const std::int64_t has = rows[at].count(), had = made.counts[at];
    const std::string where =
        std::string(table_of(kind)) + " rows of segment " + std::to_string(made.id);
    std::string text;
    if (has != had)
      text = std::to_string(has) + " of " + std::to_string(had) + " " + where + " were found";
    else if (had > 0 && made.rows[at] != rows[at].finish())
      text = "the " + where + " are not what they were";
    if (text.empty()) continue;
    good = false;
    found.add(finding::row, made.id, rows[at].first(), std::move(text));
  }
  return good;
}

std::string segments_text(std::int64_t first, std::int64_t last) {
  if (first == last) return "segment " + std::to_string(first) + " was";
  return "segments " + std::to_string(first) + " to " + std::to_string(last) + " were";
}

void tell_gone(std::int64_t first, std::int64_t last, findings& found) {
  if (first <= last)
    found.add(finding::segment, first, 0,
              segments_text(first, last) + " not found: how many rows they had is not known");
}

}  // namespace

result<bool> check_salvaged_chain(sqlite::database& db, ledger_salvage& told, findings& found) {
  auto rows = rows_by_segment::open(db);
  if (!rows) return rows.error();
  auto query = db.prepare("SELECT * FROM temp.found_segment ORDER BY id");
  if (!query) return query.error();
  std::optional<digest> before = digest{};
  std::int64_t next = 1;
  bool all = true;
  int code = SQLITE_ROW;
  while ((code = query->step()) == SQLITE_ROW) {
    const auto [made, hash] = segment_of(*query);
    tell_gone(next, made.id - 1, found);
    if (made.id > next) {
      before.reset();
      all = false;
    }
    // One that follows a gap can be told only by what is in it.
    const bool follows = !before || hash == hash_of(made, *before);
    if (!follows)
      found.add(finding::segment, made.id, 0,
                "segment " + std::to_string(made.id) + " does not follow the one before");
    auto has = rows->of(made.id);
    if (!has) return has.error();
    const bool whole = compare_rows(made, *has, found);
    told.good_segments += whole && follows && before ? 1 : 0;
    told.intents.recorded += made.counts[0];
    told.outcomes.recorded += made.counts[1];
    told.corrections.recorded += made.counts[2];
    if (told.anchor && told.anchor->segment == made.id && told.anchor->hash != to_hex(hash))
      found.add(finding::end, made.id, 0,
                "the anchor names another segment " + std::to_string(made.id) + " than was found");
    before = hash;
    next = made.id + 1;
    told.end = {.segment = made.id, .hash = to_hex(hash)};
  }
  if (code != SQLITE_DONE) return db.last_error("read");
  if (told.anchor && told.anchor->segment >= next) {
    tell_gone(next, told.anchor->segment, found);
    all = false;
  }
  told.segments = std::max(next - 1, told.anchor ? told.anchor->segment : 0);
  told.ends_at_anchor =
      told.anchor && told.anchor->segment == told.end.segment && told.anchor->hash == told.end.hash;
  return all && next > 1;
}

}  // namespace ark::detail
