#include "ledger/rollup_report.hpp"

#include <unordered_map>

#include "ledger/figures.hpp"
#include "ledger/record.hpp"
#include "ledger/report.hpp"
#include "ledger/rollup_keys.hpp"
#include "ledger/schema.hpp"

namespace ark::detail {
namespace {

constexpr std::int64_t rollup_day_us = 86'400'000'000;
using rollup_part = rollup_query::part;

/// False if another dimension is asked for already.
bool take_dimension(rollup_query& query, std::string_view name) {
  if (!query.dimension.empty()) return query.dimension == name;
  query.dimension = name;
  return true;
}

bool take_group(rollup_query& query, const std::string& name) {
  constexpr std::pair<std::string_view, rollup_part> plain[] = {{"day", rollup_part::day},
                                                                {"month", rollup_part::month},
                                                                {"vendor", rollup_part::vendor},
                                                                {"model", rollup_part::model}};
  for (const auto& [known, as] : plain)
    if (name == known) {
      query.parts.push_back(as);
      return true;
    }
  const bool tag = name.starts_with("tag:") && name.size() > 4;
  query.parts.push_back(rollup_part::value);
  return (tag || name == "tenant" || name == "task") && take_dimension(query, name);
}

bool take_value(rollup_query& query, std::string_view dimension, const std::string& value) {
  if (!take_dimension(query, dimension)) return false;
  query.value = value;
  return !value.empty();
}

bool take_day(const std::optional<std::chrono::system_clock::time_point>& at, std::int64_t& day) {
  if (!at) return true;
  const std::int64_t us = to_us(*at);
  day = day_of(us);
  return us == day * rollup_day_us;
}

}  // namespace

std::optional<rollup_query> rollup_query_of(const std::vector<std::string>& group_by,
                                            const ledger_filter& filter) {
  if (!filter.user.empty() || !filter.run.empty() || !filter.call_id.empty() || filter.state)
    return std::nullopt;
  rollup_query query{.vendor = filter.vendor, .model = filter.model};
  bool can = take_day(filter.since, query.since_day) && take_day(filter.until, query.until_day);
  for (const auto& name : group_by) can = can && take_group(query, name);
  if (!filter.tenant.empty()) can = can && take_value(query, "tenant", filter.tenant);
  if (!filter.task.empty()) can = can && take_value(query, "task", filter.task);
  for (const auto& [name, value] : filter.tags)
    can = can && take_value(query, "tag:" + name, value);
  return can ? std::optional(std::move(query)) : std::nullopt;
}

report_line read_figures(sqlite::statement& row, int first) {
  report_line line;
  for (const auto member : counter_members) line.*member = row.integer(first++);
  for (const auto member : sum_members) {
    line.*member = join(row.integer(first), row.integer(first + 1));
    first += 2;
  }
  return line;
}

namespace {

/// The lines of a report as they come together.
class rollup_gathering {
 public:
  explicit rollup_gathering(const rollup_query& query) : query_(query) {}

  /// Null when there are too many.
  report_line* line_of(std::int64_t day, std::string_view value, std::string_view vendor,
                       std::string_view model, std::string_view currency) {
    key_.clear();
    for (const auto p : query_.parts)
      append(p == rollup_part::day || p == rollup_part::month ? clock_of(day, p)
             : p == rollup_part::vendor                       ? vendor
             : p == rollup_part::model                        ? model
                                                              : value);
    append(currency);
    const auto [found, made] = index_.try_emplace(key_, lines_.size());
    if (!made) return &lines_[found->second];
    if (lines_.size() == report_groups_max) return nullptr;
    report_line line;
    std::string_view rest = key_;
    for (std::size_t i = 0; i < query_.parts.size(); ++i) line.key.emplace_back(next(rest));
    line.currency = currency;
    return &lines_.emplace_back(std::move(line));
  }

  std::vector<report_line> sorted() && {
    std::erase_if(lines_, [](const report_line& line) { return line.attempts == 0; });
    sort_lines(lines_);
    return std::move(lines_);
  }

 private:
  void append(std::string_view text) {
    key_ += text;
    key_ += '\0';
  }
  static std::string_view next(std::string_view& rest) {
    const auto text = rest.substr(0, rest.find('\0'));
    rest.remove_prefix(text.size() + 1);
    return text;
  }
  std::string_view clock_of(std::int64_t day, rollup_part as) {
    if (clock_.empty() || day != clock_day_ || as != clock_part_)
      clock_ = clock_text(day * rollup_day_us,
                          as == rollup_part::day ? clock_unit::day : clock_unit::month);
    clock_day_ = day;
    clock_part_ = as;
    return clock_;
  }

  const rollup_query& query_;
  std::string key_, clock_;
  std::int64_t clock_day_ = 0;
  rollup_part clock_part_ = rollup_part::day;
  std::unordered_map<std::string, std::size_t> index_;
  std::vector<report_line> lines_;
};

/// What a pass over a dimension does to the lines.
enum class rollup_pass : std::uint8_t {
  add,
  add_as_rest,    ///< all attempts, as those without a value
  move_from_rest  ///< an attempt with a value is not among those without
};

class rollup_reader {
 public:
  rollup_reader(sqlite::database& db, const rollup_query& query)
      : db_(db), query_(query), lines_(query) {}

  result<void> read(std::int64_t dimension, rollup_pass how) {
    auto next_day = db_.prepare("SELECT min(day) FROM rollup WHERE day >= ?");
    if (!next_day) return next_day.error();
    auto rows = db_.prepare(sql());
    if (!rows) return rows.error();
    std::int64_t from = query_.since_day;
    for (;;) {
      next_day->bind(1, from);
      if (next_day->step() != SQLITE_ROW) return db_.last_error("read");
      if (next_day->is_null(0) || next_day->integer(0) >= query_.until_day) return {};
      const std::int64_t day = next_day->integer(0);
      next_day->reset();
      if (auto done = read_day(*rows, day, dimension, how); !done) return done;
      from = day + 1;
    }
  }
  std::vector<report_line> sorted() && { return std::move(lines_).sorted(); }

 private:
  std::string sql() const {
    std::string text = "SELECT k.value, k.vendor, k.model, k.currency," +
                       std::string(schema::rollup_columns()) +
                       " FROM rollup r JOIN rollup_key k ON k.id = r.key WHERE r.day = ? AND "
                       "r.dimension = ?";
    if (!query_.vendor.empty()) text += " AND k.vendor = ?3";
    if (!query_.model.empty()) text += " AND k.model = ?4";
    return text;
  }

  result<void> read_day(sqlite::statement& rows, std::int64_t day, std::int64_t dimension,
                        rollup_pass how) {
    rows.bind(1, day);
    rows.bind(2, dimension);
    if (!query_.vendor.empty()) rows.bind(3, std::string_view(query_.vendor));
    if (!query_.model.empty()) rows.bind(4, std::string_view(query_.model));
    int code = SQLITE_ROW;
    while ((code = rows.step()) == SQLITE_ROW)
      if (auto done = add_row(rows, day, how); !done) return done;
    if (code != SQLITE_DONE) return db_.last_error("read");
    rows.reset();
    return {};
  }

  result<void> add_row(sqlite::statement& row, std::int64_t day, rollup_pass how) {
    const std::string_view value = row.text(0);
    if (how != rollup_pass::add_as_rest && !query_.value.empty() && value != query_.value)
      return {};
    const report_line figures = read_figures(row, 4);
    const auto line = [&](std::string_view of) {
      return lines_.line_of(day, of, row.text(1), row.text(2), row.text(3));
    };
    report_line* own = line(how == rollup_pass::add_as_rest ? std::string_view() : value);
    if (own == nullptr) return too_many_groups();
    add(*own, figures);
    if (how != rollup_pass::move_from_rest) return {};
    report_line* rest = line({});
    if (rest == nullptr) return too_many_groups();
    subtract(*rest, figures);
    return {};
  }

  sqlite::database& db_;
  const rollup_query& query_;
  rollup_gathering lines_;
};

bool groups_by_value(const rollup_query& query) {
  for (const auto p : query.parts)
    if (p == rollup_part::value) return true;
  return false;
}

/// The dimensions of an answer: that of all attempts, and the one that is asked for, if any attempt
/// has it. Nothing: the roll-ups do not hold it all.
struct rollup_sources {
  std::optional<rollup_dimension> all, asked;
};
result<std::optional<rollup_sources>> sources_of(sqlite::database& db,
                                                 const std::string& dimension) {
  rollup_sources from;
  const auto all = find_dimension(db, plain_dimension);
  if (!all) return all.error();
  if (!*all || (*all)->off) return std::optional<rollup_sources>{};
  from.all = *all;
  if (dimension.empty()) return std::optional(from);
  const auto asked = find_dimension(db, dimension);
  if (!asked) return asked.error();
  if (*asked && (*asked)->off) return std::optional<rollup_sources>{};
  from.asked = *asked;
  if (*asked) return std::optional(from);
  const auto more = find_dimension(db, more_dimensions);
  if (!more) return more.error();
  return *more ? std::optional<rollup_sources>{} : std::optional(from);
}

}  // namespace

result<std::optional<std::vector<report_line>>> report_of_rollups(sqlite::database& db,
                                                                  const rollup_query& query) {
  const auto from = sources_of(db, query.dimension);
  if (!from) return from.error();
  if (!*from) return std::optional<std::vector<report_line>>{};
  const auto& [all, asked] = **from;
  rollup_reader report(db, query);
  result<void> done;
  if (query.dimension.empty()) {
    done = report.read(all->id, rollup_pass::add);
  } else if (!query.value.empty() || !groups_by_value(query)) {
    if (asked) done = report.read(asked->id, rollup_pass::add);
  } else {
    done = report.read(all->id, rollup_pass::add_as_rest);
    if (done && asked) done = report.read(asked->id, rollup_pass::move_from_rest);
  }
  if (!done) return done.error();
  return std::optional(std::move(report).sorted());
}

}  // namespace ark::detail
