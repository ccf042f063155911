#pragma once
#include "catalog/price.hpp"

#include <chrono>
#include <string_view>

namespace ark::catalog {

/// The prices of a model on the day of `at`: `m` or one of `m.earlier`. A time that is not said
/// (the epoch) has the newest. Null: none was in force on that day. Days are UTC's.
const model* in_force(const model& m, std::chrono::system_clock::time_point at);

/// The row of this hash, whenever it was in force: what a ledger entry was priced with. Null if the
/// history has none.
const model* row_of_hash(const model& m, std::string_view hash);

/// `known` with `row` in its history at its day (`row.from_day`; its own history is not looked at).
/// A row holds until the next one does, or until its own `until_day` if that is earlier. Of two
/// rows of one day the one that was added later holds; the other stays to be found by its hash.
/// What the row leaves out (limits, capabilities, aliases) it has from the model as it was known.
model with_row(model known, model row);

}  // namespace ark::catalog
