#pragma once
#include "dialect/media_dialect.hpp"

namespace ark::adapters {

/// Stability AI's images: a form of fields for each model, an answer of JSON. Source: OpenAPI
/// document, 2026-11; nothing is recorded. Static storage; no state.
const ark::dialect::media_dialect& stability_images();

}  // namespace ark::adapters
