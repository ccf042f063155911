#pragma once
#include <ark/testing.hpp>

#include "catalog/catalog.hpp"
#include "cli/context.hpp"

namespace ark::cli {

/// What the catalogue, with the user's rows, says a vendor charges for an entry of the simulator's
/// journal. Of vendors that speak the entry's dialect and have its model all must agree: which of
/// them was meant is not in the request. Nothing when that is unknown. Thread safe; `machine`
/// outlives it.
result<std::function<std::optional<money>(const testing::journal_entry&)>> catalogue_price(
    context& ctx);

}  // namespace ark::cli
