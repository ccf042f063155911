#include "ledger_pg/pg_writer.hpp"

#include <unistd.h>

#include <algorithm>
#include <ark/version.hpp>
#include <thread>

#include "ledger/record.hpp"
#include "ledger_pg/pg_query.hpp"
#include "ledger_pg/pg_schema.hpp"
#include "ledger_pg/pg_seal.hpp"
#include "os/os.hpp"

namespace ark::detail {
namespace {

using std::chrono::milliseconds;
/// One try to connect; the next may meet a server that has come back.
constexpr milliseconds connect_limit{5'000};
constexpr milliseconds first_pause{20};
constexpr milliseconds longest_pause{1'000};

pg::deadline sooner(pg::deadline until, milliseconds limit) {
  return std::min(until, os::real().steady_now() + limit);
}

/// Full jitter: machines that lost one server do not come back to it all at once.
milliseconds pause(int attempt) {
  const auto most = std::min(longest_pause, first_pause * (1 << std::min(attempt, 6)));
  return milliseconds(1 + static_cast<std::int64_t>(os::real().random_u64() %
                                                    static_cast<std::uint64_t>(most.count())));
}

/// For an intent that may be in the ledger though its commit was answered with an error.
attempt_outcome never_sent(std::uint64_t attempt_id) {
  attempt_outcome o;
  o.attempt_id = attempt_id;
  o.state = attempt_state::void_;
  o.ended = os::real().wall_now();
  o.cost.status = cost_status::void_;
  o.finish = to_string(errc::ledger);
  o.error = "nothing was sent: the ledger's answer was lost";
  return o;
}

}  // namespace

pg_writer::pg_writer(pg_writer_options options)
    : options_(std::move(options)),
      process_(::getpid()),
      chain_(static_cast<std::int64_t>(os::real().random_u64() >> 1)),
      self_(this_process()),
      intents_(rows_for(row_kind::intent)),
      outcomes_(rows_for(row_kind::outcome)),
      correction_(rows_for(row_kind::correction)),
      budgets_(options_.rates, chain_.session()) {
  session_sql_ = {"ark_session",
                  "INSERT INTO ark.session(id, committed, pid, process_start, boot_id, host, "
                  "opened_us, library) VALUES($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO "
                  "UPDATE SET committed = excluded.committed, seen = clock_timestamp(), "
                  "swept = false"};
  intents_sql_ = {"ark_intents", insert_sql(row_kind::intent, intents_)};
  outcomes_sql_ = {"ark_outcomes", insert_sql(row_kind::outcome, outcomes_)};
  correction_sql_ = {"ark_correction", insert_sql(row_kind::correction, correction_)};
  booked_sql_ = {"ark_booked", booked_sql()};
}

result<std::unique_ptr<pg_writer>> pg_writer::open(pg_writer_options options, pg::deadline until) {
  std::unique_ptr<pg_writer> made(new pg_writer(std::move(options)));
  if (auto connected = made->connect(until); !connected) return connected.error();
  if (auto ready = pg::schema::migrate(made->db_, until); !ready) return ready.error();
  // There before the first commit: whose fate is asked of a row that can be locked.
  made->queue_session();
  if (auto known = made->db_.flush(until); !known) return known.error();
  auto anchored = pg_anchor::open_for(made->options_.anchor, made->options_.to, made->db_,
                                      to_us(os::real().wall_now()), until);
  if (!anchored) return anchored.error();
  made->anchor_ = std::move(*anchored);
  return made;
}

result<void> pg_writer::connect(pg::deadline until) {
  auto made = pg::connection::open(options_.to, until);
  if (!made) return made.error();
  db_ = std::move(*made);
  return {};
}

commit_result pg_writer::write(const std::vector<journal_record>& records, pg::deadline until) {
  // The parent's connection, and its thread, are not the child's.
  if (process_ != ::getpid())
    return error{.code = errc::ledger,
                 .message = "the ledger was opened before fork(): open it again in the child"};
  ++number_;
  for (int tries = 0;; ++tries) {
    auto done = once(records, until);
    if (done) {
      asked_ = false;
      chain_grew(chain_.take_made());
      kept_.clear();
      voids_.clear();
      commit_result answer;
      answer.refused = std::move(refused_now_);
      for (auto& alert : budgets_.take_alerts()) alerts_.push_back(std::move(alert));
      return answer;
    }
    const bool again = db_.lost() || db_.may_repeat();
    const auto wait = pause(tries);
    if (!again || os::real().steady_now() + wait >= until) {
      keep(records);
      return done.error();
    }
    std::this_thread::sleep_for(wait);
  }
}

/// What is left of a commit that failed, or whose fate is not known.
void pg_writer::keep(const std::vector<journal_record>& records) {
  std::vector<attempt_outcome> outcomes;
  std::vector<std::uint64_t> intents;
  for (const auto& record : records) {
    if (const auto* outcome = std::get_if<attempt_outcome>(&record)) outcomes.push_back(*outcome);
    if (const auto* intent = std::get_if<attempt_intent>(&record))
      intents.push_back(intent->attempt_id);
  }
  if (!asked_) {
    for (auto& o : outcomes) kept_.push_back(std::move(o));
    return;
  }
  asked_ = false;
  doubt_.number = number_;
  doubt_.made = chain_.take_made();
  doubt_.intents = std::move(intents);
  // Those that were kept before went with it.
  doubt_.outcomes = std::move(kept_);
  kept_.clear();
  for (auto& o : outcomes) doubt_.outcomes.push_back(std::move(o));
}

result<void> pg_writer::once(const std::vector<journal_record>& records, pg::deadline until) {
  if (db_.lost())
    if (auto connected = connect(sooner(until, connect_limit)); !connected) return connected;
  if (asked_) {
    const auto known = was_committed(number_, until);
    if (!known) return known.error();
    if (*known) return {};
    asked_ = false;
  }
  if (doubt_.number != 0)
    if (auto settled = settle_doubt(until); !settled) return settled;
  auto done = transaction(records, until);
  if (!done && !db_.lost()) {
    asked_ = false;
    // What recover() says is not the reason; a connection that it loses is made anew.
    const bool again = db_.may_repeat();
    if (db_.recover(until) && !again) return done;
    if (!again) db_.close();
  }
  return done;
}

void pg_writer::chain_grew(const std::optional<segment_head>& made) {
  if (!made) return;
  chain_.committed(*made);
  sealed_ = false;
  // Failing leaves the anchor behind, which the next commit makes good.
  if (anchor_) static_cast<void>(anchor_->advance({chain_.session(), *made}));
}

/// Waits for what is left of the lost connection on the server: its row lock is the session's.
result<bool> pg_writer::was_committed(std::int64_t number, pg::deadline until) {
  auto found = db_.ask("SELECT committed FROM ark.session WHERE id = $1 FOR UPDATE",
                       pg::parameters().integer(chain_.session()), until);
  if (!found) return found.error();
  return found->next() && found->integer(0) >= number;
}

result<void> pg_writer::settle_doubt(pg::deadline until) {
  const auto known = was_committed(doubt_.number, until);
  if (!known) return known.error();
  if (*known) {
    chain_grew(doubt_.made);
    for (const auto id : doubt_.intents) {
      kept_.push_back(never_sent(id));
      voids_.push_back(id);
    }
  } else {
    kept_.insert(kept_.begin(), std::move_iterator(doubt_.outcomes.begin()),
                 std::move_iterator(doubt_.outcomes.end()));
  }
  doubt_ = {};
  return {};
}

result<void> pg_writer::transaction(const std::vector<journal_record>& records,
                                    pg::deadline until) {
  known_.clear();
  for (bool locked = budgets_.is_tight();; locked = true) {
    const auto done = write_batches(records, locked, until);
    if (!done) return done.error();
    if (*done) break;
    if (auto back = db_.ask("ROLLBACK", {}, until); !back) return back.error();
  }
  for (std::size_t at = 0; at < records.size(); ++at)
    if (const auto* correction = std::get_if<attempt_correction>(&records[at]))
      if (auto done = put(*correction, at, until); !done) return done;
  if (auto done = budgets_.settle(db_, fates_, until); !done) return done;
  return end_transaction(until);
}

result<void> pg_writer::end_transaction(pg::deadline until) {
  asked_ = true;
  chain_.queue(db_, to_us(os::real().wall_now()));
  db_.queue("COMMIT");
  auto done = db_.flush(until);
  if (done || !db_.lost()) asked_ = false;
  if (!done) return done.error();
  return {};
}

void pg_writer::gather(const std::vector<journal_record>& records, bool locked) {
  intents_.clear();
  outcomes_.clear();
  begun_.clear();
  settled_.clear();
  given_.clear();
  again_.clear();
  fates_.clear();
  corrected_.clear();
  refused_now_.clear();
  chain_.begin();
  given_.reserve(kept_.size() + records.size());
  for (const auto& outcome : kept_) gather(outcome);
  for (std::size_t at = 0; at < records.size(); ++at) {
    if (const auto* intent = std::get_if<attempt_intent>(&records[at])) gather(*intent, at, locked);
    if (const auto* outcome = std::get_if<attempt_outcome>(&records[at])) gather(*outcome);
  }
}

namespace {
error two_attempts() { return {.code = errc::internal, .message = "two attempts with one id"}; }
}  // namespace

void pg_writer::gather(const attempt_intent& intent, std::size_t at, bool locked) {
  if (auto fit = check(intent); !fit) {
    refused_now_.push_back({at, fit.error()});
    return;
  }
  if (known_.contains(intent.attempt_id) || !begun_.emplace(intent.attempt_id, at).second) {
    refused_now_.push_back({at, two_attempts()});
    return;
  }
  if (auto no = budgets_.admit(intent, at, locked)) {
    begun_.erase(intent.attempt_id);
    refused_now_.push_back({at, std::move(*no)});
    return;
  }
  const auto repaired = repair(intent);
  row_.clear();
  detail::fill(row_, repaired ? *repaired : intent, chain_.session());
  chain_.seal(row_, row_kind::intent, intent.attempt_id);
  intents_.add({}, row_.cells());
}

void pg_writer::gather(const attempt_outcome& outcome) {
  given_outcome given{.outcome = &outcome};
  if (auto repaired = repair(outcome)) {
    given.note = std::move(repaired->note);
    given.repaired = std::move(repaired->outcome);
  }
  given_.push_back(std::move(given));
  const std::size_t place = given_.size() - 1;
  if (!settled_.emplace(outcome.attempt_id, place).second) {
    again_.push_back(place);
    return;
  }
  row_.clear();
  detail::fill(row_, given_[place].value(), given_[place].note);
  chain_.seal(row_, row_kind::outcome, outcome.attempt_id);
  const cell id[] = {pg::number_cell(static_cast<std::int64_t>(outcome.attempt_id))};
  outcomes_.add(id, row_.cells());
}

void pg_writer::queue_session() {
  db_.queue(session_sql_, pg::parameters()
                              .integer(chain_.session())
                              .integer(number_)
                              .integer(self_.pid)
                              .integer(self_.start)
                              .text(self_.boot_id)
                              .text(self_.host)
                              .integer(to_us(os::real().wall_now()))
                              .text(ark::version()));
}

result<bool> pg_writer::write_batches(const std::vector<journal_record>& records, bool locked,
                                      pg::deadline until) {
  const auto plan = [&] {
    budgets_.clear();
    for (std::size_t at = 0; at < records.size(); ++at)
      if (const auto* intent = std::get_if<attempt_intent>(&records[at]))
        if (!known_.contains(intent->attempt_id)) budgets_.plan(*intent, at);
  };
  db_.queue("BEGIN");
  db_.queue(pg_budgets_shared);
  queue_session();
  db_.queue("SELECT coalesce(max(id), 0) FROM ark.budget");
  std::size_t head = 4;
  if (locked) {
    auto begun = db_.flush(until);
    if (!begun) return begun.error();
    begun->back().next();
    if (!budgets_.is_current(begun->back().integer(0)))
      if (auto loaded = budgets_.load(db_, until); !loaded) return loaded.error();
    head = 0;
  }
  plan();
  if (locked)
    if (auto done = budgets_.lock(db_, until); !done) return done.error();
  gather(records, locked);
  budgets_.queue_reserve(db_, locked);
  auto answers = write_rest(locked, until);
  if (!answers) return answers.error();
  if (!locked) {
    pg::rows& newest = (*answers)[head - 1];
    newest.next();
    if (!budgets_.is_current(newest.integer(0))) return false;
    if (budgets_.queued() > 0 && budgets_.was_short((*answers)[head])) return false;
  }
  std::size_t next = head + static_cast<std::size_t>(budgets_.queued());
  if (intents_.rows() > 0 && !refuse_known((*answers)[next++])) return false;
  if (outcomes_.rows() > 0)
    if (auto done = write_late((*answers)[next], until); !done) return done.error();
  return true;
}

result<std::vector<pg::rows>> pg_writer::write_rest(bool locked, pg::deadline until) {
  if (intents_.rows() > 0) db_.queue(intents_sql_, chain_.place(intents_.arrays()));
  if (outcomes_.rows() > 0) db_.queue(outcomes_sql_, chain_.place(outcomes_.arrays()));
  // Nothing to send after the locks: an empty round would have no answer.
  if (locked && intents_.rows() == 0 && outcomes_.rows() == 0 && budgets_.queued() == 0)
    return std::vector<pg::rows>();
  return db_.flush(until);
}

/// Of the intents, those that were not inserted: their attempts have one already. False: they were
/// counted in a budget, and all is to be done again without them.
bool pg_writer::refuse_known(pg::rows& inserted) {
  auto missing = begun_;
  while (inserted.next()) {
    const auto id = static_cast<std::uint64_t>(inserted.integer(0));
    chain_.added(row_kind::intent, id, inserted.integer(1));
    missing.erase(id);
  }
  for (const auto& [id, at] : missing) {
    known_.emplace(id, at);
    refused_now_.push_back({at, two_attempts()});
  }
  return missing.empty() || !budgets_.any();
}

result<void> pg_writer::seal(pg::deadline until) {
  if (db_.lost() || sealed_) return {};
  const std::int64_t now_us = to_us(os::real().wall_now());
  std::vector<std::int64_t> sessions = {chain_.session()};
  if (anchor_)
    for (const auto id : anchor_->unsealed()) sessions.push_back(id);
  if (auto sealed = seal_sessions(db_, sessions, now_us, until); !sealed) return sealed.error();
  sealed_ = true;
  return anchor_ ? anchor_->refresh(db_, now_us, until) : result<void>();
}

}  // namespace ark::detail
