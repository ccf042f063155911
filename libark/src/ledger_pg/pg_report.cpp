#include "ledger_pg/pg_report.hpp"

#include "ledger/rollup_report.hpp"
#include "ledger_pg/pg_figures.hpp"
#include "ledger_pg/pg_query.hpp"
#include "ledger_pg/pg_rollup.hpp"
#include "os/os.hpp"

namespace ark::detail {
namespace {

constexpr std::chrono::minutes report_limit{10};

/// One part of the key, from the rows of `a` or before them.
std::optional<std::string> key_named(std::string_view name, pg_condition& values) {
  const auto clock = [](const char* form) {
    return "to_char(to_timestamp((i.begun_us / 3600000000 - (i.begun_us % 3600000000 < 0)::int) * "
           "3600), '" +
           std::string(form) + "')";
  };
  if (name == "hour") return clock("YYYY-MM-DD\"T\"HH24");
  if (name == "day") return clock("YYYY-MM-DD");
  if (name == "month") return clock("YYYY-MM");
  if (name == "state") return "coalesce(" + pg_fate("state") + ", 'sending')";
  if (name == "user") return std::string("i.\"user\"");
  for (const std::string_view column : {"vendor", "model", "tenant", "task", "run"})
    if (name == column) return "i." + std::string(column);
  if (name.starts_with("tag:") && name.size() > 4)
    return "i.tags::jsonb ->> " + values.value(std::string(name.substr(4)));
  return std::nullopt;
}

error strange_state() {
  return {.code = errc::ledger,
          .message =
              "the ledger has a state that this library does not know: use a newer "
              "libark"};
}

}  // namespace

std::optional<__int128> parse_whole(std::string_view text) noexcept {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  // 38 digits always fit.
  if (text.empty() || text.size() > 38) return std::nullopt;
  __int128 n = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    n = n * 10 + (c - '0');
  }
  return negative ? -n : n;
}

namespace {

result<std::vector<report_line>> report_of_rows(pg::connection& db,
                                                const std::vector<std::string>& group_by,
                                                const ledger_filter& filter, pg::deadline until) {
  pg_condition values;
  std::string keys, names;
  for (std::size_t at = 0; at < group_by.size(); ++at) {
    const auto key = key_named(group_by[at], values);
    if (!key)
      return error{.code = errc::invalid_request,
                   .message = "a report cannot be grouped by \"" + group_by[at] +
                              "\": use hour, day, month, vendor, model, tenant, user, task, run, "
                              "state or tag:NAME"};
    const std::string k = "k" + std::to_string(at);
    keys += "coalesce(" + *key + ", '') COLLATE \"C\" AS " + k + ", ";
    names += k + ", ";
  }
  add_filter(values, filter);
  const std::string sql = "SELECT " + names + "currency, " + pg_figure_sums() + " FROM (SELECT " +
                          keys + pg_attempt_columns() + pg_from + "WHERE " + values.sql() +
                          ") a GROUP BY " + names + "currency ORDER BY " + names +
                          "currency LIMIT " + std::to_string(report_groups_max + 1);
  auto found = db.ask(sql, values.parameters(), until);
  if (!found) return found.error();
  return pg_read_lines(*found, static_cast<int>(group_by.size()), true);
}

}  // namespace

result<std::vector<report_line>> pg_read_lines(pg::rows& found, int keys, bool of_rows) {
  if (static_cast<std::size_t>(found.count()) > report_groups_max) return too_many_groups();
  std::vector<report_line> lines;
  while (found.next()) {
    if (of_rows && found.integer(keys + 1 + pg_figures) != 0) return strange_state();
    report_line line = pg_read_figures(found, keys + 1);
    for (int at = 0; at < keys; ++at) line.key.emplace_back(found.text(at));
    line.currency = found.text(keys);
    lines.push_back(std::move(line));
  }
  return lines;
}

result<std::vector<report_line>> pg_report(pg::connection& db,
                                           const std::vector<std::string>& group_by,
                                           const ledger_filter& filter, report_source how) {
  const auto until = os::real().steady_now() + report_limit;
  const auto by_sums =
      how == report_source::rows ? std::nullopt : rollup_query_of(group_by, filter);
  if (by_sums) {
    auto lines = pg_report_of_rollups(db, *by_sums, until);
    if (!lines) return lines.error();
    if (*lines) return std::move(**lines);
  }
  return report_of_rows(db, group_by, filter, until);
}

}  // namespace ark::detail
