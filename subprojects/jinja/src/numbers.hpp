#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "machine.hpp"

namespace jinja::numbers {

/// float(v) of numbers and texts; nothing where Python raises TypeError or ValueError.
std::optional<double> read_float(machine& m, const value& v);
/// The same, with the error.
double to_float(machine& m, const value& v);
/// int(text, base); nothing where Python raises ValueError. Base 0 is read from the prefix.
std::optional<value> read_int(machine& m, std::string_view text, std::int64_t base);
/// round(v, digits): ties to even, floats stay floats.
value rounded(machine& m, const value& v, std::int64_t digits);
/// pprint.pformat(v).
std::string pretty(machine& m, const value& v);

}  // namespace jinja::numbers
