#pragma once
#include "dialect/media_dialect.hpp"

namespace ark::adapters {

/// Zhipu's videos, made in the background. Source: the SDK, 2026-11; nothing is recorded. Static
/// storage; no state.
const ark::dialect::media_dialect& zhipu_videos();

}  // namespace ark::adapters
