#include "ledger/verify_segments.hpp"

#include <string>

namespace ark::detail {
namespace {

using kind = ledger_finding::kind;

std::string rows_text(row_kind of, std::int64_t count) {
  return std::to_string(count) + " " + std::string(table_of(of)) + (count == 1 ? " row" : " rows");
}

/// "17", or "17 to 30".
std::string range_text(std::int64_t first, std::int64_t last) {
  return std::to_string(first) + (last > first ? " to " + std::to_string(last) : "");
}

}  // namespace

result<void> segment_matcher::prepare() {
  const std::string table(table_of(kind_));
  auto query =
      db_.prepare("SELECT " + table + "s, " + table + "s_hash FROM segment WHERE id = ?", true);
  if (!query) return query.error();
  query_ = std::move(*query);
  return {};
}

result<void> segment_matcher::add(std::int64_t segment, std::int64_t sequence, const digest& row) {
  auto into = waiting_for(segment, sequence);
  if (!into) return into.error();
  if (*into == nullptr) return {};
  (*into)->rows.add(sequence, row);
  if ((*into)->rows.count() != (*into)->expected) return {};
  compare(segment, **into);
  waiting_.erase(segment);
  return {};
}

/// Null: there is no such segment, which is told.
result<waiting_rows*> segment_matcher::waiting_for(std::int64_t segment, std::int64_t sequence) {
  const auto known = waiting_.find(segment);
  if (known != waiting_.end()) return &known->second;
  waiting_rows made;
  bool is_there = false;
  if (segment >= 1 && segment <= marks_.head()) {
    query_.bind(1, segment);
    const int code = query_.step();
    if (code != SQLITE_ROW && code != SQLITE_DONE) return db_.last_error("read");
    is_there = code == SQLITE_ROW;
    if (is_there) {
      made.expected = query_.integer(0);
      made.stored = digest_of_bytes(query_.bytes(1));
    }
    query_.reset();
  }
  if (!is_there || made.expected <= 0) {
    found_.add(kind::row, segment, sequence,
               "the " + std::string(table_of(kind_)) + " of entry " + std::to_string(sequence) +
                   " was added to segment " + std::to_string(segment) +
                   (is_there ? ", which has none" : ", which is not there"));
    return static_cast<waiting_rows*>(nullptr);
  }
  return &waiting_.emplace(segment, std::move(made)).first->second;
}

void segment_matcher::compare(std::int64_t segment, waiting_rows& whole) {
  marks_.deal_with(segment, kind_);
  const std::int64_t first = whole.rows.first(), last = whole.rows.last();
  if (whole.stored == whole.rows.finish()) return;
  found_.add(kind::row, segment, first,
             "the " + std::string(table_of(kind_)) + " rows " + range_text(first, last) +
                 " of segment " + std::to_string(segment) + " are not those that were recorded");
}

void segment_matcher::take(waiting_segments&& from_another) {
  for (auto& [segment, part] : from_another) {
    auto [own, made] = waiting_.try_emplace(segment, std::move(part));
    if (!made) own->second.rows.add(std::move(part.rows));
    if (own->second.rows.count() != own->second.expected || marks_.is_dealt_with(segment, kind_))
      continue;
    compare(segment, own->second);
    waiting_.erase(own);
  }
  from_another.clear();
}

void segment_matcher::tell_incomplete() {
  for (auto& [segment, part] : waiting_) {
    // It was whole before these came.
    const bool added = marks_.is_dealt_with(segment, kind_);
    marks_.deal_with(segment, kind_);
    const std::int64_t first = part.rows.first(), last = part.rows.last();
    const std::string where = " of segment " + std::to_string(segment);
    if (added || part.rows.count() > part.expected)
      found_.add(kind::row, segment, first,
                 "the " + std::string(table_of(kind_)) + " rows " + range_text(first, last) +
                     where + " were added later");
    else
      found_.add(kind::row, segment, first,
                 rows_text(kind_, part.expected - part.rows.count()) + where +
                     " are gone; there are " + range_text(first, last));
  }
  waiting_.clear();
}

namespace {

struct chain_row {
  segment made;
  std::optional<digest> hash;
};

chain_row read_segment(sqlite::statement& row) {
  chain_row read{.made = {.id = row.integer(0), .at_us = row.integer(1)},
                 .hash = digest_of_bytes(row.bytes(8))};
  for (std::size_t i = 0; i < row_kinds; ++i) {
    read.made.counts[i] = row.integer(2 + static_cast<int>(i));
    read.made.rows[i] = digest_of_bytes(row.bytes(5 + static_cast<int>(i)));
  }
  return read;
}

void expect_rows(const segment& made, segment_marks& marks) {
  for (const auto of : {row_kind::intent, row_kind::outcome, row_kind::correction})
    if (made.counts[static_cast<std::size_t>(of)] > 0) marks.expect(made.id, of);
}

}  // namespace

result<void> walk_chain(sqlite::database& db, std::int64_t from, std::int64_t to,
                        segment_marks& marks, findings& found, std::int64_t& older) {
  std::optional<digest> before = digest{};
  if (from > 1) {
    const auto hash = read_hash(db, from - 1);
    if (!hash) return hash.error();
    before = *hash;
  }
  auto query = db.prepare(
      "SELECT id,at_us,intents,outcomes,corrections,intents_hash,outcomes_hash,corrections_hash,"
      "hash FROM segment WHERE id BETWEEN ? AND ? ORDER BY id");
  if (!query) return query.error();
  // What lies before the first is not the ledger's.
  query->bind(1, from > 1 ? from : INT64_MIN);
  query->bind(2, to);
  std::int64_t next = from;
  int code = SQLITE_ROW;
  while ((code = query->step()) == SQLITE_ROW) {
    const chain_row row = read_segment(*query);
    if (row.made.id < from) {
      found.add(kind::segment, row.made.id, 0, "a segment was added before the first");
      continue;
    }
    if (row.made.id > next)
      found.add(kind::segment, next, 0, "segments are gone: " + range_text(next, row.made.id - 1));
    // What a segment that is gone said is told already; the next one cannot be compared.
    else if (before && row.hash != hash_of(row.made, *before))
      found.add(kind::segment, row.made.id, 0,
                "segment " + std::to_string(row.made.id) +
                    " does not follow the one before, or was changed");
    expect_rows(row.made, marks);
    older += row.made.at_us == 0 ? 1 : 0;
    before = row.hash;
    next = row.made.id + 1;
  }
  if (code != SQLITE_DONE) return db.last_error("read");
  if (next <= to) found.add(kind::segment, next, 0, "segments are gone: " + range_text(next, to));
  return {};
}

void tell_missing(const segment_marks& marks, findings& found) {
  for (std::int64_t id = 1; id <= marks.head(); ++id)
    for (const auto of : {row_kind::intent, row_kind::outcome, row_kind::correction})
      if (marks.is_missing(id, of))
        found.add(kind::row, id, 0,
                  "all " + std::string(table_of(of)) + " rows of segment " + std::to_string(id) +
                      " are gone");
}

}  // namespace ark::detail
