#pragma once
#include "dialect/media_dialect.hpp"

namespace ark::adapters {

/// OpenAI's videos, made in the background. Source: the SDK's types, 2026-11; nothing is recorded.
/// Static storage; no state.
const ark::dialect::media_dialect& openai_videos();

}  // namespace ark::adapters
