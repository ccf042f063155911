#pragma once
#include "dialect/dialect.hpp"

namespace ark::adapters {

/// The wire family of POST /chat/completions and /embeddings ("openai_chat"): chat, whole and
/// streamed, and embeddings. What differs between its many vendors is in their rows. Static
/// lifetime, stateless, thread safe.
///
/// Sent unless the row says otherwise: `stream_options.include_usage` with every stream, and no
/// sampling parameter that the call does not have. `extra` holds body parameters as JSON texts.
const dialect::dialect& openai_chat();

}  // namespace ark::adapters
