#pragma once
#include "dialect/dialect.hpp"

namespace ark::adapters {

/// The wire families of this build: the explicit list. One more family is one more line.
dialect::dialect_list built_in_dialects();

}  // namespace ark::adapters
