#include "ledger/writer.hpp"

#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <ark/version.hpp>
#include <thread>

#include "ledger/file.hpp"
#include "ledger/record.hpp"
#include "ledger/schema.hpp"
#include "os/os.hpp"

namespace ark::detail {
namespace {

constexpr off_t log_left_behind_bytes_max = 1 << 20;
/// 8 MB: half the checkpoints of the default and a log that still fits the cache.
constexpr int pages_a_checkpoint = 2000;
/// About 100 ms: whoever has the turn for longer is stopped, or gone with a child that lives.
constexpr int turn_waits_max = 1000;

std::chrono::microseconds turn_wait(std::uint64_t noise) {
  return std::chrono::microseconds(50 + noise % 100);
}

std::string_view synchronous_of(durability how) {
  switch (how) {
    case durability::power:
      return "FULL";
    case durability::process:
      return "NORMAL";
    case durability::off:
      return "OFF";
  }
  return "FULL";
}

std::int64_t now_us() { return to_us(os::real().wall_now()); }

}  // namespace

result<std::unique_ptr<writer>> writer::open(writer_options options) {
  std::unique_ptr<writer> made(new writer(std::move(options)));
  auto db = open_writable(made->options_.path, made->options_.busy_limit);
  if (!db) return db.error();
  made->db_ = std::move(*db);
  if (auto ready = made->prepare(); !ready) return ready.error();
  return made;
}

writer::~writer() {
  if (!db_ || process_ != ::getpid()) return;
  if (!kept_.empty()) {
    // The last chance of what a full disk kept back. Failing leaves the intents open in the file.
    std::vector<journal_record> none;
    static_cast<void>(write(none));
  }
  // The last one to close moves the log into the file, with two fsyncs: not for each run of a
  // command that makes one call.
  struct stat log{};
  if (::stat((db_.path() + "-wal").c_str(), &log) == 0 && log.st_size < log_left_behind_bytes_max)
    sqlite3_db_config(db_.raw(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

result<void> writer::prepare() {
  process_ = ::getpid();
  session_ = static_cast<std::int64_t>(os::real().random_u64() >> 1);
  const std::string durable =
      "PRAGMA synchronous=" + std::string(synchronous_of(options_.durability));
  if (auto set = db_.run(durable.c_str()); !set) return set;
  next_checkpoint_ = pages_a_checkpoint;
  sqlite3_wal_hook(db_.raw(), &writer::committed, this);
  const std::pair<sqlite::statement*, std::string> all[] = {
      {&begin_, "BEGIN IMMEDIATE"},
      {&commit_, "COMMIT"},
      {&rollback_, "ROLLBACK"},
      {&intent_, insert_intent_sql()},
      {&outcome_, insert_outcome_sql()},
      {&correction_, insert_correction_sql()},
      {&find_, "SELECT seq FROM intent WHERE attempt_id = ? ORDER BY seq DESC LIMIT 1"},
      {&taken_, "SELECT spooled FROM session WHERE id = ?"},
      {&take_, "UPDATE session SET spooled = ? WHERE id = ?"}};
  for (const auto& [into, sql] : all) {
    auto made = db_.prepare(sql, true);
    if (!made) return made.error();
    *into = std::move(*made);
  }
  if (auto ready = chain_.prepare(db_); !ready) return ready;
  if (auto ready = rollup_.prepare(); !ready) return ready;
  auto anchored = anchor::open(anchor_path(db_.path(), options_.anchor), db_, now_us());
  if (!anchored) return anchored.error();
  anchor_ = std::move(*anchored);
  budgets_ = budget_book(options_.rates, *options_.os);
  return budgets_.prepare(db_);
}

/// SQLite's own rule tries again after every commit for as long as another process is in the way of
/// starting the log anew: an fsync more for each. A failure is the next one's to tell.
int writer::committed(void* self, sqlite3* db, const char* name, int pages) {
  auto& w = *static_cast<writer*>(self);
  if (pages < w.log_pages_) w.next_checkpoint_ = pages_a_checkpoint;
  w.log_pages_ = pages;
  if (pages < w.next_checkpoint_) return SQLITE_OK;
  w.next_checkpoint_ = pages + pages_a_checkpoint;
  static_cast<void>(
      sqlite3_wal_checkpoint_v2(db, name, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr));
  return SQLITE_OK;
}

std::size_t writer::kept() const {
  const std::lock_guard lock(mutex_);
  return kept_.size();
}

bool writer::may_follow(const std::vector<journal_record>& records) const {
  const std::lock_guard lock(mutex_);
  if (!session_written_ || !kept_.empty() || damaged_ || process_ != ::getpid()) return false;
  return std::all_of(records.begin(), records.end(), [this](const journal_record& record) {
    if (std::holds_alternative<attempt_correction>(record)) return false;
    if (const auto* outcome = std::get_if<attempt_outcome>(&record))
      return !reserved_.contains(outcome->attempt_id);
    const auto& intent = std::get<attempt_intent>(record);
    return !open_.contains(intent.attempt_id) && check(intent) && !budgets_.concerns(intent);
  });
}

commit_result writer::write(std::vector<journal_record>& records, spooled_batch* before) {
  const std::lock_guard lock(mutex_);
  refused_now_.clear();
  commit_result answer = transaction([&] { return write_all(records, before); });
  if (answer.all) {
    kept_.clear();
    if (before != nullptr) before->taken = true;
    answer.refused = std::move(refused_now_);
    return answer;
  }
  keep_outcomes(records);
  return answer;
}

/// But of those whose intent is in the same commit, and so is not in the file either.
void writer::keep_outcomes(std::vector<journal_record>& records) {
  std::unordered_set<std::uint64_t> begun_here;
  for (auto& record : records) {
    if (const auto* intent = std::get_if<attempt_intent>(&record))
      begun_here.insert(intent->attempt_id);
    auto* outcome = std::get_if<attempt_outcome>(&record);
    if (outcome != nullptr && !begun_here.contains(outcome->attempt_id))
      kept_.push_back(std::move(*outcome));
  }
}

result<void> writer::transaction(const std::function<result<void>()>& body) {
  // SQLite's locks do not survive fork(), and using the parent's connection destroys the file.
  if (process_ != ::getpid())
    return error{.code = errc::ledger,
                 .message = "the ledger was opened before fork(): open it again in the child"};
  if (damaged_) return *damaged_;
  if (auto begun = begin(); !begun) return begun;
  auto done = chain_.begin();
  if (done) done = budgets_.refresh();
  if (done) done = body();
  if (done) done = finish();
  // After some failures SQLite has rolled back by itself; then there is nothing left to do.
  if (!done && sqlite3_get_autocommit(db_.raw()) == 0) static_cast<void>(step(rollback_));
  settle_bookkeeping(done.has_value());
  // Failing leaves the anchor behind, which `verify` tells and the next commit makes good.
  if (done && chain_.made()) static_cast<void>(anchor_->advance(*chain_.made(), db_, now_us()));
  return done;
}

/// Waits in line with the other processes that are to write, then for the file itself.
result<void> writer::begin() {
  bool has_turn = anchor_->try_turn();
  for (int waits = 0; !has_turn && waits < turn_waits_max; ++waits) {
    std::this_thread::sleep_for(turn_wait(os::real().random_u64()));
    has_turn = anchor_->try_turn();
  }
  auto begun = step(begin_);
  if (has_turn) anchor_->leave_turn();
  return begun;
}

result<void> writer::finish() {
  if (auto done = rollup_.write(); !done) return done;
  if (auto done = chain_.finish(now_us()); !done) return done;
  return step(commit_);
}

result<void> writer::write_all(const std::vector<journal_record>& records,
                               const spooled_batch* before) {
  if (!session_written_) {
    if (auto made = put_session(session_, this_process()); !made) return made;
    session_written_now_ = true;
  }
  if (before != nullptr)
    if (auto done = take(*before); !done) return done;
  for (const auto& outcome : kept_)
    if (auto done = put(outcome); !done) return done;
  for (at_ = 0; at_ < records.size(); ++at_)
    if (auto done = put(records[at_], session_, true); !done) return done;
  return {};
}

/// The number of the last record of the session's spool that the ledger has.
result<std::uint64_t> writer::taken_of(std::int64_t session) {
  taken_.bind(1, session);
  const int code = taken_.step();
  result<std::uint64_t> number = std::uint64_t{0};
  if (code == SQLITE_ROW) number = static_cast<std::uint64_t>(taken_.integer(0));
  if (code != SQLITE_ROW && code != SQLITE_DONE) number = failed().error();
  taken_.reset();
  if (code != SQLITE_DONE) return number;
  // The ledger was replaced since: who wrote the spool is not known any more.
  if (auto made = put_session(session, {}); !made) return made.error();
  return number;
}

result<void> writer::take(const spooled_batch& batch) {
  const auto taken = taken_of(batch.session);
  if (!taken) return taken.error();
  std::uint64_t number = batch.first;
  for (const auto& record : *batch.records)
    if (number++ > *taken)
      if (auto done = put(record, batch.session, false); !done) return done;
  take_.bind(1, static_cast<std::int64_t>(std::max(*taken, number - 1)));
  take_.bind(2, batch.session);
  if (auto done = step(take_); !done) return done;
  // Another process's attempts are not this connection's to keep.
  if (batch.session != session_)
    for (const auto& record : *batch.records)
      if (const auto* intent = std::get_if<attempt_intent>(&record)) forget(intent->attempt_id);
  return {};
}

result<void> writer::put(const journal_record& record, std::int64_t session, bool binding) {
  if (const auto* intent = std::get_if<attempt_intent>(&record))
    return put(*intent, session, binding);
  if (const auto* outcome = std::get_if<attempt_outcome>(&record)) return put(*outcome);
  return put(std::get<attempt_correction>(record));
}

void writer::forget(std::uint64_t attempt_id) {
  open_.erase(attempt_id);
  reserved_.erase(attempt_id);
  rollup_.forget(attempt_id);
}

void writer::settle_bookkeeping(bool committed) {
  for (const auto id : committed ? closed_now_ : opened_now_) forget(id);
  session_written_ = session_written_ || (committed && session_written_now_);
  session_written_now_ = false;
  auto alerts = budgets_.take_alerts();
  // What was read of budgets inside may never have been.
  if (!committed) budgets_.forget();
  if (committed) std::move(alerts.begin(), alerts.end(), std::back_inserter(alerts_));
  opened_now_.clear();
  closed_now_.clear();
  rollup_.settle(committed);
}

result<void> writer::step(sqlite::statement& statement) {
  const int code = statement.step();
  if (code == SQLITE_DONE || code == SQLITE_ROW) {
    statement.reset();
    return {};
  }
  auto why = failed();
  statement.reset();
  return why;
}

result<void> writer::failed() {
  error why = db_.last_error("record in");
  if (sqlite::is_damage(db_.last_code())) damaged_ = why;
  return why;
}

result<void> writer::put(const attempt_intent& intent, std::int64_t session, bool binding) {
  if (open_.contains(intent.attempt_id)) {
    if (binding) refuse({.code = errc::internal, .message = "two attempts with one id"});
    return {};
  }
  if (auto fit = check(intent); !fit) {
    if (binding) refuse(fit.error());
    return {};
  }
  const auto repaired = repair(intent);
  const attempt_intent& fine = repaired ? *repaired : intent;
  auto holds = budgets_.plan(fine, binding);
  if (!holds) return holds.error();
  if (holds->refused) {
    refuse(std::move(*holds->refused));
    return {};
  }
  row_.clear();
  detail::fill(row_, fine, session);
  chain_.seal(row_);
  intent_.bind(1, row_.cells());
  if (auto done = step(intent_); !done) return done;
  const std::int64_t sequence = sqlite3_last_insert_rowid(db_.raw());
  chain_.added(row_kind::intent, sequence);
  open_.emplace(intent.attempt_id, sequence);
  opened_now_.push_back(intent.attempt_id);
  if (auto done = rollup_.begun(fine); !done) return done;
  if (holds->holds.empty()) return {};
  reserved_.insert(intent.attempt_id);
  return budgets_.reserve(sequence, *holds);
}

result<void> writer::put(const attempt_outcome& given) {
  const auto repaired = repair(given);
  const attempt_outcome& outcome = repaired ? repaired->outcome : given;
  const std::string_view note = repaired ? std::string_view(repaired->note) : std::string_view();
  const auto known = open_.find(outcome.attempt_id);
  if (known == open_.end()) {
    const auto found = find(outcome.attempt_id);
    if (!found) return found.error();
    return put_late(outcome, note, *found);
  }
  outcome_.bind(1, known->second);
  fill(outcome, note);
  chain_.seal(row_);
  outcome_.bind(outcome_parameters_before + 1, row_.cells());
  const int code = outcome_.step();
  // The row's key is its intent's: an attempt can have one outcome, whoever writes it.
  const bool taken = code == SQLITE_CONSTRAINT_PRIMARYKEY || code == SQLITE_CONSTRAINT_ROWID;
  if (code != SQLITE_DONE && !taken) {
    auto why = failed();
    outcome_.reset();
    return why;
  }
  outcome_.reset();
  if (taken) return put_late(outcome, note, known->second);
  closed_now_.push_back(outcome.attempt_id);
  chain_.added(row_kind::outcome, known->second);
  if (auto done = rollup_.ended(known->second, outcome); !done) return done;
  return budgets_.settle(known->second, outcome);
}

void writer::fill(const attempt_outcome& outcome, std::string_view note) {
  row_.clear();
  detail::fill(row_, outcome, note);
}

result<std::optional<std::int64_t>> writer::find(std::uint64_t attempt_id) {
  find_.bind(1, static_cast<std::int64_t>(attempt_id));
  const int code = find_.step();
  std::optional<std::int64_t> sequence;
  if (code == SQLITE_ROW) sequence = find_.integer(0);
  result<std::optional<std::int64_t>> found = sequence;
  if (code != SQLITE_ROW && code != SQLITE_DONE) found = failed().error();
  find_.reset();
  return found;
}

result<void> writer::put_session(std::int64_t id, const process_identity& who) {
  auto insert = db_.prepare(
      "INSERT INTO session(id, pid, process_start, boot_id, host, opened_us, library, pid_space) "
      "VALUES(?,?,?,?,?,?,?,?)");
  if (!insert) return insert.error();
  insert->bind(1, id);
  insert->bind(2, who.pid);
  insert->bind(3, who.start);
  insert->bind(4, who.boot_id);
  insert->bind(5, who.host);
  insert->bind(6, now_us());
  insert->bind(7, ark::version());
  insert->bind(8, std::string_view(who.pid_space));
  return step(*insert);
}

result<void> writer::rebuild_rollups() {
  const std::lock_guard lock(mutex_);
  return transaction([&] { return detail::rebuild_rollups(db_); });
}

result<void> writer::accept_head() {
  const std::lock_guard lock(mutex_);
  return anchor_->accept(db_, now_us());
}

}  // namespace ark::detail
