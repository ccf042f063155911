#include "ledger/backfill.hpp"

#include <array>
#include <utility>

#include "ledger/rollup.hpp"
#include "ledger/row_stream.hpp"
#include "ledger/segment.hpp"

namespace ark::detail {
namespace {

/// The rows of one table, a backfilled segment at a time.
class backfill_reader {
 public:
  static result<backfill_reader> open(sqlite::database& db, row_kind kind) {
    auto rows = row_stream::open(db, kind, INT64_MIN, INT64_MAX);
    if (!rows) return rows.error();
    backfill_reader made(std::move(*rows));
    if (auto first = made.rows_.next(); !first) return first.error();
    return made;
  }
  bool more() const noexcept { return rows_.is_row(); }
  /// The rows of segment `id`, for which the reader has come to its turn.
  result<segment_rows> take(std::int64_t id) {
    segment_rows taken;
    while (rows_.is_row() && backfill_segment(rows_.sequence()) == id) {
      taken.add(rows_.sequence(), rows_.digest_of_row());
      if (auto next = rows_.next(); !next) return next.error();
    }
    return taken;
  }

 private:
  explicit backfill_reader(row_stream rows) : rows_(std::move(rows)) {}
  row_stream rows_;
};

result<void> chain_rows(sqlite::database& db) {
  std::vector<backfill_reader> tables;
  for (const auto kind : {row_kind::intent, row_kind::outcome, row_kind::correction}) {
    auto opened = backfill_reader::open(db, kind);
    if (!opened) return opened.error();
    tables.push_back(std::move(*opened));
  }
  auto insert = db.prepare(insert_segment_sql);
  if (!insert) return insert.error();
  segment_head before;
  while (tables[0].more() || tables[1].more() || tables[2].more()) {
    // No time: it says that the rows are older than their segment.
    segment made{.id = before.id + 1};
    for (std::size_t kind = 0; kind < row_kinds; ++kind) {
      auto rows = tables[kind].take(made.id);
      if (!rows) return rows.error();
      made.counts[kind] = rows->count();
      if (rows->count() > 0) made.rows[kind] = rows->finish();
    }
    before = {made.id, hash_of(made, before.hash)};
    if (auto done = insert_segment(db, *insert, made, before.hash); !done) return done;
  }
  return {};
}

}  // namespace

result<void> fill_chain(sqlite::database& db) {
  if (auto done = chain_rows(db); !done) return done;
  return rebuild_rollups(db);
}

}  // namespace ark::detail
