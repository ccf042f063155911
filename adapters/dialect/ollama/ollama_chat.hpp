#pragma once
#include "dialect/dialect.hpp"

namespace ark::adapters {

/// Ollama's own wire family ("ollama_chat"): POST /api/chat, whole and as lines of JSON, and
/// /api/embed; a row with the embed path "/api/embeddings" speaks the older form of one text. A row
/// with the chat path "/api/generate" completes one text: a user's message and at most a system
/// message before it, without tools; `raw`, `suffix` and `template` in `extra`.
/// Static lifetime, stateless, thread safe.
///
/// What the model's runner takes (num_predict, num_ctx, top_k, ...) is given in `extra` by its own
/// name and written into `options`. Source: docs.ollama.com/api, read 2026-08-21.
const dialect::dialect& ollama_chat();

}  // namespace ark::adapters
