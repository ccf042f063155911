#pragma once
#include "dialect/media_dialect.hpp"

namespace ark::adapters {

/// Google's Veo on the Gemini API: videos as long-running operations. Recorded: questions while
/// one runs, and its end; the request by the API reference, 2026-11. Static storage; no state.
const ark::dialect::media_dialect& gemini_videos();

}  // namespace ark::adapters
