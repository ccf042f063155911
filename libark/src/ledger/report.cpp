#include "ledger/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <unordered_map>

#include "ledger/figures.hpp"
#include "ledger/query.hpp"
#include "ledger/record.hpp"
#include "ledger/rollup_report.hpp"

namespace ark::detail {
namespace {

/// One part of the key: a piece of the clock, or a column.
struct part {
  clock_unit unit = clock_unit::none;
  std::string sql{};
  std::string tag{};  ///< bound, when `sql` has a question mark
};

std::optional<part> part_named(std::string_view name, bool corrected) {
  if (name == "hour") return part{.unit = clock_unit::hour};
  if (name == "day") return part{.unit = clock_unit::day};
  if (name == "month") return part{.unit = clock_unit::month};
  if (name == "state")
    return part{.sql = "ifnull(" + outcome_column("state", corrected) + ", 'sending')"};
  for (const std::string_view column : {"vendor", "model", "tenant", "user", "task", "run"})
    if (name == column) return part{.sql = "i." + std::string(column)};
  if (name.starts_with("tag:") && name.size() > 4)
    return part{.sql = "(SELECT t.value FROM json_each(i.tags) t WHERE t.key = ?)",
                .tag = std::string(name.substr(4))};
  return std::nullopt;
}

result<std::vector<part>> parts_of(const std::vector<std::string>& group_by, bool corrected) {
  std::vector<part> parts;
  for (const auto& name : group_by) {
    auto found = part_named(name, corrected);
    if (!found)
      return error{.code = errc::invalid_request,
                   .message = "a report cannot be grouped by \"" + name +
                              "\": use hour, day, month, vendor, model, tenant, user, task, run, "
                              "state or tag:NAME"};
    parts.push_back(std::move(*found));
  }
  return parts;
}

/// Where the fixed columns are; the key's columns follow.
enum column : int {
  begun,
  state,
  status,
  currency,
  value,
  low = value + 2,
  high = low + 2,
  input = high + 2,
  cache_read,
  cache_write,
  output,
  reasoning,
  quote_status,
  quote_currency,
  quote,
  quote_high = quote + 2,
  first_key = quote_high + 2
};

std::string fixed_columns(bool corrected) {
  const auto sum = [&](std::initializer_list<std::string_view> names) {
    std::string sql;
    for (const auto name : names) sql += (sql.empty() ? "" : "+") + outcome_column(name, corrected);
    return sql;
  };
  std::string sql = "i.begun_us";
  for (const std::string_view name :
       {"state", "cost_status", "currency", "cost_micro", "cost_femto", "low_micro", "low_femto",
        "high_micro", "high_femto"})
    sql += "," + outcome_column(name, corrected);
  sql += "," + sum({"input", "input_audio", "input_image", "input_video", "tool_prompt"});
  sql += "," + sum({"cache_read"});
  sql += "," + sum({"cache_write", "cache_write_5m", "cache_write_1h"});
  sql += "," + sum({"output", "output_audio", "output_image"});
  sql += "," + sum({"reasoning"});
  return sql +
         ",i.quote_status,i.quote_currency,i.quote_micro,i.quote_femto,i.quote_high_micro,"
         "i.quote_high_femto";
}

amount money_at(sqlite::statement& row, int at) {
  return join(row.integer(at), row.integer(at + 1));
}

/// The end of an interval, which is stored only where it differs from the value.
amount end_at(sqlite::statement& row, int at, int otherwise) {
  return money_at(row, row.is_null(at) ? otherwise : at);
}

/// Nothing if the row's state is unknown to this library.
std::optional<standing> standing_at(sqlite::statement& row) {
  standing s;
  s.quote_status = status_named(row.text(quote_status));
  s.quote_currency = row.text(quote_currency);
  s.quote_high = end_at(row, quote_high, quote);
  if (row.is_null(state)) return s;
  s.ended = state_named(row.text(state));
  if (!s.ended) return std::nullopt;
  s.status = status_named(row.text(status));
  s.currency = row.text(currency);
  s.value = money_at(row, value);
  s.low = end_at(row, low, value);
  s.high = end_at(row, high, value);
  s.input = row.integer(input);
  s.cache_read = row.integer(cache_read);
  s.cache_write = row.integer(cache_write);
  s.output = row.integer(output);
  s.reasoning = row.integer(reasoning);
  return s;
}

/// Groups by key and currency. Rows that follow each other are often of one group.
class grouping {
 public:
  explicit grouping(std::vector<part> parts) : parts_(std::move(parts)) {}

  /// Null when there are too many groups.
  report_line* line_of(sqlite::statement& row, std::string_view in_currency) {
    key_.clear();
    const std::int64_t us = row.integer(begun);
    int at = first_key;
    for (const auto& p : parts_) {
      if (p.unit == clock_unit::none)
        append(row.text(at++));
      else
        append(clock_of(us, p.unit));
    }
    append(in_currency);
    const auto found = index_.find(key_);
    if (found != index_.end()) return &lines_[found->second];
    if (lines_.size() == report_groups_max) return nullptr;
    index_.emplace(key_, lines_.size());
    return &lines_.emplace_back(new_line(row, us, in_currency));
  }

  std::vector<report_line> sorted() && {
    sort_lines(lines_);
    return std::move(lines_);
  }

 private:
  void append(std::string_view text) {
    key_ += text;
    key_ += '\0';  // no text in the ledger has one
  }
  /// The text of an hour, as rows of one hour come together.
  const std::string& clock_of(std::int64_t us, clock_unit unit) {
    constexpr std::int64_t hour_us = 3'600'000'000;
    auto& last = clocks_[static_cast<std::size_t>(unit)];
    const std::int64_t hour = us >= 0 ? us / hour_us : (us - hour_us + 1) / hour_us;
    if (last.text.empty() || last.hour != hour) last = {hour, clock_text(us, unit)};
    return last.text;
  }
  report_line new_line(sqlite::statement& row, std::int64_t us, std::string_view in_currency) {
    report_line line;
    int at = first_key;
    for (const auto& p : parts_)
      line.key.push_back(p.unit == clock_unit::none ? std::string(row.text(at++))
                                                    : clock_text(us, p.unit));
    line.currency = in_currency;
    return line;
  }

  struct clock_memo {
    std::int64_t hour = 0;
    std::string text{};
  };
  std::vector<part> parts_;
  std::string key_;
  std::array<clock_memo, 4> clocks_;
  std::unordered_map<std::string, std::size_t> index_;
  std::vector<report_line> lines_;
};

result<void> add_row(grouping& groups, sqlite::statement& row) {
  const auto attempt = standing_at(row);
  if (!attempt)
    return error{.code = errc::ledger,
                 .message =
                     "the ledger has a state that this library does not know: use a newer "
                     "libark"};
  auto* line = groups.line_of(row, currency_of(*attempt));
  if (line == nullptr) return too_many_groups();
  count(*line, *attempt);
  return {};
}

result<std::vector<report_line>> run_report(sqlite::database& db,
                                            const std::vector<std::string>& group_by,
                                            const ledger_filter& filter) {
  const auto corrected = has_corrections(db);
  if (!corrected) return corrected.error();
  auto parts = parts_of(group_by, *corrected);
  if (!parts) return parts.error();
  const condition where = condition_of(filter, *corrected);
  std::string sql = "SELECT " + fixed_columns(*corrected);
  for (const auto& p : *parts)
    if (!p.sql.empty()) sql += "," + p.sql;
  auto query = db.prepare(sql + std::string(from_clause(*corrected)) + where.sql);
  if (!query) return query.error();
  int next = 1;
  for (const auto& p : *parts)
    if (!p.tag.empty()) query->bind(next++, std::string_view(p.tag));
  where.bind(*query, next);
  grouping groups(std::move(*parts));
  int code = SQLITE_ROW;
  while ((code = query->step()) == SQLITE_ROW)
    if (auto added = add_row(groups, *query); !added) return added.error();
  if (code != SQLITE_DONE) return db.last_error("read");
  return std::move(groups).sorted();
}

}  // namespace

std::string clock_text(std::int64_t us, clock_unit unit) {
  const std::chrono::sys_time<std::chrono::microseconds> at{std::chrono::microseconds(us)};
  const auto days = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(days);
  std::string text = fmt::format("{:04}-{:02}", static_cast<int>(date.year()),
                                 static_cast<unsigned>(date.month()));
  if (unit == clock_unit::month) return text;
  text += fmt::format("-{:02}", static_cast<unsigned>(date.day()));
  if (unit == clock_unit::hour)
    text += fmt::format("T{:02}", std::chrono::floor<std::chrono::hours>(at - days).count());
  return text;
}

void sort_lines(std::vector<report_line>& lines) {
  std::sort(lines.begin(), lines.end(), [](const report_line& a, const report_line& b) {
    return std::tie(a.key, a.currency) < std::tie(b.key, b.currency);
  });
}

error too_many_groups() {
  return {.code = errc::too_large,
          .message = "the report has more than 1,000,000 groups: filter, or group by less"};
}

result<std::vector<report_line>> make_report(sqlite::database& db,
                                             const std::vector<std::string>& group_by,
                                             const ledger_filter& filter, report_source how) {
  // One snapshot for the questions of one report.
  if (auto begun = db.run("BEGIN"); !begun) return begun.error();
  const auto by_sums =
      how == report_source::rows ? std::nullopt : rollup_query_of(group_by, filter);
  result<std::optional<std::vector<report_line>>> summed =
      std::optional<std::vector<report_line>>{};
  if (by_sums) summed = report_of_rollups(db, *by_sums);
  if (!summed) return summed.error();
  auto lines = *summed ? result<std::vector<report_line>>(std::move(**summed))
                       : run_report(db, group_by, filter);
  if (!lines) return lines;  // the connection is not used again, which ends the snapshot
  if (auto ended = db.run("COMMIT"); !ended) return ended.error();
  return lines;
}

}  // namespace ark::detail
