#pragma once
#include "dialect/dialect.hpp"

namespace ark::adapters {

/// Anthropic's models at Google Vertex AI ("vertex_messages"): the family `anthropic_messages`
/// behind POST /publishers/anthropic/models/{model}:rawPredict and :streamRawPredict, with
/// `anthropic_version: vertex-2023-10-16` in the body. No embeddings (errc::unsupported). Static
/// lifetime, stateless, thread safe. Source: 23 recorded answers (read 2026-11-28).
const dialect::dialect& vertex_messages();

}  // namespace ark::adapters
