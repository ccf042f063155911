#include "ledger_pg/pg_verify.hpp"

#include "ledger/findings.hpp"
#include "ledger/verify.hpp"
#include "ledger_pg/pg_anchor.hpp"
#include "ledger_pg/pg_cursor.hpp"
#include "ledger_pg/pg_rollup.hpp"
#include "ledger_pg/pg_seal.hpp"
#include "ledger_pg/pg_verify_rows.hpp"
#include "os/os.hpp"

namespace ark::detail {
namespace {

using finding = ledger_finding::kind;
constexpr std::chrono::minutes question_limit{30};
/// For sorting the rows; more of them go through the server's temporary files.
constexpr const char* snapshot =
    "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY; SET LOCAL work_mem = '64MB'; "
    "SET LOCAL jit = off";

/// A pass over all rows.
constexpr std::chrono::hours sums_limit{2};
pg::deadline question_until() { return os::real().steady_now() + question_limit; }

std::string words_for(const ledger_head& seal) {
  return "seal " + std::to_string(seal.segment) + " with the hash " + seal.hash;
}

result<bool> has_seal(pg::connection& db, const ledger_head& head) {
  auto found = db.ask("SELECT 1 FROM ark.seal WHERE id = $1 AND encode(hash, 'hex') = $2",
                      pg::parameters().integer(head.segment).text(head.hash), question_until());
  if (!found) return found.error();
  return found->next();
}

result<void> check_noted_head(pg::connection& db, const ledger_head& noted, findings& found) {
  const auto has = has_seal(db, noted);
  if (!has) return has.error();
  if (!*has)
    found.add(finding::end, noted.segment, 0,
              "the ledger does not have " + words_for(noted) +
                  ": its end was cut off, or what is before was changed");
  return {};
}

std::string name_of(const chain_place& place) {
  const std::string with = " with the hash " + to_hex(place.head.hash);
  return place.session == 0 ? words_for(public_head(place.head))
                            : text_of({place.session, place.head.id}) + with;
}

/// How many segments this machine's sessions have that the anchor does not know of.
result<std::int64_t> segments_behind(pg::connection& db, const pg_anchor_content& anchor) {
  pg::column sessions(pg::type::int8), ends(pg::type::int8);
  for (const auto& [session, head] : anchor.sessions) {
    sessions.add(session);
    ends.add(head.id);
  }
  auto found = db.ask(
      "SELECT count(*) FROM unnest($1::int8[], $2::int8[]) AS g(chain, id) JOIN ark.segment s ON "
      "s.chain = g.chain AND s.id > g.id",
      pg::parameters().array(sessions).array(ends), question_until());
  if (!found) return found.error();
  found->next();
  return found->integer(0);
}

result<void> check_anchor(pg::connection& db, const pg_anchor_content& anchor, ledger_check& answer,
                          findings& found) {
  answer.anchor = public_head(anchor.seal);
  for (const auto& lost : anchor.lost)
    found.add(finding::end, lost.head.id, 0,
              "the ledger once had " + name_of(lost) + " and later did not have it any more");
  if (anchor.since > 0)
    found.add(finding::anchor, anchor.since, 0,
              "this machine's anchor was made when seal " + std::to_string(anchor.since) +
                  " was the last: whether anything behind it was cut off before is not known");
  const auto missing = missing_places(db, anchor, question_until());
  if (!missing) return missing.error();
  for (const auto& place : *missing)
    found.add(finding::end, place.head.id, 0,
              "the ledger's end was cut off or lost: it had " + name_of(place));
  const auto behind = segments_behind(db, anchor);
  if (!behind) return behind.error();
  answer.anchor_behind = *behind;
  return {};
}

/// Read before the snapshot is made: writers move it after each commit.
struct server_anchor_seen {
  std::optional<pg_anchor_content> content{};
  std::string trouble{};
};
server_anchor_seen look_at_anchor_of_server(const std::string& file) {
  result<std::optional<pg_anchor_content>> content = std::optional<pg_anchor_content>();
  if (!file.empty()) content = read_pg_anchor(file);
  if (!content) return {.trouble = content.error().message};
  if (*content) return {.content = std::move(*content)};
  return {.trouble = "there is no anchor" + (file.empty() ? std::string() : " " + file) +
                     " on this machine: whether the ledger's end was cut off is not known, unless "
                     "you noted its head elsewhere and give it"};
}

result<void> check_end_of_server(pg::connection& db, const server_anchor_seen& seen,
                                 const ledger_verify_options& options, ledger_check& answer,
                                 findings& found) {
  if (options.head)
    if (auto done = check_noted_head(db, *options.head, found); !done) return done;
  if (seen.content) return check_anchor(db, *seen.content, answer, found);
  if (!options.head) found.add(finding::anchor, 0, 0, seen.trouble);
  return {};
}

struct stored_seal {
  pg_seal seal;
  std::optional<digest> hash;
  bool is_true = false;  ///< the segment that it names is there, as it was
};
stored_seal read_seal(pg::rows& row) {
  return {.seal = {.id = row.integer(0),
                   .at_us = row.integer(1),
                   .session = row.integer(2),
                   .end = {row.integer(3), digest_of_hex(row.text(4)).value_or(digest{})}},
          .hash = digest_of_hex(row.text(5)),
          .is_true = row.integer(6) != 0};
}

/// Each seal follows the one before, and what it names is there.
result<void> check_seals(pg::connection& db, ledger_check& answer, findings& found) {
  auto all = pg::cursor::open(
      db, "seals",
      "SELECT l.id,l.at_us,l.chain,l.segment,encode(l.segment_hash,'hex'),encode(l.hash,'hex'),"
      "(s.hash IS NOT DISTINCT FROM l.segment_hash)::int FROM ark.seal l LEFT JOIN ark.segment s "
      "ON s.chain = l.chain AND s.id = l.segment ORDER BY l.id");
  if (!all) return all.error();
  std::optional<digest> before = digest{};
  std::int64_t wanted = 1;
  for (;;) {
    const auto there = all->next();
    if (!there) return there.error();
    if (!*there) return {};
    const stored_seal s = read_seal(all->row());
    const std::string number = std::to_string(s.seal.id);
    if (s.seal.id > wanted)
      found.add(finding::segment, 0, 0,
                "seals are gone: " + std::to_string(wanted) +
                    (s.seal.id - 1 > wanted ? " to " + std::to_string(s.seal.id - 1) : ""));
    else if (s.seal.id < wanted || (before && s.hash != hash_of(s.seal, *before)))
      found.add(finding::segment, 0, 0,
                "seal " + number + " does not follow the one before, or was changed");
    if (!s.is_true)
      found.add(finding::segment, s.seal.end.id, 0,
                text_of({s.seal.session, s.seal.end.id}) + " is gone or was changed: seal " +
                    number + " names it");
    before = s.hash;
    wanted = s.seal.id + 1;
    answer.head = public_head({s.seal.id, s.hash.value_or(digest{})});
  }
}

result<void> check_rows_of_server(pg::connection& db, ledger_check& answer, findings& found) {
  pg_row_verifier all(db, found);
  if (auto done = all.run(); !done) return done;
  answer.intents = all.rows[0];
  answer.outcomes = all.rows[1];
  answer.corrections = all.rows[2];
  answer.segments = all.segments;
  answer.unchained = all.unchained_rows;
  return {};
}

result<void> check_pairs(pg::connection& db, findings& found) {
  auto alone = pg::cursor::open(
      db, "alone",
      "SELECT o.seq FROM ark.outcome o LEFT JOIN ark.intent i ON i.seq = o.seq WHERE i.seq IS NULL "
      "ORDER BY o.seq");
  if (!alone) return alone.error();
  for (;;) {
    const auto there = alone->next();
    if (!there) return there.error();
    if (!*there) return {};
    const std::int64_t sequence = alone->row().integer(0);
    found.add(finding::row, 0, sequence,
              "entry " + std::to_string(sequence) + " has an outcome and no intent");
  }
}

result<ledger_check> verify_snapshot(pg::connection& db, const server_anchor_seen& seen,
                                     const ledger_verify_options& options) {
  ledger_check answer;
  findings found;
  if (auto done = check_end_of_server(db, seen, options, answer, found); !done) return done.error();
  if (auto done = check_seals(db, answer, found); !done) return done.error();
  if (auto done = check_rows_of_server(db, answer, found); !done) return done.error();
  if (auto done = check_pairs(db, found); !done) return done.error();
  // The server makes all sums again, from all rows.
  const auto sums = verify_rollups(db, found, os::real().steady_now() + sums_limit);
  if (!sums) return sums.error();
  answer.sums = *sums;
  std::move(found).give(answer);
  return answer;
}

}  // namespace

result<ledger_check> pg_verify(pg::connection& db, const std::string& anchor_file,
                               const ledger_verify_options& options) {
  if (options.pages)
    return error{.code = errc::unsupported,
                 .message =
                     "pages are a file's: a PostgreSQL server's own files are checked there, "
                     "with data checksums and pg_amcheck; leave out --pages"};
  const server_anchor_seen seen = look_at_anchor_of_server(anchor_file);
  if (auto begun = db.script(snapshot, question_until()); !begun) return begun.error();
  auto answer = verify_snapshot(db, seen, options);
  if (!db.lost())
    if (auto ended = db.recover(question_until()); !ended && answer) return ended.error();
  return answer;
}

}  // namespace ark::detail
