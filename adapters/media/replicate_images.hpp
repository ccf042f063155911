#pragma once
#include "dialect/media_dialect.hpp"

namespace ark::adapters {

/// Replicate's predictions, of models that make images. Recorded: one from its beginning to its
/// end. Static storage; no state.
const ark::dialect::media_dialect& replicate_images();

}  // namespace ark::adapters
