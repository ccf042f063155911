#include "ledger/writer.hpp"

#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <ark/version.hpp>

#include "ledger/file.hpp"
#include "ledger/record.hpp"
#include "ledger/schema.hpp"
#include "os/os.hpp"

namespace ark::detail {
namespace {

constexpr off_t log_left_behind_bytes_max = 1 << 20;

result<void> check_all(const std::vector<journal_record>& records) {
  for (const auto& record : records)
    if (const auto* intent = std::get_if<attempt_intent>(&record))
      if (auto fit = check(*intent); !fit) return fit;
  return {};
}

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
  // 2,000 pages (8 MB): half the checkpoints of the default and a log that still fits the cache.
  auto set = db_.run(options_.durability == durability::power
                         ? "PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=2000"
                         : "PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=2000");
  if (!set) return set;
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
  return {};
}

std::size_t writer::kept() const {
  const std::lock_guard lock(mutex_);
  return kept_.size();
}

bool writer::may_follow(const std::vector<journal_record>& records) const {
  const std::lock_guard lock(mutex_);
  if (!session_written_ || !kept_.empty() || refused_ || process_ != ::getpid()) return false;
  return std::all_of(records.begin(), records.end(), [this](const journal_record& record) {
    const auto* intent = std::get_if<attempt_intent>(&record);
    return intent == nullptr || (!open_.contains(intent->attempt_id) && check(*intent));
  });
}

result<void> writer::write(std::vector<journal_record>& records, spooled_batch* before) {
  const std::lock_guard lock(mutex_);
  const result<void> fit = drop_if_unfit(records);
  result<void> done = transaction(records, before);
  settle_bookkeeping(done.has_value());
  if (done) {
    kept_.clear();
    if (before != nullptr) before->taken = true;
    return fit;
  }
  for (auto& record : records)
    if (auto* outcome = std::get_if<attempt_outcome>(&record)) kept_.push_back(std::move(*outcome));
  return done;
}

/// One intent that cannot be recorded takes all of its batch's with it (they share an answer), but
/// not the outcomes.
result<void> writer::drop_if_unfit(std::vector<journal_record>& records) {
  auto fit = check_all(records);
  if (!fit)
    std::erase_if(
        records, [](const journal_record& r) { return std::holds_alternative<attempt_intent>(r); });
  return fit;
}

bool writer::fits(const std::vector<journal_record>& records) {
  return check_all(records).has_value();
}

result<void> writer::transaction(const std::vector<journal_record>& records,
                                 const spooled_batch* before) {
  // SQLite's locks do not survive fork(), and using the parent's connection destroys the file.
  if (process_ != ::getpid())
    return error{.code = errc::ledger,
                 .message = "the ledger was opened before fork(): open it again in the child"};
  if (refused_) return *refused_;
  if (auto begun = step(begin_); !begun) return begun;
  auto done = write_all(records, before);
  if (done) done = step(commit_);
  // After some failures SQLite has rolled back by itself; then there is nothing left to do.
  if (!done && sqlite3_get_autocommit(db_.raw()) == 0) static_cast<void>(step(rollback_));
  return done;
}

result<void> writer::write_all(const std::vector<journal_record>& records,
                               const spooled_batch* before) {
  if (!session_written_)
    if (auto made = put_session(session_, this_process()); !made) return made;
  if (before != nullptr)
    if (auto done = take(*before); !done) return done;
  for (const auto& outcome : kept_)
    if (auto done = put(outcome); !done) return done;
  for (const auto& record : records)
    if (auto done = put(record, session_); !done) return done;
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
      if (auto done = put(record, batch.session); !done) return done;
  take_.bind(1, static_cast<std::int64_t>(std::max(*taken, number - 1)));
  take_.bind(2, batch.session);
  if (auto done = step(take_); !done) return done;
  // Another process's attempts are not this connection's to keep.
  if (batch.session != session_)
    for (const auto& record : *batch.records)
      if (const auto* intent = std::get_if<attempt_intent>(&record))
        open_.erase(intent->attempt_id);
  return {};
}

result<void> writer::put(const journal_record& record, std::int64_t session) {
  if (const auto* intent = std::get_if<attempt_intent>(&record)) return put(*intent, session);
  return put(std::get<attempt_outcome>(record));
}

void writer::settle_bookkeeping(bool committed) {
  for (const auto id : committed ? closed_now_ : opened_now_) open_.erase(id);
  session_written_ = session_written_ || committed;
  opened_now_.clear();
  closed_now_.clear();
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
  if (sqlite::is_damage(db_.last_code())) refused_ = why;
  return why;
}

result<void> writer::put(const attempt_intent& intent, std::int64_t session) {
  if (open_.contains(intent.attempt_id))
    return error{.code = errc::internal, .message = "two attempts with one id"};
  const auto repaired = repair(intent);
  bind_intent(intent_, repaired ? *repaired : intent, session, scratch_);
  if (auto done = step(intent_); !done) return done;
  open_.emplace(intent.attempt_id, sqlite3_last_insert_rowid(db_.raw()));
  opened_now_.push_back(intent.attempt_id);
  return {};
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
  bind_outcome(outcome_, outcome_parameters_before + 1, outcome, note, scratch_);
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
  return {};
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
      "INSERT INTO session(id, pid, process_start, boot_id, host, opened_us, library) "
      "VALUES(?,?,?,?,?,?,?)");
  if (!insert) return insert.error();
  insert->bind(1, id);
  insert->bind(2, who.pid);
  insert->bind(3, who.start);
  insert->bind(4, who.boot_id);
  insert->bind(5, who.host);
  insert->bind(6, to_us(os::real().wall_now()));
  insert->bind(7, ark::version());
  return step(*insert);
}

}  // namespace ark::detail
