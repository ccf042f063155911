#include "ledger/verify.hpp"

#include <algorithm>
#include <memory>
#include <thread>
#include <vector>

#include "ledger/anchor.hpp"
#include "ledger/file.hpp"
#include "ledger/verify_rows.hpp"

namespace ark::detail {
namespace {

using kind = ledger_finding::kind;
constexpr int threads_max = 8;
/// A thread is not worth less.
constexpr std::int64_t rows_a_thread = 20'000;
/// A byte is held for each.
constexpr std::int64_t segments_max = 1'000'000'000;
constexpr int snapshot_tries = 1000;

/// A connection with a snapshot, and its thread's work.
struct worker {
  sqlite::database db;
  verify_range range{};
  std::unique_ptr<row_verifier> rows{};
  result<void> done{};
};

result<std::int64_t> head_id(sqlite::database& db) {
  return db.integer("SELECT max(id) FROM segment");
}

/// Connections that see the ledger after one and the same transaction. Writers go on meanwhile, so
/// it may take more than one try.
result<std::vector<worker>> open_workers(const std::string& path,
                                         std::chrono::milliseconds busy_limit, int count) {
  std::vector<worker> workers;
  for (int i = 0; i < count; ++i) {
    auto db = open_readable(path, busy_limit);
    if (!db) return db.error();
    workers.push_back({.db = std::move(*db)});
  }
  for (int tries = 0; tries < snapshot_tries; ++tries) {
    std::vector<std::int64_t> heads;
    for (auto& w : workers) {
      if (auto begun = w.db.run("BEGIN"); !begun) return begun.error();
      const auto head = head_id(w.db);
      if (!head) return head.error();
      heads.push_back(*head);
    }
    if (std::count(heads.begin(), heads.end(), heads.front()) == count) return workers;
    for (auto& w : workers)
      if (auto ended = w.db.run("COMMIT"); !ended) return ended.error();
  }
  return error{.code = errc::ledger,
               .message = "the ledger " + path + " is written to without a pause: try again"};
}

/// The i-th of n equal parts of [first, last].
std::pair<std::int64_t, std::int64_t> part_of(std::int64_t first, std::int64_t last, int i, int n) {
  const __int128 size = static_cast<__int128>(last) - first + 1;
  return {static_cast<std::int64_t>(first + size * i / n),
          static_cast<std::int64_t>(first + size * (i + 1) / n - 1)};
}

result<void> divide(std::vector<worker>& workers, std::int64_t head) {
  auto& db = workers.front().db;
  const auto first = db.integer("SELECT min(seq) FROM intent");
  const auto last = db.integer("SELECT max(seq) FROM intent");
  const auto last_correction = db.integer("SELECT max(seq) FROM correction");
  for (const auto* each : {&first, &last, &last_correction})
    if (!*each) return each->error();
  const int n = static_cast<int>(workers.size());
  for (int i = 0; i < n; ++i) {
    auto& r = workers[static_cast<std::size_t>(i)].range;
    std::tie(r.first, r.last) = part_of(*first, *last, i, n);
    std::tie(r.first_correction, r.last_correction) = part_of(1, *last_correction, i, n);
    std::tie(r.first_segment, r.last_segment) = part_of(1, head, i, n);
  }
  // What lies outside of what should be there is looked at too.
  auto& begin = workers.front().range;
  auto& end = workers.back().range;
  begin.first = begin.first_correction = INT64_MIN;
  end.last = end.last_correction = INT64_MAX;
  return {};
}

void work(worker& w, segment_marks& marks) {
  w.done = walk_chain(w.db, w.range.first_segment, w.range.last_segment, marks, w.rows->found,
                      w.rows->older_segments);
  if (w.done) w.done = w.rows->run(w.range);
}

result<void> run(std::vector<worker>& workers, segment_marks& marks) {
  for (auto& w : workers) w.rows = std::make_unique<row_verifier>(w.db, marks);
  std::vector<std::thread> threads;
  for (std::size_t i = 1; i < workers.size(); ++i)
    threads.emplace_back([&w = workers[i], &marks] { work(w, marks); });
  work(workers.front(), marks);
  for (auto& t : threads) t.join();
  for (const auto& w : workers)
    if (!w.done) return w.done;
  return {};
}

/// What the threads could not finish alone.
void merge(std::vector<worker>& workers, const segment_marks& marks, ledger_check& answer) {
  row_verifier& into = *workers.front().rows;
  for (std::size_t i = 1; i < workers.size(); ++i) {
    row_verifier& from = *workers[i].rows;
    into.found.add(std::move(from.found));
    into.sums.take(std::move(from.sums.lines()));
    into.older_segments += from.older_segments;
    for (std::size_t k = 0; k < row_kinds; ++k) {
      into.rows[k] += from.rows[k];
      into.matchers[k].take(std::move(from.matchers[k].waiting()));
    }
  }
  for (auto& matcher : into.matchers) matcher.tell_incomplete();
  tell_missing(marks, into.found);
  answer.intents = into.rows[0];
  answer.outcomes = into.rows[1];
  answer.corrections = into.rows[2];
  answer.segments = marks.head();
  answer.older = into.older_segments;
}

result<void> check_rows(std::vector<worker>& workers, std::int64_t head, ledger_check& answer,
                        findings& found) {
  segment_marks marks(head);
  if (auto divided = divide(workers, head); !divided) return divided;
  if (auto done = run(workers, marks); !done) return done;
  merge(workers, marks, answer);
  row_verifier& all = *workers.front().rows;
  const auto compared = compare_rollups(workers.front().db, std::move(all.sums.lines()), all.found);
  if (!compared) return compared.error();
  answer.sums = *compared;
  found.add(std::move(all.found));
  return {};
}

std::string name_of(const ledger_head& head) {
  return "segment " + std::to_string(head.segment) + " with the hash " + head.hash;
}

/// Whether the snapshot has that head.
result<bool> has_head(sqlite::database& db, const ledger_head& head) {
  if (head.segment == 0) return true;
  const auto hash = read_hash(db, head.segment);
  if (!hash) return hash.error();
  return *hash && to_hex(**hash) == head.hash;
}

result<void> check_named_head(sqlite::database& db, const ledger_head& named, findings& found) {
  const auto has = has_head(db, named);
  if (!has) return has.error();
  if (!*has)
    found.add(kind::end, named.segment, 0,
              "the ledger does not have " + name_of(named) +
                  ": its end was cut off, or what is before was changed");
  return {};
}

result<void> check_anchor(sqlite::database& db, const anchor_content& anchor, ledger_check& answer,
                          findings& found) {
  const ledger_head end = public_head(anchor.head);
  answer.anchor = end;
  for (const auto& lost : anchor.lost)
    found.add(kind::end, lost.id, 0,
              "the ledger once ended with " + name_of(public_head(lost)) +
                  " and later did not have it any more; entries were recorded since");
  if (anchor.since > 0)
    found.add(kind::anchor, anchor.since, 0,
              "the anchor was made anew when segment " + std::to_string(anchor.since) +
                  " was the last: whether anything behind it was cut off before is not known");
  const auto has = has_head(db, end);
  if (!has) return has.error();
  if (!*has)
    found.add(kind::end, end.segment, 0,
              "the ledger's end was cut off or lost: it ended with " + name_of(end) +
                  ". After a power cut that may be the last moments, unless its durability is "
                  "full; else somebody removed them");
  else
    answer.anchor_behind = answer.head.segment - end.segment;
  return {};
}

/// Read before the snapshot is made: a writer moves it after each commit.
struct anchor_seen {
  std::optional<anchor_content> content{};
  std::string trouble{};
};
anchor_seen look_at_anchor(const std::string& file) {
  auto content = read_anchor(file);
  if (!content) return {.trouble = content.error().message};
  if (*content) return {.content = std::move(*content)};
  return {.trouble = "there is no anchor " + file +
                     ": whether the ledger's end was cut off is not known, unless you noted its "
                     "head elsewhere and give it"};
}

result<void> check_end(sqlite::database& db, const anchor_seen& seen,
                       const ledger_verify_options& options, ledger_check& answer,
                       findings& found) {
  if (options.head)
    if (auto done = check_named_head(db, *options.head, found); !done) return done;
  if (seen.content) return check_anchor(db, *seen.content, answer, found);
  // A head that was noted elsewhere does what an anchor does.
  if (!options.head) found.add(kind::anchor, 0, 0, seen.trouble);
  return {};
}

result<void> check_pages(sqlite::database& db, findings& found) {
  auto query = db.prepare("PRAGMA integrity_check(100)");
  if (!query) return query.error();
  int code = SQLITE_ROW;
  while ((code = query->step()) == SQLITE_ROW)
    if (query->text(0) != "ok")
      found.add(kind::page, 0, 0, "SQLite: " + std::string(query->text(0)));
  if (code != SQLITE_DONE) return db.last_error("read");
  return {};
}

int threads_for(int wanted, std::int64_t rows) {
  const int can = std::clamp(
      wanted > 0 ? wanted : static_cast<int>(std::thread::hardware_concurrency()), 1, threads_max);
  return static_cast<int>(std::clamp<std::int64_t>(rows / rows_a_thread, 1, can));
}

result<std::int64_t> rows_about(const std::string& path, std::chrono::milliseconds busy_limit) {
  auto db = open_readable(path, busy_limit);
  if (!db) return db.error();
  return db->integer("SELECT max(seq) FROM intent");
}

}  // namespace

ledger_head public_head(const segment_head& head) {
  return {.segment = head.id, .hash = head.id == 0 ? "" : to_hex(head.hash)};
}

result<ledger_check> verify_ledger(const std::string& path, const std::string& anchor_file,
                                   std::chrono::milliseconds busy_limit,
                                   const ledger_verify_options& options) {
  const auto about = rows_about(path, busy_limit);
  if (!about) return about.error();
  const anchor_seen seen = look_at_anchor(anchor_file);
  auto workers = open_workers(path, busy_limit, threads_for(options.threads, *about));
  if (!workers) return workers.error();
  auto& db = workers->front().db;
  const auto last = head_id(db);
  if (!last) return last.error();
  if (*last < 0 || *last > segments_max)
    return error{.code = errc::ledger,
                 .message = "the ledger's last segment has the number " + std::to_string(*last) +
                            ", which no ledger has: its table of segments was changed"};
  ledger_check answer;
  findings found;
  if (*last > 0) {
    const auto hash = read_hash(db, *last);
    if (!hash) return hash.error();
    answer.head = public_head({*last, hash->value_or(digest{})});
  }
  if (auto done = check_end(db, seen, options, answer, found); !done) return done.error();
  if (auto done = check_rows(*workers, *last, answer, found); !done) return done.error();
  if (options.pages)
    if (auto done = check_pages(db, found); !done) return done.error();
  std::move(found).give(answer);
  return answer;
}

}  // namespace ark::detail
