#pragma once
#include "dialect/anthropic_messages.hpp"

#include <vector>

namespace ark::test {

/// What these tests cover.
inline std::vector<const dialect::dialect*> built_in_dialects() {
  return {&adapters::anthropic_messages()};
}

}  // namespace ark::test
