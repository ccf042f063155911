#include "ledger/verify_rollup.hpp"

#include "base/json_reader.hpp"
#include "ledger/record.hpp"
#include "ledger/report.hpp"
#include "ledger/rollup_report.hpp"
#include "ledger/schema.hpp"

namespace ark::detail {
namespace {

constexpr std::size_t known_places_max = 100'000;
constexpr std::int64_t recount_day_us = 86'400'000'000;

/// The place of a name in a list with commas, from 0.
int place_of(std::string_view list, std::string_view name) {
  int at = 0;
  while (!list.empty()) {
    const auto comma = list.find(',');
    if (list.substr(0, comma) == name) return at;
    list = comma == std::string_view::npos ? "" : list.substr(comma + 1);
    ++at;
  }
  return at;
}

int intent_column(std::string_view name) {
  return row_stream::first_column + place_of(schema::intent_columns(), name);
}

amount amount_at(sqlite::statement& row, int at) {
  return join(row.integer(at), row.integer(at + 1));
}

}  // namespace

fate_columns::fate_columns(int first) {
  const auto at = [first](std::string_view name) {
    return first + place_of(schema::outcome_columns(), name);
  };
  state_ = at("state");
  status_ = at("cost_status");
  currency_ = at("currency");
  value_ = at("cost_micro");
  low_ = at("low_micro");
  high_ = at("high_micro");
  input_ = at("input");
}

/// The end of an interval, which is stored only where it differs from the value.
amount fate_columns::end_at(sqlite::statement& row, int at) const {
  return amount_at(row, row.is_null(at) ? value_ : at);
}

std::optional<standing> fate_columns::read(sqlite::statement& row, standing open) const {
  open.ended = state_named(row.text(state_));
  if (!open.ended) return std::nullopt;
  open.status = status_named(row.text(status_));
  open.currency = row.text(currency_);
  open.value = amount_at(row, value_);
  open.low = end_at(row, low_);
  open.high = end_at(row, high_);
  // NULL, which is not reported, counts as 0. The order is the schema's.
  const auto n = [&](int at) { return row.integer(input_ + at); };
  open.input = n(0) + n(5) + n(6) + n(7) + n(8);
  open.cache_read = n(1);
  open.cache_write = n(2) + n(3) + n(4);
  open.output = n(9) + n(11) + n(12);
  open.reasoning = n(10);
  return open;
}

result<void> recount::add(sqlite::statement& intent, sqlite::statement* fate,
                          const fate_columns* columns) {
  static const int quote_status = intent_column("quote_status");
  static const int quote_micro = intent_column("quote_micro");
  static const int quote_high = intent_column("quote_high_micro");
  standing open;
  open.quote_status = status_named(intent.text(quote_status));
  open.quote_currency = intent.text(quote_status + 1);
  open.quote_high = amount_at(intent, intent.is_null(quote_high) ? quote_micro : quote_high);
  std::optional<standing> now = open;
  if (fate != nullptr) now = columns->read(*fate, open);
  // A state that nobody wrote: the row itself is told.
  if (!now) return {};
  const auto places = totals_of(intent, currency_of(*now));
  if (!places) return places.error();
  for (report_line* line : **places) count(*line, *now);
  return {};
}

namespace {

std::map<std::string, std::string> tags_of(std::string_view text) {
  std::map<std::string, std::string> tags;
  if (text.empty()) return tags;
  json::reader reader;
  const auto root = reader.parse(text);
  simdjson::dom::object object;
  // A row whose JSON is broken was changed, which its check tells.
  if (!root || root->get_object().get(object) != simdjson::SUCCESS) return tags;
  for (const auto [name, value] : object) tags.emplace(name, json::as_text(value));
  return tags;
}

}  // namespace

result<recount::totals*> recount::totals_of(sqlite::statement& intent, std::string_view currency) {
  static const int begun = intent_column("begun_us"), vendor = intent_column("vendor"),
                   model = intent_column("model"), tenant = intent_column("tenant"),
                   task = intent_column("task"), tags = intent_column("tags");
  const std::int64_t day = day_of(intent.integer(begun));
  asked_.assign(reinterpret_cast<const char*>(&day), sizeof day);
  for (const int at : {vendor, model, tenant, task, tags}) {
    asked_ += intent.text(at);
    asked_ += '\0';
  }
  asked_ += currency;
  const auto known = known_.find(asked_);
  if (known != known_.end()) return &known->second;
  const auto slots = keys_.of(shape_of(intent.text(vendor), intent.text(model), intent.text(tenant),
                                       intent.text(task), tags_of(intent.text(tags))),
                              currency);
  if (!slots) return slots.error();
  totals made;
  for (const auto& slot : **slots) made.push_back(&lines_[{day, slot.dimension, slot.key}]);
  if (known_.size() == known_places_max) known_.clear();
  return &known_.emplace(asked_, std::move(made)).first->second;
}

void recount::take(rollup_lines&& from_another) {
  for (const auto& [place, line] : from_another) detail::add(lines_[place], line);
  from_another.clear();
}

namespace {

constexpr std::string_view compared_sql =
    " FROM rollup r JOIN rollup_key k ON k.id = r.key JOIN rollup_dimension d ON d.id = "
    "r.dimension "
    "WHERE NOT d.off ORDER BY r.day, r.dimension, r.key";
constexpr int figures_at = 8;

std::string name_of(sqlite::statement& row) {
  std::string name = "the sum of " + clock_text(row.integer(0) * recount_day_us, clock_unit::day) +
                     " for " + std::string(row.text(5)) + "/" + std::string(row.text(6)) + " in " +
                     (row.text(7).empty() ? "no currency" : std::string(row.text(7)));
  if (!row.text(3).empty())
    name += " with " + std::string(row.text(3)) + "=" + std::string(row.text(4));
  return name;
}

std::string difference(const report_line& has, const report_line& should) {
  if (has.attempts != should.attempts)
    return " counts " + std::to_string(has.attempts) + " attempts, its rows " +
           std::to_string(should.attempts);
  if (!(has.cost == should.cost))
    return " is " + has.cost.to_string() + ", its rows add up to " + should.cost.to_string();
  return " is not that of its rows";
}

}  // namespace

result<std::int64_t> compare_rollups(sqlite::database& db, rollup_lines&& lines, findings& found) {
  auto query = db.prepare(
      "SELECT r.day,r.dimension,r.key,d.name,k.value,k.vendor,k.model,"
      "k.currency," +
      std::string(schema::rollup_columns()) + std::string(compared_sql));
  if (!query) return query.error();
  std::int64_t compared = 0;
  int code = SQLITE_ROW;
  while ((code = query->step()) == SQLITE_ROW) {
    ++compared;
    const auto should = lines.extract({query->integer(0), query->integer(1), query->integer(2)});
    const report_line has = read_figures(*query, figures_at);
    const report_line line = should ? should.mapped() : report_line{};
    if (!same_figures(has, line))
      found.add(ledger_finding::kind::rollup, 0, 0, name_of(*query) + difference(has, line));
  }
  if (code != SQLITE_DONE) return db.last_error("read");
  for (const auto& [place, line] : lines)
    if (!same_figures(line, {}))
      found.add(ledger_finding::kind::rollup, 0, 0,
                "a sum of " + clock_text(std::get<0>(place) * recount_day_us, clock_unit::day) +
                    " over " + std::to_string(line.attempts) + " attempts is gone");
  return compared;
}

}  // namespace ark::detail
