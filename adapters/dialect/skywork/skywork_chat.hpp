#pragma once
#include "dialect/dialect.hpp"

namespace ark::adapters {

/// The wire family of Skywork's first API, POST /sky-work/api/v1/chat ("skywork_chat"): chat of
/// text. The service only streams; a whole reply is read from the same stream. No tools, images,
/// embeddings, structured output, stop sequences, seed or reasoning effort (errc::unsupported or
/// errc::invalid_request), no usage. Static lifetime, stateless, thread safe. Source: published
/// clients that quote the vendor's reference of 2024 (read 2026-11-28); nothing was recorded.
const dialect::dialect& skywork_chat();

}  // namespace ark::adapters
