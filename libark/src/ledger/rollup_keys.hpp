#pragma once
#include <ark/ledger.hpp>
#include <ark/result.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ledger/sqlite.hpp"

/// Which sums an attempt is part of. There is one for each day, vendor, model and currency, and
/// further ones by a dimension's value: its tenant, its task, and each of its tags.
namespace ark::detail {

/// Bounds on what is rolled up. A dimension with more keys, and names beyond so many, are left to
/// a pass over the rows.
inline constexpr std::int64_t rollup_keys_max = 10'000;
inline constexpr std::int64_t rollup_dimensions_max = 16;
/// Of every attempt; the others are "tenant", "task" and "tag:NAME".
inline constexpr std::string_view plain_dimension = "";
/// Stands, switched off, for the names beyond the limit.
inline constexpr std::string_view more_dimensions = "*";

struct rollup_slot {
  std::int64_t dimension = 0;
  std::int64_t key = 0;
};

/// What an attempt's keys are made of, but its currency: texts with a NUL behind each.
using rollup_shape = std::string;
rollup_shape shape_of(std::string_view vendor, std::string_view model, std::string_view tenant,
                      std::string_view task, const std::map<std::string, std::string>& tags);
/// Days since 1970, UTC.
std::int64_t day_of(std::int64_t us) noexcept;

struct rollup_dimension {
  std::int64_t id = 0;
  bool off = false;
};
/// Nothing: nothing is rolled up under that name. `off` if that is because there are too many.
result<std::optional<rollup_dimension>> find_dimension(sqlite::database& db, std::string_view name);
result<void> switch_off(sqlite::database& db, std::int64_t dimension);

/// From shapes to slots, with a memory of those that were asked for. One connection's.
class rollup_keys {
 public:
  /// `make`: what is not there yet is made, in the transaction that runs.
  rollup_keys(sqlite::database& db, bool make) : db_(db), make_(make) {}
  rollup_keys(const rollup_keys&) = delete;
  rollup_keys& operator=(const rollup_keys&) = delete;

  /// Without `make`, a slot that should be there and is not has the key 0. Valid until the next
  /// call.
  result<const std::vector<rollup_slot>*> of(const rollup_shape& shape, std::string_view currency);
  /// After a rollback: what was made is not there.
  void forget() { known_.clear(); }

 private:
  result<std::vector<rollup_slot>> look_up(std::string_view shape, std::string_view currency);
  result<std::optional<rollup_dimension>> dimension(std::string_view name);
  result<std::optional<std::int64_t>> key(std::int64_t dimension, std::string_view value,
                                          std::string_view vendor, std::string_view model,
                                          std::string_view currency);
  result<bool> make_room(std::int64_t dimension);

  sqlite::database& db_;
  bool make_;
  std::string asked_;
  std::unordered_map<std::string, std::vector<rollup_slot>> known_;
};

}  // namespace ark::detail
