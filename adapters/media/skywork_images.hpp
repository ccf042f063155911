#pragma once
#include "dialect/media_dialect.hpp"

namespace ark::adapters {

/// Images of Skywork's first API: a text makes one image, given by its URL. Source: published
/// clients (read 2026-11-28); nothing is recorded. Static storage; no state.
const ark::dialect::media_dialect& skywork_images();

}  // namespace ark::adapters
