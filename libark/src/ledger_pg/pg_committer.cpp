#include "ledger_pg/pg_committer.hpp"

#include <unistd.h>

#include <algorithm>
#include <utility>

#include "os/os.hpp"

namespace ark::detail {
namespace {
/// Bounds one transaction, and so how long others wait for its rows.
constexpr std::size_t records_a_round_max = 1024;
/// What still comes when its time is over is tried once more, shortly.
constexpr std::chrono::milliseconds least_time{250};
constexpr std::chrono::milliseconds retry_kept{500};
}  // namespace

pg_committer::pg_committer(std::unique_ptr<pg_writer> to, limits within,
                           std::function<void(const budget_alert&)> on_threshold)
    : shared_(std::make_shared<shared>()) {
  shared_->to = std::move(to);
  shared_->within = within;
  shared_->on_threshold = std::move(on_threshold);
  shared_->sealed = os::real().steady_now();
  shared_->process = ::getpid();
  thread_ = std::thread([s = shared_] { run(*s); });
}

pg_committer::~pg_committer() {
  if (shared_->process != ::getpid()) {
    // A forked child has no such thread, and the connection is its parent's.
    static_cast<void>(new std::shared_ptr<shared>(shared_));
    thread_.detach();
    return;
  }
  shared_->queue.stop();
  if (thread_.get_id() == std::this_thread::get_id())
    thread_.detach();
  else
    thread_.join();
}

void pg_committer::add(std::vector<journal_record> records,
                       std::function<void(commit_result)> done) {
  // Once the job is in, its `done` may drop the last owner of this committer at any moment.
  const auto s = shared_;
  if (s->process != ::getpid())
    return done(
        error{.code = errc::ledger,
              .message = "the ledger was opened before fork(): open it again in the child"});
  const auto until = os::real().steady_now() + s->within.patience;
  s->queue.add({std::move(records), std::move(done), until});
}

void pg_committer::run(shared& s) {
  for (;;) {
    auto next = s.queue.take(records_a_round_max, s.to->owes() ? retry_kept : s.within.beat);
    if (!next.jobs.empty()) {
      commit(s, next);
      if (os::real().steady_now() - s.sealed >= s.within.seal) seal(s);
      continue;
    }
    const bool stop = s.queue.stopped();
    // The last chance of what a lost server kept back: failing leaves the intents open.
    if (!stop || s.to->owes()) idle(s);
    if (!stop) continue;
    seal(s);
    return;
  }
}

void pg_committer::idle(shared& s) {
  // An error is the next commit's to tell: what was to be written is kept.
  const auto until = os::real().steady_now() + s.within.patience / 2;
  if (!s.to->write({}, until)) return;
  static_cast<void>(s.to->sweep(s.within.silence, until));
  seal(s);
}

/// Failing leaves it to the next one, of whatever session on this machine, and to a sweep.
void pg_committer::seal(shared& s) {
  s.sealed = os::real().steady_now();
  static_cast<void>(s.to->seal(s.sealed + s.within.patience / 2));
}

void pg_committer::commit(shared& s, commit_queue::batch& next) {
  // The one that waits longest is answered in time.
  auto until = next.jobs.front().until;
  for (const commit_queue::job& j : next.jobs) until = std::min(until, j.until);
  const auto begun = os::real().steady_now();
  until = std::max(until, begun + least_time);
  const commit_result done = s.to->write(next.records, until);
  const bool short_of_budget =
      std::any_of(done.refused.begin(), done.refused.end(),
                  [](const auto& r) { return r.why.code == errc::budget; });
  // The dead may hold some of it: seen before the next attempt asks.
  if (short_of_budget) static_cast<void>(s.to->sweep(s.within.silence, until));
  const auto alerts = s.to->take_alerts();
  s.queue.expect_back(next, os::real().steady_now() - begun);
  next.answer(done);
  if (s.on_threshold)
    for (const budget_alert& alert : alerts) s.on_threshold(alert);
}

}  // namespace ark::detail
