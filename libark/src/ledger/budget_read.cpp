#include <algorithm>
#include <map>

#include "ledger/budget_book.hpp"
#include "ledger/budget_text.hpp"
#include "ledger/record.hpp"

/// Budgets as they are in the file.
namespace ark::detail {
namespace {

result<kept_budget> read_budget(sqlite::statement& row) {
  kept_budget b{.id = row.integer(0),
                .line = row.integer(1),
                .since_seq = row.integer(5),
                .set_us = row.integer(4),
                .removed = row.integer(3) != 0,
                .what = {.name = std::string(row.text(2)),
                         .limit = {join(row.integer(6), row.integer(7)), std::string(row.text(8))},
                         .length = std::chrono::seconds(row.integer(10)),
                         .utc_offset = std::chrono::minutes(row.integer(11)),
                         .hard = row.integer(13) != 0,
                         .allow_unpriced = row.integer(14) != 0,
                         .hold_lost = row.integer(15) != 0}};
  if (!read_period(row.text(9), b.what.period) || !read_scope(row.text(12), b.what.scope) ||
      !read_thresholds(row.text(16), b.what.thresholds))
    return damaged_budget(b.what.name);
  return b;
}

/// Rows of two integers, as amounts, by the text before them.
result<std::map<std::string, amount>> sums_by_state(sqlite::database& db, std::int64_t line,
                                                    window_rows window) {
  auto query = db.prepare(
      "SELECT state, sum(held_micro), sum(held_femto) FROM reservation WHERE state <> 'done' AND "
      "state IN ('doubt','lost','freed') AND line = ? AND start_us BETWEEN ? AND ? GROUP BY state");
  if (!query) return query.error();
  query->bind(1, line);
  query->bind(2, window.from);
  query->bind(3, window.to);
  std::map<std::string, amount> out;
  int code = SQLITE_ROW;
  while ((code = query->step()) == SQLITE_ROW)
    out[std::string(query->text(0))] = join(query->integer(1), query->integer(2));
  if (code != SQLITE_DONE) return db.last_error("read the budgets of");
  return out;
}

result<std::int64_t> count_uncounted(sqlite::database& db, std::int64_t line, window_rows window) {
  auto query = db.prepare(
      "SELECT count(*) FROM reservation WHERE state <> 'done' AND state = 'uncounted' AND line = ? "
      "AND start_us BETWEEN ? AND ?");
  if (!query) return query.error();
  query->bind(1, line);
  query->bind(2, window.from);
  query->bind(3, window.to);
  if (query->step() != SQLITE_ROW) return db.last_error("read the budgets of");
  return query->integer(0);
}

result<std::vector<std::pair<std::int64_t, window_sums>>> read_windows(sqlite::database& db,
                                                                       std::int64_t line,
                                                                       window_rows window) {
  auto query = db.prepare(
      "SELECT start_us, spent_micro, spent_femto, reserved_micro, reserved_femto "
      "FROM budget_window WHERE line = ? AND start_us BETWEEN ? AND ? ORDER BY start_us");
  if (!query) return query.error();
  query->bind(1, line);
  query->bind(2, window.from);
  query->bind(3, window.to);
  std::vector<std::pair<std::int64_t, window_sums>> out;
  int code = SQLITE_ROW;
  while ((code = query->step()) == SQLITE_ROW)
    out.emplace_back(query->integer(0), window_sums{join(query->integer(1), query->integer(2)),
                                                    join(query->integer(3), query->integer(4))});
  if (code != SQLITE_DONE) return db.last_error("read the budgets of");
  return out;
}

result<budget_status> read_status(sqlite::database& db, const kept_budget& b,
                                  std::chrono::system_clock::time_point now) {
  const window_rows window = window_of(b.what, to_us(now));
  const auto rows = read_windows(db, b.line, window);
  if (!rows) return rows.error();
  const auto doubts = sums_by_state(db, b.line, window);
  if (!doubts) return doubts.error();
  const auto uncounted = count_uncounted(db, b.line, window);
  if (!uncounted) return uncounted.error();
  budget_status out{.budget = b.what, .uncounted = *uncounted};
  const window_times times = times_of(b.what, window.key);
  out.begins = b.what.period == budget_period::rolling ? from_us(window.from) : times.begins;
  out.ends = times.ends;
  amount::rep spent = 0, reserved = 0, in_doubt = 0, given_up = 0;
  for (const auto& [key, has] : *rows) {
    spent += has.spent.raw();
    reserved += has.reserved.raw();
  }
  for (const auto& [state, value] : *doubts)
    (state == "freed" ? given_up : in_doubt) += value.raw();
  out.spent = amount::from_raw(spent);
  out.reserved = amount::from_raw(reserved);
  out.left = amount::from_raw(b.what.limit.value.raw() - spent - reserved);
  out.in_doubt = amount::from_raw(in_doubt);
  out.given_up = amount::from_raw(given_up);
  return out;
}

result<void> read_alerts(sqlite::database& db, const kept_budget& b,
                         std::vector<budget_alert>& into) {
  auto query = db.prepare(
      "SELECT start_us, percent, spent_micro, spent_femto, at_us FROM budget_told "
      "WHERE budget = ? ORDER BY at_us, start_us, percent");
  if (!query) return query.error();
  query->bind(1, b.id);
  int code = SQLITE_ROW;
  while ((code = query->step()) == SQLITE_ROW) {
    const window_times times = times_of(b.what, query->integer(0));
    into.push_back({.budget = b.what.name,
                    .percent = static_cast<int>(query->integer(1)),
                    .spent = join(query->integer(2), query->integer(3)),
                    .limit = b.what.limit,
                    .begins = times.begins,
                    .ends = times.ends,
                    .at = from_us(query->integer(4))});
  }
  if (code != SQLITE_DONE) return db.last_error("read the budgets of");
  return {};
}

result<void> add_windows(sqlite::database& db, const kept_budget& b, budget_history& out) {
  const auto rows = read_windows(db, b.line, {0, INT64_MIN, INT64_MAX});
  if (!rows) return rows.error();
  for (const auto& [key, has] : *rows) {
    const window_times times = times_of(b.what, key);
    out.windows.push_back({times.begins, times.ends, has.spent, has.reserved});
  }
  return {};
}

}  // namespace

result<std::vector<kept_budget>> read_budgets(sqlite::database& db) {
  auto query = db.prepare("SELECT * FROM budget ORDER BY id");
  if (!query) return query.error();
  std::vector<kept_budget> out;
  int code = SQLITE_ROW;
  while ((code = query->step()) == SQLITE_ROW) {
    auto b = read_budget(*query);
    if (!b) return b.error();
    out.push_back(std::move(*b));
  }
  if (code != SQLITE_DONE) return db.last_error("read the budgets of");
  return out;
}

std::vector<kept_budget> in_force(const std::vector<kept_budget>& all) {
  std::map<std::string_view, const kept_budget*> last;
  for (const kept_budget& b : all) last[b.what.name] = &b;
  std::vector<kept_budget> out;
  for (const auto& [name, b] : last)
    if (!b->removed) out.push_back(*b);
  return out;
}

result<std::vector<budget_status>> read_budget_status(sqlite::database& db,
                                                      std::chrono::system_clock::time_point now) {
  const auto all = read_budgets(db);
  if (!all) return all.error();
  std::vector<budget_status> out;
  for (const kept_budget& b : in_force(*all)) {
    auto status = read_status(db, b, now);
    if (!status) return status.error();
    out.push_back(std::move(*status));
  }
  return out;
}

result<budget_history> read_budget_history(sqlite::database& db, std::string_view name) {
  const auto all = read_budgets(db);
  if (!all) return all.error();
  budget_history out;
  std::map<std::int64_t, const kept_budget*> lines;
  for (const kept_budget& b : *all) {
    if (b.what.name != name) continue;
    out.versions.push_back({from_us(b.set_us), b.removed, b.what});
    lines[b.line] = &b;
    if (auto read = read_alerts(db, b, out.alerts); !read) return read.error();
  }
  if (out.versions.empty())
    return error{.code = errc::not_found,
                 .message = "there never was a budget \"" + std::string(name) +
                            "\": `ark budget list` shows which there are"};
  for (const auto& [line, b] : lines)
    if (b->what.period != budget_period::rolling)
      if (auto read = add_windows(db, *b, out); !read) return read.error();
  return out;
}

}  // namespace ark::detail
