#include "ledger_pg/pg_store.hpp"

#include "ledger/record.hpp"
#include "ledger/verify.hpp"
#include "ledger_pg/pg_budget.hpp"
#include "ledger_pg/pg_query.hpp"
#include "ledger_pg/pg_report.hpp"
#include "ledger_pg/pg_rollup.hpp"
#include "ledger_pg/pg_schema.hpp"
#include "ledger_pg/pg_seal.hpp"
#include "ledger_pg/pg_verify.hpp"
#include "os/os.hpp"

namespace ark::detail {
namespace {

constexpr std::size_t idle_connections_max = 4;
constexpr std::chrono::seconds open_limit{10};
constexpr std::chrono::seconds alive_limit{2};
/// Setting a budget may count the entries of a month.
constexpr std::chrono::minutes change_limit{10};
/// A pass over all rows.
constexpr std::chrono::hours rebuild_limit{2};

pg::target target_of(const ledger_options& options, bool write) {
  return {.text = options.path, .password = options.password, .write = write};
}

error read_only() {
  return {.code = errc::ledger,
          .message = "the ledger in PostgreSQL was opened read-only: open it for writing"};
}

/// With fsync off, or where a standby could be asked, "durable" would be a word.
result<void> check_durable(pg::connection& db, pg::deadline until) {
  auto found = db.ask("SELECT current_setting('fsync')", {}, until);
  if (!found) return found.error();
  if (found->next() && found->text(0) == "on") return {};
  return error{.code = errc::ledger,
               .message = "the PostgreSQL server (" + db.name() +
                          ") runs with fsync off and may lose acknowledged commits: switch it on, "
                          "or open the ledger with durability \"process\""};
}

}  // namespace

result<std::shared_ptr<pg_store>> pg_store::open(const ledger_options& options,
                                                 pg_committer::limits within) {
  const auto until = os::real().steady_now() + open_limit;
  if (auto good = pg::check(target_of(options, true)); !good) return good.error();
  std::shared_ptr<pg_store> made(
      new pg_store(target_of(options, !options.read_only), options.rates, options.anchor));
  if (!options.read_only) {
    auto writer = pg_writer::open(
        {.to = target_of(options, true), .rates = options.rates, .anchor = options.anchor}, until);
    if (!writer) return writer.error();
    made->committer_ =
        std::make_unique<pg_committer>(std::move(*writer), within, options.on_threshold);
  }
  // Connected at once, so that a wrong name is told here and not by the first query.
  auto reader = pg::connection::open(made->to_, until);
  if (!reader) return reader.error();
  if (auto known = pg::schema::check(*reader, until); !known) return known.error();
  if (options.durability == durability::power)
    if (auto durable = check_durable(*reader, until); !durable) return durable.error();
  made->give_back(std::move(*reader));
  return made;
}

void pg_store::commit(std::vector<journal_record> records,
                      std::function<void(commit_result)> done) {
  if (committer_) return committer_->add(std::move(records), std::move(done));
  done(read_only());
}

result<pg::connection> pg_store::borrow() {
  for (;;) {
    pg::connection db;
    {
      const std::lock_guard lock(readers_mutex_);
      if (readers_.empty()) break;
      db = std::move(readers_.back());
      readers_.pop_back();
    }
    // The server may have been restarted since.
    if (db.script("SELECT 1", os::real().steady_now() + alive_limit)) return db;
  }
  return pg::connection::open(to_, os::real().steady_now() + open_limit);
}

void pg_store::give_back(pg::connection db) {
  const std::lock_guard lock(readers_mutex_);
  if (readers_.size() < idle_connections_max) readers_.push_back(std::move(db));
}

result<void> pg_store::scan(const ledger_filter& filter,
                            const std::function<bool(const ledger_entry&)>& each) {
  auto db = borrow();
  if (!db) return db.error();
  auto done = pg_scan(*db, filter, each);
  if (done) give_back(std::move(*db));
  return done;
}

result<std::vector<report_line>> pg_store::report(const std::vector<std::string>& group_by,
                                                  const ledger_filter& filter) {
  auto db = borrow();
  if (!db) return db.error();
  auto lines = pg_report(*db, group_by, filter);
  if (lines) give_back(std::move(*db));
  return lines;
}

template <class Change>
result<void> pg_store::with_writer(Change&& change) {
  if (!committer_) return read_only();
  pg::target to = to_;
  to.write = true;
  const auto until = os::real().steady_now() + change_limit;
  auto db = pg::connection::open(to, until);
  if (!db) return db.error();
  return change(*db, until);
}

result<void> pg_store::set_budget(const budget& wanted) {
  return with_writer([&](pg::connection& db, pg::deadline until) {
    return pg_set_budget(db, wanted, rates_, until);
  });
}

result<void> pg_store::remove_budget(std::string_view name) {
  return with_writer(
      [&](pg::connection& db, pg::deadline until) { return pg_remove_budget(db, name, until); });
}

result<std::vector<budget_status>> pg_store::budgets() {
  auto db = borrow();
  if (!db) return db.error();
  auto all = pg_budget_status(*db, os::real().steady_now() + change_limit);
  if (all) give_back(std::move(*db));
  return all;
}

result<budget_history> pg_store::history_of(std::string_view name) {
  auto db = borrow();
  if (!db) return db.error();
  auto all = pg_budget_history(*db, name, os::real().steady_now() + change_limit);
  if (all) give_back(std::move(*db));
  return all;
}

/// The last seal. A handle that writes seals what has none yet, so that the head is of all.
result<ledger_head> pg_store::head() {
  result<segment_head> last = segment_head{};
  if (committer_) {
    auto done = with_writer([&](pg::connection& db, pg::deadline until) -> result<void> {
      last = seal_all(db, to_us(os::real().wall_now()), until);
      return last ? result<void>() : last.error();
    });
    if (!done) return done.error();
    return public_head(*last);
  }
  auto db = borrow();
  if (!db) return db.error();
  last = read_last_seal(*db, os::real().steady_now() + open_limit);
  if (!last) return last.error();
  give_back(std::move(*db));
  return public_head(*last);
}

result<ledger_check> pg_store::verify(const ledger_verify_options& options) {
  auto db = borrow();
  if (!db) return db.error();
  auto check = pg_verify(*db, pg_anchor_path(anchor_, to_), options);
  if (check) give_back(std::move(*db));
  return check;
}

result<void> pg_store::accept_head() {
  return with_writer([&](pg::connection& db, pg::deadline until) -> result<void> {
    const std::string path = pg_anchor_path(anchor_, to_);
    if (path.empty())
      return error{.code = errc::config,
                   .message =
                       "there is no home folder for the ledger's anchor: name its file "
                       "(ledger.anchor)"};
    auto made = pg_anchor::open(path);
    if (!made) return made.error();
    return (*made)->accept(db, to_us(os::real().wall_now()), until);
  });
}

result<void> pg_store::rebuild_rollups() {
  return with_writer([&](pg::connection& db, pg::deadline until) {
    return detail::rebuild_rollups(db, std::max(until, os::real().steady_now() + rebuild_limit));
  });
}

result<std::shared_ptr<ledger_store>> open_server(const ledger_options& options) {
  auto made = pg_store::open(options);
  if (!made) return made.error();
  return std::shared_ptr<ledger_store>(std::move(*made));
}

}  // namespace ark::detail
