#pragma once
#include "dialect/dialect.hpp"

namespace ark::adapters {

/// DashScope's native wire family ("dashscope"): chat on /services/aigc/text-generation/generation
/// and /services/aigc/multimodal-generation/generation, whole and streamed; embeddings on
/// /services/embeddings/text-embedding/text-embedding. Made from the vendor's documents (June
/// 2026) and its Python SDK 1.26.2; no recording. Static lifetime, stateless, thread safe.
///
/// The endpoint: the row's `chat_path`, else `extra["multimodal"]` (true or false), else the
/// multimodal one where the call has images or the model's name is of a documented multimodal
/// series (it then takes all calls, also those of text only). Streams are asked for in deltas
/// (`incremental_output`); a row whose default is false is read as cumulative text.
const dialect::dialect& dashscope_native();

}  // namespace ark::adapters
