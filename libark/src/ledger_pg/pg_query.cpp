#include "ledger_pg/pg_query.hpp"

#include <algorithm>

#include "ledger/record.hpp"
#include "os/os.hpp"

namespace ark::detail {
namespace {

constexpr std::int64_t entries_a_page = 512;
/// A page of rows; a filter that finds little may read the whole table.
constexpr std::chrono::minutes page_limit{10};

/// The store's list of a whole entry's columns, the fate's ones with their corrections.
std::string whole_entry() {
  const std::string plain = entry_columns(false);
  std::string sql;
  for (std::size_t at = 0; at < plain.size();) {
    const auto end = std::min(plain.find(',', at), plain.size());
    const std::string_view name = std::string_view(plain).substr(at, end - at);
    if (!sql.empty()) sql += ',';
    sql += name.starts_with("o.") ? pg_fate(name.substr(2)) : std::string(name);
    at = end + 1;
  }
  return sql;
}

}  // namespace

std::string pg_condition::value(std::variant<std::int64_t, std::string> v) {
  values_.push_back(std::move(v));
  return "$" + std::to_string(values_.size());
}

pg::parameters pg_condition::parameters() const {
  pg::parameters all;
  for (const auto& v : values_) {
    if (const auto* number = std::get_if<std::int64_t>(&v))
      all.integer(*number);
    else
      all.text(std::get<std::string>(v));
  }
  return all;
}

void add_filter(pg_condition& to, const ledger_filter& filter) {
  if (filter.since) to.add("i.begun_us >= " + to.value(to_us(*filter.since)));
  if (filter.until) to.add("i.begun_us < " + to.value(to_us(*filter.until)));
  const std::pair<std::string, const std::string*> texts[] = {
      {"i.vendor = ", &filter.vendor},  {"i.model = ", &filter.model},
      {"i.tenant = ", &filter.tenant},  {"i.\"user\" = ", &filter.user},
      {"i.task = ", &filter.task},      {"i.run = ", &filter.run},
      {"i.call_id = ", &filter.call_id}};
  for (const auto& [sql, value] : texts)
    if (!value->empty()) to.add(sql + to.value(*value));
  for (const auto& [name, value] : filter.tags) {
    const std::string key = to.value(name);
    to.add("i.tags::jsonb ->> " + key + " = " + to.value(value));
  }
  if (filter.state)
    to.add("coalesce(" + pg_fate("state") +
           ", 'sending') = " + to.value(std::string(to_string(*filter.state))));
}

const char* const pg_from =
    " FROM ark.intent i LEFT JOIN ark.outcome o ON o.seq = i.seq LEFT JOIN ark.correction c "
    "ON c.seq = (SELECT max(x.seq) FROM ark.correction x WHERE x.of_seq = i.seq AND x.kind IN "
    "('resolved', 'corrected')) ";

std::string pg_fate(std::string_view name) {
  const std::string n(name);
  return "CASE WHEN c.seq IS NULL THEN o." + n + " ELSE c." + n + " END";
}

std::string booked_sql() {
  return "SELECT " + whole_entry() + pg_from +
         "WHERE (i.attempt_id = $1 OR i.seq = $2) AND o.seq IS NOT NULL";
}

namespace {

result<std::vector<ledger_entry>> read_page(pg::connection& db, const std::string& sql,
                                            const pg_condition& where) {
  auto found = db.ask(sql, where.parameters(), os::real().steady_now() + page_limit);
  if (!found) return found.error();
  std::vector<ledger_entry> page;
  while (found->next()) {
    auto entry = read_entry(*found);
    if (!entry) return entry.error();
    page.push_back(std::move(*entry));
  }
  return page;
}

}  // namespace

result<std::vector<pg_entry>> pg_read_page(pg::connection& db, const ledger_filter& filter,
                                           pg::deadline until) {
  const std::string columns = whole_entry();
  const auto last = static_cast<int>(std::count(columns.begin(), columns.end(), ','));
  pg_condition where;
  add_filter(where, filter);
  where.add("i.seq > " + where.value(filter.after_sequence));
  auto found =
      db.ask("SELECT " + columns + ",i.attempt_id,coalesce(i.lease_us,0)" + pg_from + "WHERE " +
                 where.sql() + " ORDER BY i.seq LIMIT " + std::to_string(entries_a_page),
             where.parameters(), until);
  if (!found) return found.error();
  std::vector<pg_entry> page;
  while (found->next()) {
    auto entry = read_entry(*found);
    if (!entry) return entry.error();
    page.push_back({std::move(*entry), found->integer(last + 1), found->integer(last + 2)});
  }
  return page;
}

result<void> pg_scan(pg::connection& db, const ledger_filter& filter,
                     const std::function<bool(const ledger_entry&)>& each) {
  std::int64_t after = filter.after_sequence;
  if (filter.newest_first && after <= 0) after = INT64_MAX;
  std::int64_t left = filter.limit > 0 ? filter.limit : INT64_MAX;
  const std::string columns = whole_entry();
  while (left > 0) {
    const std::int64_t wanted = std::min(left, entries_a_page);
    pg_condition where;
    add_filter(where, filter);
    where.add((filter.newest_first ? "i.seq < " : "i.seq > ") + where.value(after));
    const std::string order = filter.newest_first ? " ORDER BY i.seq DESC" : " ORDER BY i.seq";
    const auto page = read_page(db,
                                "SELECT " + columns + pg_from + "WHERE " + where.sql() + order +
                                    " LIMIT " + std::to_string(wanted),
                                where);
    if (!page) return page.error();
    for (const auto& entry : *page)
      if (!each(entry)) return {};
    if (static_cast<std::int64_t>(page->size()) < wanted) return {};
    left -= wanted;
    after = page->back().sequence;
  }
  return {};
}

}  // namespace ark::detail
