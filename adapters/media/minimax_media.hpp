#pragma once
#include "dialect/media_dialect.hpp"

namespace ark::adapters {

/// MiniMax's images, which come at once, and videos, which are made in the background. Source: the
/// API reference, 2026-11; nothing is recorded. Static storage; no state.
const ark::dialect::media_dialect& minimax_media();

}  // namespace ark::adapters
