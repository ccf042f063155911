#pragma once
#include <vector>

#include "ledger/writer.hpp"

namespace ark::detail {

/// Takes all spools, and books the attempts of dead processes as lost: never one whose outcome its
/// process has acknowledged.
result<void> sweep(writer& to, lost_among which);

/// As writer::write(). What a budget refuses is tried once more, if dead processes may hold some of
/// it: after their attempts were booked as lost, at most once a second.
commit_result write_and_reserve(writer& to, std::vector<journal_record>& records,
                                spooled_batch* before = nullptr);

}  // namespace ark::detail
