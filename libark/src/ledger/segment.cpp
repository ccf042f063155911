#include "ledger/segment.hpp"

#include <algorithm>

namespace ark::detail {

std::string_view table_of(row_kind kind) noexcept {
  switch (kind) {
    case row_kind::intent:
      return "intent";
    case row_kind::outcome:
      return "outcome";
    case row_kind::correction:
      return "correction";
  }
  return "";
}

std::int64_t backfill_segment(std::int64_t sequence) noexcept {
  return sequence <= 0 ? 1 : 1 + (sequence - 1) / backfill_rows;
}

void segment_rows::add(segment_rows&& more) {
  rows_.insert(rows_.end(), more.rows_.begin(), more.rows_.end());
  more.clear();
}

std::int64_t segment_rows::first() const noexcept {
  const auto least = std::min_element(rows_.begin(), rows_.end(), [](const auto& a, const auto& b) {
    return a.sequence < b.sequence;
  });
  return least == rows_.end() ? 0 : least->sequence;
}

std::int64_t segment_rows::last() const noexcept {
  const auto most = std::max_element(rows_.begin(), rows_.end(), [](const auto& a, const auto& b) {
    return a.sequence < b.sequence;
  });
  return most == rows_.end() ? 0 : most->sequence;
}

digest segment_rows::finish() {
  const auto before = [](const sequenced& a, const sequenced& b) {
    return a.sequence < b.sequence;
  };
  if (!std::is_sorted(rows_.begin(), rows_.end(), before))
    std::sort(rows_.begin(), rows_.end(), before);
  sha256 sum;
  for (const auto& each : rows_) {
    sum.add(each.sequence);
    sum.add(bytes_of(each.row));
  }
  return sum.finish();
}

digest hash_of(const segment& of, const digest& before) noexcept {
  sha256 sum;
  sum.add(bytes_of(before));
  sum.add(of.id);
  sum.add(of.at_us);
  for (const auto count : of.counts) sum.add(count);
  for (const auto& rows : of.rows) {
    sum.add(std::string_view(rows ? "\1" : "\0", 1));
    if (rows) sum.add(bytes_of(*rows));
  }
  return sum.finish();
}

namespace {

/// Of a query of (id, hash).
result<segment_head> head_of(sqlite::database& db, sqlite::statement& query) {
  const int code = query.step();
  if (code == SQLITE_DONE) return segment_head{};
  if (code != SQLITE_ROW) return db.last_error("read");
  const auto hash = digest_of_bytes(query.bytes(1));
  if (!hash)
    return error{.code = errc::ledger,
                 .message = "the ledger " + db.path() +
                            " has a segment without a hash, so nothing "
                            "can follow it: `ark ledger verify` tells more"};
  return segment_head{query.integer(0), *hash};
}

constexpr std::string_view last_sql = "SELECT id, hash FROM segment ORDER BY id DESC LIMIT 1";

}  // namespace

result<segment_head> read_head(sqlite::database& db) {
  auto query = db.prepare(last_sql);
  if (!query) return query.error();
  return head_of(db, *query);
}

result<std::optional<digest>> read_hash(sqlite::database& db, std::int64_t id) {
  auto query = db.prepare("SELECT hash FROM segment WHERE id = ?");
  if (!query) return query.error();
  query->bind(1, id);
  const int code = query->step();
  if (code != SQLITE_ROW && code != SQLITE_DONE) return db.last_error("read");
  return code == SQLITE_ROW ? digest_of_bytes(query->bytes(0)) : std::optional<digest>{};
}

result<void> insert_segment(sqlite::database& db, sqlite::statement& insert, const segment& made,
                            const digest& hash) {
  insert.bind(1, made.id);
  insert.bind(2, made.at_us);
  for (std::size_t kind = 0; kind < row_kinds; ++kind) {
    const int at = static_cast<int>(kind);
    insert.bind(3 + at, made.counts[kind]);
    if (made.rows[kind]) insert.bind_bytes(6 + at, bytes_of(*made.rows[kind]));
  }
  insert.bind_bytes(9, bytes_of(hash));
  const int code = insert.step();
  result<void> done;
  if (code != SQLITE_DONE) done = db.last_error("record in");
  insert.reset();
  return done;
}

result<void> chain::prepare(sqlite::database& db) {
  db_ = &db;
  for (const auto& [into, sql] : {std::pair{&last_, last_sql}, {&insert_, insert_segment_sql}}) {
    auto made = db.prepare(sql, true);
    if (!made) return made.error();
    *into = std::move(*made);
  }
  return {};
}

result<void> chain::begin() {
  made_.reset();
  for (auto& rows : rows_) rows.clear();
  auto head = head_of(*db_, last_);
  last_.reset();
  if (!head) return head.error();
  before_ = *head;
  return {};
}

void chain::seal(row& to) {
  making_.clear();
  making_.cells(to.cells());
  sealed_ = making_.finish();
  to.integer(before_.id + 1);
  to.integer(row_check(sealed_));
}

void chain::added(row_kind kind, std::int64_t sequence) {
  rows_[static_cast<std::size_t>(kind)].add(sequence, sealed_);
}

result<void> chain::finish(std::int64_t at_us) {
  segment made{.id = before_.id + 1, .at_us = at_us};
  bool any = false;
  for (std::size_t kind = 0; kind < row_kinds; ++kind) {
    made.counts[kind] = rows_[kind].count();
    if (made.counts[kind] == 0) continue;
    made.rows[kind] = rows_[kind].finish();
    any = true;
  }
  if (!any) return {};
  const digest hash = hash_of(made, before_.hash);
  made_ = segment_head{made.id, hash};
  return insert_segment(*db_, insert_, made, hash);
}

}  // namespace ark::detail
