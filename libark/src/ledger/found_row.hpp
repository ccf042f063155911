#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ledger/digest.hpp"
#include "ledger/leaf_page.hpp"
#include "ledger/row.hpp"
#include "ledger/segment.hpp"

/// Telling from a row's columns alone whose table it is of: what a damaged file's head, its schema
/// and its inner pages say is not needed.
namespace ark::detail {

/// How far a row can be trusted.
enum class row_trust : std::uint8_t {
  checked,    ///< its own check fits
  unchecked,  ///< it is from before rows had one
  changed,    ///< its own check does not fit
};

/// An intent, an outcome or a correction. Text lives as long as the row's bytes and `repaired`.
struct found_row {
  row_kind kind = row_kind::intent;
  row_trust trust = row_trust::checked;
  std::vector<cell> columns{};          ///< those that the chain counts, in the schema's order
  std::int64_t segment = 0;             ///< 0: from before the chain
  digest is{};                          ///< as it lay in the file
  std::vector<std::string> repaired{};  ///< what was no text
};

/// Nothing if the values are no row of these tables. `newer`: they look like one with more columns
/// than this library knows. What readers of the ledger could not bear is taken out of a row that
/// does not fit its check: numbers beyond all reason, text that is none, JSON that is none.
struct recognised {
  std::optional<found_row> row{};
  bool newer = false;
};
recognised recognise(std::span<const stored_value> values);
/// The same, without a look at more than the form.
std::optional<row_kind> kind_of(std::span<const stored_value> values);

struct found_segment {
  segment made{};
  digest hash{};
};
std::optional<found_segment> recognise_segment(std::int64_t key,
                                               std::span<const stored_value> values);
/// The columns of the tables `session` and `budget` behind the key; nothing for anything else.
std::optional<std::vector<cell>> recognise_session(std::span<const stored_value> values);
std::optional<std::vector<cell>> recognise_budget(std::span<const stored_value> values);

}  // namespace ark::detail
