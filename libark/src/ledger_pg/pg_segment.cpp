#include "ledger_pg/pg_segment.hpp"

namespace ark::detail {

digest chain_start(std::int64_t session) noexcept {
  sha256 sum;
  sum.add(session);
  return sum.finish();
}

void pg_chain::begin() {
  made_.reset();
  for (auto& rows : rows_) rows.clear();
  for (auto& rows : sealed_) rows.clear();
}

void pg_chain::seal(row& to, row_kind kind, std::uint64_t key) {
  making_.clear();
  making_.cells(to.cells());
  const digest made = making_.finish();
  to.integer(row_check(made));
  sealed_[static_cast<std::size_t>(kind)][key] = made;
}

pg::parameters pg_chain::place(pg::parameters rows) const {
  rows.integer(session_).integer(head_.id + 1);
  return rows;
}

void pg_chain::added(row_kind kind, std::uint64_t key, std::int64_t sequence) {
  const auto& sealed = sealed_[static_cast<std::size_t>(kind)];
  if (const auto known = sealed.find(key); known != sealed.end())
    rows_[static_cast<std::size_t>(kind)].add(sequence, known->second);
}

void pg_chain::queue(pg::connection& db, std::int64_t at_us) {
  sent_ = {.id = head_.id + 1, .at_us = at_us};
  bool any = false;
  for (std::size_t kind = 0; kind < row_kinds; ++kind) {
    sent_.counts[kind] = rows_[kind].count();
    if (sent_.counts[kind] == 0) continue;
    sent_.rows[kind] = rows_[kind].finish();
    any = true;
  }
  made_.reset();
  if (!any) return;
  made_ = segment_head{sent_.id, hash_of(sent_, head_.hash)};
  queue_segment(db, session_, sent_, made_->hash);
}

void queue_segment(pg::connection& db, std::int64_t session, const segment& made,
                   const digest& hash) {
  static const pg::statement insert = {
      "ark_segment",
      "INSERT INTO ark.segment(chain,id,at_us,intents,outcomes,corrections,intents_hash,"
      "outcomes_hash,corrections_hash,hash) VALUES($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)"};
  pg::parameters values;
  values.integer(session).integer(made.id).integer(made.at_us);
  for (const auto count : made.counts) values.integer(count);
  for (const auto& rows : made.rows) {
    if (rows)
      values.bytes(bytes_of(*rows));
    else
      values.null(pg::type::bytea);
  }
  values.bytes(bytes_of(hash));
  db.queue(insert, std::move(values));
}

}  // namespace ark::detail
