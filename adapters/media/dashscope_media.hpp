#pragma once
#include "dialect/media_dialect.hpp"

namespace ark::adapters {

/// DashScope's images and videos, made in the background (X-DashScope-Async). Source: the SDK and
/// the API reference, 2026-11; nothing is recorded. Static storage; no state.
const ark::dialect::media_dialect& dashscope_media();

}  // namespace ark::adapters
