#pragma once
#include "dialect/media_dialect.hpp"

namespace ark::adapters {

/// Google's Imagen: images as a model's predictions, on Vertex and on the Gemini API. Source: the
/// vendor's API reference, 2026-11; nothing is recorded. Static storage; no state.
const ark::dialect::media_dialect& imagen_images();

}  // namespace ark::adapters
