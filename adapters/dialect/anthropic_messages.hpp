#pragma once
#include "dialect/dialect.hpp"

namespace ark::adapters {

/// The wire family of POST /v1/messages ("anthropic_messages"): chat, whole and streamed. No
/// embeddings (errc::unsupported). Static lifetime, stateless, thread safe.
///
/// Sent unless the row or the call says otherwise: `anthropic-version: 2023-06-01`, the only
/// version that was seen on the wire, and max_tokens = 4096 (+ the thinking budget) where the call
/// has none, because the vendor demands one; the reply's notes say so. `extra` may hold
/// `anthropic_version` (text) and `anthropic_beta` (text or list of texts), which become headers;
/// everything else in it is a body parameter.
const dialect::dialect& anthropic_messages();

}  // namespace ark::adapters
