#pragma once
#include <string>
#include <string_view>

#include "client/journal.hpp"

namespace ark::detail {

/// A number for the form that `append_record` writes; another one cannot be read. A spool lives as
/// long as its process, so only a program that was killed and then updated could ever meet it.
inline constexpr char record_form = 2;

/// The bytes of an intent or an outcome (nothing for a correction, which is no spool's), in this
/// machine's byte order; nothing of it is lost.
void append_record(std::string& out, const journal_record& record);
/// errc::ledger if the bytes are no record.
result<journal_record> read_record(std::string_view bytes);

}  // namespace ark::detail
