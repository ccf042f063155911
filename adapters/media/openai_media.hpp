#pragma once
#include "dialect/media_dialect.hpp"

namespace ark::adapters {

/// OpenAI's images, speech, transcription and moderation, and of the many who follow it. Sources:
/// api-reference/{images,audio,moderations}, 2026-11, and the vendors' own documents; recorded
/// answers of OpenAI, Together, Venice, xAI, Mistral and Cohere. Static storage; no state.
const ark::dialect::media_dialect& openai_media();

}  // namespace ark::adapters
