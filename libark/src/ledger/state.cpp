#include "ledger/state.hpp"

#include "ledger/file.hpp"
#include "ledger/lost.hpp"
#include "ledger/query.hpp"
#include "ledger/record.hpp"
#include "ledger/report.hpp"
#include "ledger/reserve.hpp"
#include "ledger/spool_fold.hpp"
#include "ledger/verify.hpp"

namespace ark::detail {
namespace {
constexpr std::chrono::milliseconds read_busy_limit{10'000};
constexpr std::size_t idle_readers_max = 4;
}  // namespace

ledger_state::ledger_state(const ledger_options& options, os::system& os)
    : path_(options.path),
      writing_{.path = options.path,
               .durability = options.durability,
               .anchor = options.anchor,
               .rates = options.rates,
               .on_threshold = options.on_threshold,
               .os = &os},
      os_(os) {}

result<std::shared_ptr<ledger_state>> ledger_state::open(const ledger_options& options,
                                                         os::system& os) {
  std::shared_ptr<ledger_state> made(new ledger_state(options, os));
  if (options.read_only) {
    if (auto opened = made->open_to_read(); !opened) return opened.error();
    return made;
  }
  auto opened = writer::open(made->writing_);
  if (!opened) return opened.error();
  made->writer_ = std::move(*opened);
  if (auto swept = sweep(*made->writer_, lost_among::all); !swept) return swept.error();
  if (options.durability == durability::power)
    made->committer_ = std::make_unique<committer>(made->writer_);
  else
    made->gatherer_ = std::make_unique<gatherer>(made->writer_, options.commit_interval, os);
  return made;
}

/// At once, so that a wrong path is told here and not by the first query.
result<void> ledger_state::open_to_read() {
  auto db = open_readable(path_, read_busy_limit);
  if (!db && db.error().code == errc::unsupported && writer::open(writing_))
    db = open_readable(path_, read_busy_limit);
  if (!db) return db.error();
  sweep_before_reading(*db);
  give_back(std::move(*db));
  return {};
}

void ledger_state::sweep_before_reading(sqlite::database& db) {
  const auto found = find_lost(db, lost_among::all, to_us(os_.wall_now()));
  if (!found || found->lost.empty()) return;
  // Without leave to write, the entries are read as they are: open, which is true as well.
  auto once = writer::open(writing_);
  if (once) static_cast<void>(sweep(**once, lost_among::all));
}

error ledger_state::read_only() const {
  return {.code = errc::ledger,
          .message = "the ledger " + path_ + " was opened read-only: open it for writing"};
}

void ledger_state::commit(std::vector<journal_record> records,
                          std::function<void(commit_result)> done) {
  if (committer_) return committer_->add(std::move(records), std::move(done));
  if (!gatherer_) return done(read_only());
  // The answer may drop the last handle of this ledger.
  const std::shared_ptr<writer> to = writer_;
  done(gatherer_->write(records));
  to->tell();
}

/// The writer, with all in the file that was acknowledged by anybody, and the dead buried.
result<std::shared_ptr<writer>> ledger_state::to_change() {
  if (!writer_) return read_only();
  if (gatherer_)
    if (auto done = gatherer_->flush(); !done) return done.error();
  if (auto done = sweep(*writer_, lost_among::reserved); !done) return done.error();
  return writer_;
}

result<void> ledger_state::set_budget(const budget& wanted) {
  const auto to = to_change();
  if (!to) return to.error();
  auto done = (*to)->set_budget(wanted);
  (*to)->tell();
  return done;
}

result<void> ledger_state::remove_budget(std::string_view name) {
  const auto to = to_change();
  return to ? (*to)->remove_budget(name) : result<void>(to.error());
}

namespace {
/// `read` in one snapshot; the connection is for others again only if all went well.
template <class Read>
auto in_snapshot(sqlite::database& db, Read&& read) -> decltype(read()) {
  if (auto begun = db.run("BEGIN"); !begun) return begun.error();
  auto answer = read();
  if (!answer) return answer;
  if (auto ended = db.run("COMMIT"); !ended) return ended.error();
  return answer;
}
}  // namespace

result<std::vector<budget_status>> ledger_state::budgets() {
  if (writer_)
    if (auto ready = to_change(); !ready) return ready.error();
  auto db = borrow();
  if (!db) return db.error();
  auto all = in_snapshot(*db, [&] { return read_budget_status(*db, os_.wall_now()); });
  if (all) give_back(std::move(*db));
  return all;
}

result<budget_history> ledger_state::history_of(std::string_view name) {
  auto db = borrow();
  if (!db) return db.error();
  auto all = in_snapshot(*db, [&] { return read_budget_history(*db, name); });
  if (all) give_back(std::move(*db));
  return all;
}

result<sqlite::database> ledger_state::borrow() {
  if (gatherer_)
    if (auto done = gatherer_->flush(); !done) return done.error();
  auto db = idle_reader();
  if (!db) return db;
  if (auto done = take_spooled(*db); !done) return done.error();
  return db;
}

result<void> ledger_state::take_spooled(sqlite::database& db) {
  const auto more = has_spooled(db, writer_ ? writer_->session() : 0);
  if (!more) return more.error();
  if (!*more) return {};
  if (writer_) return fold_spools(*writer_);
  auto once = writer::open(writing_);
  if (!once) return once.error();
  return fold_spools(**once);
}

result<sqlite::database> ledger_state::idle_reader() {
  {
    const std::lock_guard lock(readers_mutex_);
    if (!readers_.empty()) {
      auto db = std::move(readers_.back());
      readers_.pop_back();
      return db;
    }
  }
  return open_readable(path_, read_busy_limit);
}

void ledger_state::give_back(sqlite::database db) {
  const std::lock_guard lock(readers_mutex_);
  if (readers_.size() < idle_readers_max) readers_.push_back(std::move(db));
}

result<void> ledger_state::scan(const ledger_filter& filter,
                                const std::function<bool(const ledger_entry&)>& each) {
  auto db = borrow();
  if (!db) return db.error();
  auto done = scan_entries(*db, filter, each);
  if (done) give_back(std::move(*db));
  return done;
}

result<std::vector<report_line>> ledger_state::report(const std::vector<std::string>& group_by,
                                                      const ledger_filter& filter) {
  auto db = borrow();
  if (!db) return db.error();
  auto lines = make_report(*db, group_by, filter);
  if (lines) give_back(std::move(*db));
  return lines;
}

result<ledger_head> ledger_state::head() {
  auto db = borrow();
  if (!db) return db.error();
  const auto last = read_head(*db);
  if (!last) return last.error();
  give_back(std::move(*db));
  return public_head(*last);
}

result<ledger_check> ledger_state::verify(const ledger_verify_options& options) {
  // What waits beside the ledger goes in first.
  auto db = borrow();
  if (!db) return db.error();
  const std::string file = anchor_path(db->path(), writing_.anchor);
  give_back(std::move(*db));
  return verify_ledger(path_, file, read_busy_limit, options);
}

result<std::shared_ptr<writer>> ledger_state::borrow_writer() {
  if (writer_) return writer_;
  auto once = writer::open(writing_);
  if (!once) return once.error();
  return std::shared_ptr<writer>(std::move(*once));
}

result<void> ledger_state::accept_head() {
  auto with = borrow_writer();
  if (!with) return with.error();
  return (*with)->accept_head();
}

result<void> ledger_state::rebuild_rollups() {
  auto with = borrow_writer();
  if (!with) return with.error();
  return (*with)->rebuild_rollups();
}

}  // namespace ark::detail
