#include <unistd.h>

#include "ledger/record.hpp"
#include "ledger/writer.hpp"

/// Transactions that are not records: budgets, and attempts that were lost.
namespace ark::detail {
namespace {
constexpr std::chrono::seconds between_sweeps{1};
/// How far the mark moves at least: it is not worth a transaction of its own before.
constexpr std::int64_t mark_step = 1024;
}  // namespace

result<void> writer::set_budget(const budget& wanted) {
  const std::lock_guard lock(mutex_);
  return transaction([&] { return budgets_.set(wanted); });
}

result<void> writer::remove_budget(std::string_view name) {
  const std::lock_guard lock(mutex_);
  return transaction([&] { return budgets_.remove(name); });
}

result<lost_attempts> writer::find_lost(lost_among which) {
  const std::lock_guard lock(mutex_);
  if (process_ != ::getpid() || damaged_) return lost_attempts{};
  return detail::find_lost(db_, which, to_us(options_.os->wall_now()));
}

result<void> writer::book_lost(const lost_attempts& found) {
  const std::lock_guard lock(mutex_);
  if (process_ != ::getpid() || damaged_) return {};
  if (auto known = budgets_.refresh(); !known) return known;
  const auto expired = budgets_.has_expired();
  if (!expired) return expired.error();
  const bool moved = found.ended >= found.ended_before + mark_step;
  if (found.lost.empty() && !*expired && !moved) return {};
  return transaction([&]() -> result<void> {
    for (const lost_attempt& lost : found.lost)
      if (auto done = put_lost(lost); !done) return done;
    if (moved)
      if (auto done = put_mark(found.ended); !done) return done;
    return budgets_.release_expired();
  });
}

result<void> writer::put_mark(std::int64_t ended) {
  auto put = db_.prepare("INSERT OR REPLACE INTO ledger_mark VALUES('ended', ?)");
  if (!put) return put.error();
  put->bind(1, ended);
  return step(*put);
}

bool writer::may_sweep() {
  const std::lock_guard lock(mutex_);
  const auto now = options_.os->steady_now();
  if (last_sweep_ != std::chrono::steady_clock::time_point{} && now - last_sweep_ < between_sweeps)
    return false;
  last_sweep_ = now;
  return true;
}

void writer::tell() {
  std::vector<budget_alert> alerts;
  {
    const std::lock_guard lock(mutex_);
    alerts.swap(alerts_);
  }
  if (!options_.on_threshold) return;
  for (const budget_alert& alert : alerts) options_.on_threshold(alert);
}

}  // namespace ark::detail
