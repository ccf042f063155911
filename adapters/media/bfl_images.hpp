#pragma once
#include "dialect/media_dialect.hpp"

namespace ark::adapters {

/// Black Forest Labs' images, made in the background. Recorded: the beginning of a task, and
/// questions while it runs; the rest by the OpenAPI document, 2026-11. Static storage; no state.
const ark::dialect::media_dialect& bfl_images();

}  // namespace ark::adapters
