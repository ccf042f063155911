#pragma once
#include <ark/result.hpp>
#include <string>

#include "ledger/findings.hpp"
#include "ledger/writer.hpp"

namespace ark::detail {

/// Takes what lies in spools beside a damaged ledger into another one, and leaves them where they
/// are. What was taken into the damaged one already is known by its attempts: what the table of
/// sessions says may be damaged. How many records; a spool that cannot be read is a finding.
result<std::int64_t> take_spools_of(const std::string& damaged_path, writer& into, findings& found);

}  // namespace ark::detail
