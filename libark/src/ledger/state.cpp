#include "ledger/state.hpp"

#include "ledger/file.hpp"
#include "ledger/query.hpp"
#include "ledger/report.hpp"
#include "ledger/spool_fold.hpp"

namespace ark::detail {
namespace {
constexpr std::chrono::milliseconds read_busy_limit{10'000};
constexpr std::size_t idle_readers_max = 4;
}  // namespace

result<std::shared_ptr<ledger_state>> ledger_state::open(const ledger_options& options) {
  std::shared_ptr<ledger_state> made(new ledger_state(options.path));
  if (options.read_only) {
    // Opened at once, so that a wrong path is told here and not by the first query.
    auto db = open_readable(options.path, read_busy_limit);
    if (!db) return db.error();
    made->give_back(std::move(*db));
    return made;
  }
  auto opened = writer::open({.path = options.path, .durability = options.durability});
  if (!opened) return opened.error();
  made->writer_ = std::move(*opened);
  if (auto taken = fold_spools(*made->writer_); !taken) return taken.error();
  if (options.durability == durability::power)
    made->committer_ = std::make_unique<committer>(made->writer_);
  else
    made->gatherer_ = std::make_unique<gatherer>(made->writer_, options.commit_interval);
  return made;
}

void ledger_state::commit(std::vector<journal_record> records,
                          std::function<void(result<void>)> done) {
  if (committer_) return committer_->add(std::move(records), std::move(done));
  if (gatherer_) return done(gatherer_->write(records));
  done(error{.code = errc::ledger,
             .message = "the ledger " + path_ + " was opened read-only: open it for writing"});
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
  auto once = writer::open({.path = path_});
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

}  // namespace ark::detail
