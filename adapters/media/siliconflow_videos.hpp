#pragma once
#include "dialect/media_dialect.hpp"

namespace ark::adapters {

/// SiliconFlow's videos, made in the background; questions are posted. Source: the API reference,
/// 2026-11; nothing is recorded. Static storage; no state.
const ark::dialect::media_dialect& siliconflow_videos();

}  // namespace ark::adapters
