#include "ledger/found_row.hpp"

#include <algorithm>
#include <string_view>

#include "base/text.hpp"
#include "ledger/budget_rules.hpp"
#include "ledger/budget_text.hpp"
#include "ledger/record.hpp"

namespace ark::detail {
namespace {

using stored = stored_value::type;

// A letter for each column, in the schema's order: a number, a text, JSON (an object), the lines of
// a bill, a state, a moment; capitals where the schema says NOT NULL.
constexpr std::string_view intent_form = "MIIttttttttjTttaaaaaaittttd";
constexpr std::string_view fate_form = "SMDTtaaaaaatuuuuuuuuuuuuujuaatttthttlaatdt";
constexpr std::string_view correction_form = "iITM";
static_assert(intent_form.size() == 27 && fate_form.size() == 42);
/// How many columns the first schema had.
constexpr std::size_t intent_columns_min = 21, fate_columns_min = 36;
constexpr std::size_t chain_columns = 2;

constexpr std::int64_t last_moment_us = 4'102'444'800'000'000;  // the year 2100
/// Of micro units: a sum of ten thousand such fits 64 bits. Of tokens, as record.cpp has it.
constexpr std::int64_t number_max = 1'000'000'000'000;

bool holds(std::string_view text, char c) { return text.find(c) != std::string_view::npos; }
char small(char form) { return text::to_lower(form); }
bool is_needed(char form) { return form != small(form); }
bool is_text(char form) { return holds("tjls", small(form)); }

bool has_form(const stored_value& v, char form) {
  if (v.kind == stored::null) return !is_needed(form);
  return v.kind == (is_text(form) ? stored::text : stored::integer);
}

cell cell_of(const stored_value& v) {
  if (v.kind == stored::integer) return {.kind = cell::type::integer, .number = v.number};
  if (v.kind == stored::text && !v.bytes.empty())
    return {.kind = cell::type::text, .text = v.bytes};
  return {};
}

struct shape {
  row_kind kind = row_kind::intent;
  std::string form;
  std::size_t min = 0;  ///< columns
};

/// Whose row it is, by what stands where; the types are looked at afterwards.
std::optional<shape> shape_of(std::span<const stored_value> columns) {
  const auto is = [&columns](std::initializer_list<stored> kinds) {
    return std::equal(kinds.begin(), kinds.end(), columns.begin(),
                      [](stored kind, const stored_value& v) { return v.kind == kind; });
  };
  using enum stored_value::type;
  const std::string fate(fate_form);
  const auto before = correction_form.size();
  if (columns.size() >= fate_columns_min && is({text, integer, integer, text}))
    return shape{row_kind::outcome, fate, fate_columns_min};
  if (columns.size() >= before + fate_columns_min && columns[1].kind == integer &&
      columns[2].kind == text && columns[4].kind == text)
    return shape{row_kind::correction, std::string(correction_form) + fate,
                 before + fate_columns_min};
  if (columns.size() >= intent_columns_min && is({integer, integer, integer}) &&
      columns[12].kind == text)
    return shape{row_kind::intent, std::string(intent_form), intent_columns_min};
  return std::nullopt;
}

digest digest_of(std::span<const stored_value> columns) {
  row_digest made;
  for (const stored_value& v : columns) {
    if (v.kind == stored::null) made.null();
    if (v.kind == stored::integer) made.integer(v.number);
    if (v.kind == stored::text) made.text(v.bytes);
    if (v.kind == stored::real || v.kind == stored::blob) made.foreign();
  }
  return made.finish();
}

row_trust trust_of(const digest& is, std::span<const stored_value> chained) {
  const bool has_check = chained.size() == chain_columns && chained[1].kind == stored::integer;
  if (has_check)
    return chained[1].number == row_check(is) ? row_trust::checked : row_trust::changed;
  const bool is_older = chained.empty() || chained[0].kind == stored::null;
  return is_older ? row_trust::unchecked : row_trust::changed;
}

bool is_sane(const cell& c, char form) {
  const auto up_to = [&c](std::int64_t least, std::int64_t most) {
    return c.number >= least && c.number <= most;
  };
  switch (small(form)) {
    case 'm':
      return up_to(0, last_moment_us);
    case 'd':
      return up_to(-last_moment_us, last_moment_us);
    case 'a':
      return up_to(-number_max * 1000, number_max * 1000);
    case 'u':
      return up_to(0, number_max);
    case 'h':
      return up_to(0, 999);
    case 's':
      return state_named(c.text).has_value();
    case 'j':
      return is_json_object(c.text);
    case 'l':
      return is_bill(c.text);
    default:
      return true;
  }
}

/// What the schema wants, where a value was taken out.
cell without_value(char form) {
  if (!is_needed(form)) return {};
  if (form == 'S') return {.kind = cell::type::text, .text = to_string(attempt_state::ambiguous)};
  if (is_text(form)) return {.kind = cell::type::text, .text = "unknown"};
  return {.kind = cell::type::integer};
}

/// All numbers of a group go when one of them is taken out: half an amount is none.
void clear_group(std::vector<cell>& columns, std::string_view form, std::string_view group) {
  for (std::size_t i = 0; i < columns.size(); ++i)
    if (holds(group, small(form[i]))) columns[i] = {};
}

/// True if something was taken out.
bool repair(found_row& row, std::string_view form) {
  bool taken_out = false;
  std::string groups;
  row.repaired.reserve(row.columns.size());
  for (std::size_t i = 0; i < row.columns.size(); ++i) {
    cell& c = row.columns[i];
    if (c.kind == cell::type::null) continue;
    if (c.kind == cell::type::text && (!text::is_utf8(c.text) || holds(c.text, '\0'))) {
      std::string fixed = text::repair_utf8(c.text);
      std::replace(fixed.begin(), fixed.end(), '\0', ' ');
      row.repaired.push_back(std::move(fixed));
      c.text = row.repaired.back();
      taken_out = true;
    }
    if (is_sane(c, form[i])) continue;
    if (small(form[i]) == 'a' || small(form[i]) == 'u') groups += small(form[i]);
    c = without_value(form[i]);
    taken_out = true;
  }
  if (!groups.empty()) clear_group(row.columns, form, groups);
  return taken_out;
}

/// A cost without its amounts is not known; the same for what a row that was read so says.
void name_unknown_costs(found_row& row, std::string_view form) {
  const auto status = row.kind == row_kind::intent    ? std::size_t{12}
                      : row.kind == row_kind::outcome ? std::size_t{3}
                                                      : correction_form.size() + 3;
  const auto value = form.find('a', status);
  const bool counts = status_named(row.columns[status].text) != cost_status::unknown &&
                      row.columns[status].text != "void";
  if (counts && value < row.columns.size() && row.columns[value].kind == cell::type::null)
    row.columns[status] = {.kind = cell::type::text, .text = "unknown"};
}

}  // namespace

namespace {
/// More columns, and the check that a newer library would have made of them; else it is damage.
bool is_newer(std::span<const stored_value> all, std::size_t known) {
  std::vector<stored_value> columns(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(known));
  const auto more = all.subspan(known + chain_columns);
  columns.insert(columns.end(), more.begin(), more.end());
  return trust_of(digest_of(columns), all.subspan(known, chain_columns)) == row_trust::checked;
}
}  // namespace

std::optional<row_kind> kind_of(std::span<const stored_value> values) {
  if (values.empty() || values[0].kind != stored::null) return std::nullopt;
  const auto found = shape_of(values.subspan(1));
  if (!found) return std::nullopt;
  return found->kind;
}

recognised recognise(std::span<const stored_value> values) {
  if (values.empty() || values[0].kind != stored::null) return {};
  const auto all = values.subspan(1);
  const auto found = shape_of(all);
  if (!found) return {};
  const std::size_t known = found->form.size();
  if (all.size() > known + chain_columns) return {.newer = is_newer(all, known)};
  const auto columns = all.first(std::min(known, all.size()));
  const auto chained = all.subspan(columns.size());
  found_row row{.kind = found->kind, .is = digest_of(columns)};
  row.trust = trust_of(row.is, chained);
  if (!chained.empty() && chained[0].kind == stored::integer) row.segment = chained[0].number;
  for (std::size_t i = 0; i < known; ++i) {
    const stored_value v = i < columns.size() ? columns[i] : stored_value{};
    const bool fits = has_form(v, found->form[i]);
    // A row that fits its check has what it was written with.
    if (!fits && row.trust != row_trust::changed) return {};
    row.columns.push_back(fits ? cell_of(v) : without_value(found->form[i]));
  }
  if (row.trust == row_trust::checked) return {.row = std::move(row)};
  const bool taken_out = repair(row, found->form);
  if (taken_out) {
    row.trust = row_trust::changed;
    name_unknown_costs(row, found->form);
  }
  return {.row = std::move(row)};
}

namespace {

bool have_form(std::span<const stored_value> values, std::string_view form, std::size_t min) {
  if (values.empty() || values[0].kind != stored::null) return false;
  const auto columns = values.subspan(1);
  if (columns.size() < min || columns.size() > form.size()) return false;
  for (std::size_t i = 0; i < columns.size(); ++i)
    if (!has_form(columns[i], form[i])) return false;
  return true;
}

std::optional<std::vector<cell>> cells_of(std::span<const stored_value> values,
                                          std::string_view form, std::size_t min) {
  if (!have_form(values, form, min)) return std::nullopt;
  std::vector<cell> cells;
  for (const stored_value& v : values.subspan(1)) {
    cells.push_back(cell_of(v));
    if (v.kind == stored::text) {
      if (!text::is_utf8(v.bytes) || holds(v.bytes, '\0')) return std::nullopt;
      // A budget's scope, and a session's host, may be empty and not NULL.
      cells.back() = {.kind = cell::type::text, .text = v.bytes};
    }
  }
  cells.resize(form.size());
  return cells;
}

}  // namespace

std::optional<found_segment> recognise_segment(std::int64_t key,
                                               std::span<const stored_value> values) {
  constexpr std::size_t columns = 9;
  if (values.size() != columns || values[0].kind != stored::null) return std::nullopt;
  found_segment found{.made = {.id = key, .at_us = values[1].number}};
  for (std::size_t i = 1; i < 5; ++i)
    if (values[i].kind != stored::integer || values[i].number < 0) return std::nullopt;
  for (std::size_t i = 0; i < row_kinds; ++i) {
    found.made.counts[i] = values[2 + i].number;
    const stored_value& hash = values[5 + i];
    if (hash.kind == stored::null) continue;
    found.made.rows[i] = digest_of_bytes(hash.bytes);
    if (hash.kind != stored::blob || !found.made.rows[i]) return std::nullopt;
  }
  const auto hash = digest_of_bytes(values[8].bytes);
  if (values[8].kind != stored::blob || !hash || key <= 0) return std::nullopt;
  found.hash = *hash;
  return found;
}

std::optional<std::vector<cell>> recognise_session(std::span<const stored_value> values) {
  constexpr std::string_view form = "IITTMTIt";
  auto cells = cells_of(values, form, 6);
  if (cells && (*cells)[6].kind == cell::type::null) (*cells)[6] = {.kind = cell::type::integer};
  return cells;
}

std::optional<std::vector<cell>> recognise_budget(std::span<const stored_value> values) {
  constexpr std::string_view form = "ITIMIIITTIITIIIT";
  auto cells = cells_of(values, form, form.size());
  if (!cells) return cells;
  const auto& c = *cells;
  budget b{.name = std::string(c[1].text),
           .limit = {join(c[5].number, c[6].number), std::string(c[7].text)},
           .length = std::chrono::seconds(c[9].number),
           .utc_offset = std::chrono::minutes(c[10].number)};
  // It has no check of its own; what makes no sense would keep the new ledger from being opened.
  const bool good = is_sane(c[3], 'm') && read_period(c[8].text, b.period) &&
                    read_scope(c[11].text, b.scope) && read_thresholds(c[15].text, b.thresholds) &&
                    check(b);
  if (!good) cells.reset();
  return cells;
}

}  // namespace ark::detail
