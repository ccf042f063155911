#pragma once
#include "dialect/dialect.hpp"

namespace ark::adapters {

/// The wire family of POST /responses ("openai_responses"): chat, whole and streamed; it has no
/// embeddings. Source: the OpenAI API reference and SDK types, 2026-11-13, and recordings of nine
/// vendors. Static lifetime, stateless, thread safe.
///
/// `extra` holds body parameters as JSON texts. Of `tools`, `text` and `reasoning` what `extra` has
/// is added to what the call itself says.
const dialect::dialect& openai_responses();

}  // namespace ark::adapters
