#include "ledger/query.hpp"

#include <algorithm>

#include "ledger/record.hpp"

namespace ark::detail {
namespace {
constexpr std::int64_t rows_a_page = 512;
}

void condition::add(std::string_view text, std::variant<std::int64_t, std::string> value) {
  sql += " AND ";
  sql += text;
  values.push_back(std::move(value));
}

void condition::bind(sqlite::statement& to, int first) const {
  for (const auto& value : values) {
    if (const auto* number = std::get_if<std::int64_t>(&value))
      to.bind(first++, *number);
    else
      to.bind(first++, std::string_view(std::get<std::string>(value)));
  }
}

condition condition_of(const ledger_filter& filter, bool corrected) {
  condition where{.sql = "1", .values = {}};
  if (filter.since) where.add("i.begun_us >= ?", to_us(*filter.since));
  if (filter.until) where.add("i.begun_us < ?", to_us(*filter.until));
  const std::pair<std::string_view, const std::string*> texts[] = {
      {"i.vendor = ?", &filter.vendor},  {"i.model = ?", &filter.model},
      {"i.tenant = ?", &filter.tenant},  {"i.user = ?", &filter.user},
      {"i.task = ?", &filter.task},      {"i.run = ?", &filter.run},
      {"i.call_id = ?", &filter.call_id}};
  for (const auto& [sql, value] : texts)
    if (!value->empty()) where.add(sql, *value);
  for (const auto& [name, value] : filter.tags) {
    where.add("EXISTS (SELECT 1 FROM json_each(i.tags) t WHERE t.key = ?", name);
    where.sql += " AND t.value = ?)";
    where.values.emplace_back(value);
  }
  if (filter.state) {
    const std::string state = outcome_column("state", corrected);
    where.add("ifnull(" + state + ", 'sending') = ?", std::string(to_string(*filter.state)));
  }
  return where;
}

std::string_view from_clause(bool corrected) noexcept {
  return corrected ? " FROM intent i LEFT JOIN outcome o ON o.seq = i.seq LEFT JOIN correction c "
                     "ON c.seq = (SELECT max(seq) FROM correction WHERE of_seq = i.seq AND kind IN "
                     "('resolved', 'corrected')) WHERE "
                   : " FROM intent i LEFT JOIN outcome o ON o.seq = i.seq WHERE ";
}

result<bool> has_corrections(sqlite::database& db) {
  const auto found =
      db.integer("SELECT EXISTS(SELECT 1 FROM correction WHERE kind IN ('resolved', 'corrected'))");
  if (!found) return found.error();
  return *found != 0;
}

namespace {

/// One page of entries, whole in memory so that no lock is held while they are looked at.
result<std::vector<ledger_entry>> read_page(sqlite::database& db, sqlite::statement& query,
                                            const condition& where, std::int64_t after,
                                            std::int64_t rows) {
  where.bind(query, 1);
  const int next = static_cast<int>(where.values.size()) + 1;
  query.bind(next, after);
  query.bind(next + 1, rows);
  std::vector<ledger_entry> page;
  int code = SQLITE_ROW;
  while ((code = query.step()) == SQLITE_ROW) {
    auto entry = read_entry(query);
    if (!entry) return entry.error();
    page.push_back(std::move(*entry));
  }
  if (code != SQLITE_DONE) return db.last_error("read");
  query.reset();
  return page;
}

}  // namespace

result<void> scan_entries(sqlite::database& db, const ledger_filter& filter,
                          const std::function<bool(const ledger_entry&)>& each) {
  const auto corrected = has_corrections(db);
  if (!corrected) return corrected.error();
  const condition where = condition_of(filter, *corrected);
  const std::string order = filter.newest_first ? " AND i.seq < ? ORDER BY i.seq DESC LIMIT ?"
                                                : " AND i.seq > ? ORDER BY i.seq LIMIT ?";
  auto query = db.prepare("SELECT " + entry_columns(*corrected) +
                          std::string(from_clause(*corrected)) + where.sql + order);
  if (!query) return query.error();
  std::int64_t after = filter.after_sequence;
  if (filter.newest_first && after <= 0) after = INT64_MAX;
  std::int64_t left = filter.limit > 0 ? filter.limit : INT64_MAX;
  while (left > 0) {
    const std::int64_t wanted = std::min(left, rows_a_page);
    auto page = read_page(db, *query, where, after, wanted);
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
