#pragma once
#include "machine.hpp"

namespace jinja {

/// Python's `text % values`.
value percent_format(machine& m, const value& text, const value& values);
/// Python's `text.format(*args, **kwargs)`.
value brace_format(machine& m, const value& text, const arguments& given);
/// Python's `format(value, spec)`.
std::string formatted(machine& m, const value& v, std::string_view spec);
/// repr() of a float: the shortest digits that read back as it.
std::string float_repr(double d);
/// A float with so many digits behind the point, rounded correctly, ties to even.
std::string fixed(double d, int digits);

}  // namespace jinja
