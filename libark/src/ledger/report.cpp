#include "ledger/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <unordered_map>

#include "ledger/query.hpp"
#include "ledger/record.hpp"

namespace ark::detail {
namespace {

/// A group needs about 300 bytes: this bounds a report by a tag that is different on each call.
constexpr std::size_t groups_max = 1'000'000;

enum class clock_unit : std::uint8_t { none, hour, day, month };

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

/// No overflow: an amount in a row is below 9.3e27, and 1e10 rows of it fit 128 bits.
void add(amount& to, amount more) { to = amount::from_raw(to.raw() + more.raw()); }

void add_interval(report_line& line, amount least, amount most) {
  add(line.low, least);
  add(line.high, most);
}

/// The end of an interval, which is stored only where it differs from the value.
amount end_at(sqlite::statement& row, int at, int otherwise) {
  return money_at(row, row.is_null(at) ? otherwise : at);
}

void add_open(report_line& line, sqlite::statement& row) {
  ++line.open;
  // It may cost nothing, or all that was quoted.
  if (status_named(row.text(quote_status)) != cost_status::unknown)
    add_interval(line, {}, end_at(row, quote_high, quote));
}

void add_ended(report_line& line, attempt_state ended, sqlite::statement& row) {
  if (ended == attempt_state::settled) ++line.settled;
  if (ended == attempt_state::void_) ++line.voided;
  if (ended == attempt_state::ambiguous) ++line.ambiguous;
  line.input += row.integer(input);
  line.cache_read += row.integer(cache_read);
  line.cache_write += row.integer(cache_write);
  line.output += row.integer(output);
  line.reasoning += row.integer(reasoning);
  switch (status_named(row.text(status))) {
    case cost_status::unknown:
      if (ended != attempt_state::void_) ++line.unknown_cost;
      return;
    case cost_status::interval:
      return add_interval(line, end_at(row, low, value), end_at(row, high, value));
    case cost_status::exact:
    case cost_status::void_:
      const amount paid = money_at(row, value);
      add(line.cost, paid);
      return add_interval(line, paid, paid);
  }
}

/// What is not priced yet, or free, goes with the currency it would have been priced in.
std::string_view currency_of(sqlite::statement& row, std::optional<attempt_state> ended) {
  const std::string_view own = row.text(currency);
  if (!own.empty()) return own;
  if (!ended && status_named(row.text(quote_status)) == cost_status::unknown) return {};
  if (!ended || *ended == attempt_state::void_) return row.text(quote_currency);
  return {};
}

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
    if (lines_.size() == groups_max) return nullptr;
    index_.emplace(key_, lines_.size());
    return &lines_.emplace_back(new_line(row, us, in_currency));
  }

  std::vector<report_line> sorted() && {
    std::sort(lines_.begin(), lines_.end(), [](const report_line& a, const report_line& b) {
      return std::tie(a.key, a.currency) < std::tie(b.key, b.currency);
    });
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
  std::optional<attempt_state> ended;
  if (!row.is_null(state)) {
    ended = state_named(row.text(state));
    if (!ended)
      return error{.code = errc::ledger,
                   .message =
                       "the ledger has a state that this library does not know: use a newer "
                       "libark"};
  }
  auto* line = groups.line_of(row, currency_of(row, ended));
  if (line == nullptr)
    return error{.code = errc::too_large,
                 .message = "the report has more than 1,000,000 groups: filter, or group by less"};
  ++line->attempts;
  if (ended)
    add_ended(*line, *ended, row);
  else
    add_open(*line, row);
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

result<std::vector<report_line>> make_report(sqlite::database& db,
                                             const std::vector<std::string>& group_by,
                                             const ledger_filter& filter) {
  // One snapshot for the questions of one report.
  if (auto begun = db.run("BEGIN"); !begun) return begun.error();
  auto lines = run_report(db, group_by, filter);
  if (!lines) return lines;  // the connection is not used again, which ends the snapshot
  if (auto ended = db.run("COMMIT"); !ended) return ended.error();
  return lines;
}

}  // namespace ark::detail
