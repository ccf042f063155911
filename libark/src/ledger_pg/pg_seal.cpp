#include "ledger_pg/pg_seal.hpp"

#include <string>
#include <vector>

#include "ledger_pg/pg_batch.hpp"
#include "ledger_pg/pg_segment.hpp"

namespace ark::detail {
namespace {

/// Held for two rounds by whoever adds seals.
constexpr const char* seal_lock = "SELECT pg_advisory_xact_lock(1095912268, 4)";
constexpr const char* last_seal =
    "SELECT id, encode(hash, 'hex') FROM ark.seal ORDER BY id DESC LIMIT 1";
constexpr int seals_a_transaction = 1000;

std::string unsealed(const char* which) {
  return "SELECT s.id, g.id, encode(g.hash, 'hex') FROM " + std::string(which) +
         " CROSS JOIN LATERAL (SELECT x.id, x.hash FROM ark.segment x WHERE x.chain = s.id ORDER "
         "BY x.id DESC LIMIT 1) g WHERE g.id > coalesce((SELECT max(l.segment) FROM ark.seal l "
         "WHERE l.chain = s.id), 0) ORDER BY s.id LIMIT " +
         std::to_string(seals_a_transaction);
}

/// How many it added, and the last seal.
struct added_seals {
  int count = 0;
  segment_head last{};
};

added_seals put_seals(pg::connection& db, const segment_head& before, pg::rows& ends,
                      std::int64_t at_us) {
  added_seals made{.last = before};
  pg::batch rows({{"id", pg::type::int8},
                  {"chain", pg::type::int8},
                  {"segment", pg::type::int8},
                  {"segment_hash", pg::type::text},
                  {"hash", pg::type::text}},
                 {});
  while (ends.next()) {
    const auto hash = digest_of_hex(ends.text(2));
    if (!hash) continue;  // verify tells of it
    const pg_seal seal{.id = made.last.id + 1,
                       .at_us = at_us,
                       .session = ends.integer(0),
                       .end = {ends.integer(1), *hash}};
    made.last = {seal.id, hash_of(seal, made.last.hash)};
    const std::string of = to_hex(seal.end.hash), own = to_hex(made.last.hash);
    const cell cells[] = {pg::number_cell(seal.id), pg::number_cell(seal.session),
                          pg::number_cell(seal.end.id), pg::text_cell(of), pg::text_cell(own)};
    rows.add({}, cells);
    ++made.count;
  }
  if (made.count > 0) {
    const std::string sql =
        "INSERT INTO ark.seal(id,at_us,chain,segment,segment_hash,hash) SELECT g.id,$6,g.chain,"
        "g.segment,decode(g.segment_hash,'hex'),decode(g.hash,'hex') FROM " +
        rows.source() + " ORDER BY g.n";
    const auto owner = std::make_shared<pg::batch>(std::move(rows));
    pg::parameters values = owner->arrays();
    values.integer(at_us);
    db.queue(sql, std::move(values), owner);
  }
  return made;
}

/// In the connection's transaction; what is to be added waits for the next flush.
result<added_seals> queue_seals(pg::connection& db, const std::string& query, pg::parameters with,
                                std::int64_t at_us, pg::deadline until) {
  db.queue(seal_lock);
  db.queue(last_seal);
  db.queue(query, std::move(with));
  auto answers = db.flush(until);
  if (!answers) return answers.error();
  pg::rows& ends = answers->back();
  const auto before = last_seal_in((*answers)[answers->size() - 2]);
  if (!before) return before.error();
  return put_seals(db, *before, ends, at_us);
}

/// A transaction of its own, until one finds nothing more.
result<segment_head> seal(pg::connection& db, const std::string& query,
                          std::span<const std::int64_t> sessions, std::int64_t at_us,
                          pg::deadline until) {
  for (;;) {
    pg::column ids(pg::type::int8);
    for (const auto id : sessions) ids.add(id);
    db.queue("BEGIN");
    auto made = queue_seals(
        db, query, sessions.empty() ? pg::parameters() : pg::parameters().array(ids), at_us, until);
    if (made) {
      db.queue("COMMIT");
      if (auto done = db.flush(until); !done) made = done.error();
    }
    if (!made) {
      if (!db.lost()) static_cast<void>(db.recover(until));
      return made.error();
    }
    if (made->count < seals_a_transaction) return made->last;
  }
}

}  // namespace

digest hash_of(const pg_seal& of, const digest& before) noexcept {
  sha256 sum;
  sum.add(bytes_of(before));
  sum.add(of.id);
  sum.add(of.at_us);
  sum.add(of.session);
  sum.add(of.end.id);
  sum.add(bytes_of(of.end.hash));
  return sum.finish();
}

result<void> put_first_seal(pg::connection& db, pg::deadline until) {
  auto found = db.ask(
      "SELECT (SELECT count(*) FROM ark.intent), (SELECT count(*) FROM ark.outcome), "
      "(SELECT count(*) FROM ark.correction)",
      {}, until);
  if (!found) return found.error();
  found->next();
  segment made{.id = 1};
  for (std::size_t kind = 0; kind < row_kinds; ++kind)
    made.counts[kind] = found->integer(static_cast<int>(kind));
  const digest hash = hash_of(made, chain_start(0));
  const digest sealed = hash_of(pg_seal{.id = first_seal, .end = {made.id, hash}}, digest{});
  queue_segment(db, 0, made, hash);
  db.queue("INSERT INTO ark.seal(id,at_us,chain,segment,segment_hash,hash) VALUES($1,0,0,$2,$3,$4)",
           pg::parameters()
               .integer(first_seal)
               .integer(made.id)
               .bytes(bytes_of(hash))
               .bytes(bytes_of(sealed)));
  auto done = db.flush(until);
  if (!done) return done.error();
  return {};
}

void queue_last_seal(pg::connection& db) { db.queue(last_seal); }

result<segment_head> last_seal_in(pg::rows& row) {
  if (!row.next()) return segment_head{};
  const auto hash = digest_of_hex(row.text(1));
  if (!hash)
    return error{.code = errc::ledger,
                 .message =
                     "the ledger's last seal has no hash, so nothing can follow it: `ark "
                     "ledger verify` tells more"};
  return segment_head{row.integer(0), *hash};
}

result<segment_head> read_last_seal(pg::connection& db, pg::deadline until) {
  queue_last_seal(db);
  auto found = db.flush(until);
  if (!found) return found.error();
  return last_seal_in(found->back());
}

result<segment_head> seal_sessions(pg::connection& db, std::span<const std::int64_t> sessions,
                                   std::int64_t at_us, pg::deadline until) {
  if (sessions.empty()) return read_last_seal(db, until);
  return seal(db, unsealed("(SELECT DISTINCT unnest($1::int8[]) AS id) s"), sessions, at_us, until);
}

result<void> seal_silent(pg::connection& db, std::chrono::milliseconds silence, std::int64_t at_us,
                         pg::deadline until) {
  static const std::string query =
      unsealed("(SELECT id FROM ark.session WHERE NOT swept AND " ARK_PG_SILENT_SINCE ") s");
  const auto made = queue_seals(db, query, pg::parameters().integer(silence.count()), at_us, until);
  if (!made) return made.error();
  if (made->count == 0) return {};
  if (auto done = db.flush(until); !done) return done.error();
  return {};
}

result<segment_head> seal_all(pg::connection& db, std::int64_t at_us, pg::deadline until) {
  return seal(db, unsealed("(SELECT id FROM ark.session WHERE NOT swept) s"), {}, at_us, until);
}

}  // namespace ark::detail
