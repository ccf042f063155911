#include "ledger/rollup_keys.hpp"

namespace ark::detail {
namespace {

constexpr std::size_t known_slots_max = 20'000;

void append_text(rollup_shape& to, std::string_view text) {
  to += text;
  to += '\0';  // no text in the ledger has one
}

std::string_view take_text(std::string_view& shape) {
  const auto end = shape.find('\0');
  const std::string_view text = shape.substr(0, end);
  shape.remove_prefix(end + 1);
  return text;
}

/// Runs a statement without rows.
result<void> run_to_end(sqlite::database& db, sqlite::statement& s) {
  if (s.step() != SQLITE_DONE) return db.last_error("record in");
  return {};
}

}  // namespace

rollup_shape shape_of(std::string_view vendor, std::string_view model, std::string_view tenant,
                      std::string_view task, const std::map<std::string, std::string>& tags) {
  rollup_shape shape;
  append_text(shape, vendor);
  append_text(shape, model);
  const auto dimension = [&](std::string_view kind, std::string_view name, std::string_view value) {
    // Without a value is the same as without the name: `report` groups both under "".
    if (value.empty()) return;
    shape += kind;
    append_text(shape, name);
    append_text(shape, value);
  };
  dimension("", "tenant", tenant);
  dimension("", "task", task);
  for (const auto& [name, value] : tags) dimension("tag:", name, value);
  return shape;
}

std::int64_t day_of(std::int64_t us) noexcept {
  constexpr std::int64_t day_us = 86'400'000'000;
  return us >= 0 ? us / day_us : -((-us + day_us - 1) / day_us);
}

result<std::optional<rollup_dimension>> find_dimension(sqlite::database& db,
                                                       std::string_view name) {
  auto query = db.prepare("SELECT id, off FROM rollup_dimension WHERE name = ?");
  if (!query) return query.error();
  query->bind(1, name);
  const int code = query->step();
  if (code == SQLITE_ROW)
    return std::optional(rollup_dimension{query->integer(0), query->integer(1) != 0});
  if (code != SQLITE_DONE) return db.last_error("read");
  return std::optional<rollup_dimension>{};
}

result<void> switch_off(sqlite::database& db, std::int64_t dimension) {
  auto update = db.prepare("UPDATE rollup_dimension SET off = 1 WHERE id = ?");
  if (!update) return update.error();
  update->bind(1, dimension);
  return run_to_end(db, *update);
}

result<const std::vector<rollup_slot>*> rollup_keys::of(const rollup_shape& shape,
                                                        std::string_view currency) {
  asked_ = shape;
  asked_ += currency;
  const auto known = known_.find(asked_);
  if (known != known_.end()) return &known->second;
  auto slots = look_up(shape, currency);
  if (!slots) return slots.error();
  if (known_.size() == known_slots_max) known_.clear();
  return &known_.emplace(asked_, std::move(*slots)).first->second;
}

result<std::vector<rollup_slot>> rollup_keys::look_up(std::string_view shape,
                                                      std::string_view currency) {
  std::vector<rollup_slot> slots;
  const std::string_view vendor = take_text(shape);
  const std::string_view model = take_text(shape);
  std::string_view name = plain_dimension, value = "";
  for (;;) {
    const auto in = dimension(name);
    if (!in) return in.error();
    if (*in && !(*in)->off) {
      const auto found = key((*in)->id, value, vendor, model, currency);
      if (!found) return found.error();
      if (*found) slots.push_back({(*in)->id, **found});
    }
    if (shape.empty()) return slots;
    name = take_text(shape);
    value = take_text(shape);
  }
}

/// Nothing: it is not rolled up.
result<std::optional<rollup_dimension>> rollup_keys::dimension(std::string_view name) {
  auto found = find_dimension(db_, name);
  if (!found || *found || !make_) return found;
  // Those that were switched off too: a name that comes into their place would lack what was
  // before.
  const auto count = db_.integer("SELECT count(*) FROM rollup_dimension WHERE name <> '*'");
  if (!count) return count.error();
  const bool more = *count > rollup_dimensions_max;  // the plain one is not counted
  auto insert = db_.prepare("INSERT OR IGNORE INTO rollup_dimension(name, off) VALUES(?,?)");
  if (!insert) return insert.error();
  insert->bind(1, more ? more_dimensions : name);
  insert->bind(2, std::int64_t{more});
  if (auto done = run_to_end(db_, *insert); !done) return done.error();
  if (more) return std::optional<rollup_dimension>{};
  return std::optional(rollup_dimension{sqlite3_last_insert_rowid(db_.raw()), false});
}

result<std::optional<std::int64_t>> rollup_keys::key(std::int64_t dimension, std::string_view value,
                                                     std::string_view vendor,
                                                     std::string_view model,
                                                     std::string_view currency) {
  auto query = db_.prepare(
      "SELECT id FROM rollup_key WHERE dimension = ? AND value = ? AND vendor = ? AND model = ? "
      "AND "
      "currency = ?");
  if (!query) return query.error();
  const auto bind = [&](sqlite::statement& to) {
    to.bind(1, dimension);
    to.bind(2, value);
    to.bind(3, vendor);
    to.bind(4, model);
    to.bind(5, currency);
  };
  bind(*query);
  const int code = query->step();
  if (code == SQLITE_ROW) return std::optional(query->integer(0));
  if (code != SQLITE_DONE) return db_.last_error("read");
  if (!make_) return std::optional<std::int64_t>(0);
  const auto room = make_room(dimension);
  if (!room) return room.error();
  if (!*room) return std::optional<std::int64_t>{};
  auto insert = db_.prepare(
      "INSERT INTO rollup_key(dimension, value, vendor, model, currency) VALUES(?,?,?,?,?)");
  if (!insert) return insert.error();
  bind(*insert);
  if (auto done = run_to_end(db_, *insert); !done) return done.error();
  return std::optional<std::int64_t>(sqlite3_last_insert_rowid(db_.raw()));
}

/// Counts one more key; a dimension that has too many is switched off.
result<bool> rollup_keys::make_room(std::int64_t dimension) {
  auto count = db_.prepare(
      "UPDATE rollup_dimension SET keys = keys + 1, off = keys >= ? WHERE id = ? RETURNING off");
  if (!count) return count.error();
  count->bind(1, rollup_keys_max);
  count->bind(2, dimension);
  if (count->step() != SQLITE_ROW) return db_.last_error("record in");
  const bool room = count->integer(0) == 0;
  if (count->step() != SQLITE_DONE) return db_.last_error("record in");
  if (!room) known_.clear();
  return room;
}

}  // namespace ark::detail
