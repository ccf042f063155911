#include "catalog/history.hpp"

#include <algorithm>
#include <ranges>
#include <utility>

namespace ark::catalog {
namespace {

bool holds_on(const model& m, std::int64_t day) {
  return day >= m.from_day && (m.until_day < 0 || day < m.until_day);
}

void complete(model& row, const model& known) {
  model_info& to = row.info;
  const model_info& from = known.info;
  if (to.context_tokens == 0) to.context_tokens = from.context_tokens;
  if (to.max_output_tokens == 0) to.max_output_tokens = from.max_output_tokens;
  if (to.capabilities.empty()) to.capabilities = from.capabilities;
  if (to.aliases.empty()) to.aliases = from.aliases;
  if (to.encoding.empty()) to.encoding = from.encoding;
}

}  // namespace

const model* in_force(const model& m, std::chrono::system_clock::time_point at) {
  if (at == std::chrono::system_clock::time_point{}) return &m;
  const std::int64_t day = std::chrono::floor<std::chrono::days>(at).time_since_epoch().count();
  if (holds_on(m, day)) return &m;
  // The newest that holds: rows of one day may stand side by side.
  for (const model& each : std::views::reverse(m.earlier))
    if (holds_on(each, day)) return &each;
  return nullptr;
}

const model* row_of_hash(const model& m, std::string_view hash) {
  if (hash.empty()) return nullptr;
  if (m.hash == hash) return &m;
  for (const model& each : std::views::reverse(m.earlier))
    if (each.hash == hash) return &each;
  return nullptr;
}

model with_row(model known, model row) {
  complete(row, known);
  std::vector<model> all = std::exchange(known.earlier, {});
  all.push_back(std::move(known));
  row.earlier.clear();
  const auto place =
      std::upper_bound(all.begin(), all.end(), row.from_day,
                       [](std::int64_t day, const model& m) { return day < m.from_day; });
  all.insert(place, std::move(row));
  for (std::size_t i = 0; i + 1 < all.size(); ++i) {
    const std::int64_t next = all[i + 1].from_day;
    if (all[i].until_day < 0 || all[i].until_day > next) all[i].until_day = next;
  }
  model newest = std::move(all.back());
  all.pop_back();
  newest.earlier = std::move(all);
  return newest;
}

}  // namespace ark::catalog
