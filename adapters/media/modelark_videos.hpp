#pragma once
#include "dialect/media_dialect.hpp"

namespace ark::adapters {

/// Content generation tasks of Volcengine Ark and BytePlus ModelArk: videos made in the background.
/// Source: docs/82379/1520757 and 1521309, 2025-11, and the SDKs; nothing is recorded. Static
/// storage; no state.
const ark::dialect::media_dialect& modelark_videos();

}  // namespace ark::adapters
