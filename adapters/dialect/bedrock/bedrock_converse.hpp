#pragma once
#include "dialect/dialect.hpp"

namespace ark::adapters {

/// Converse and ConverseStream of Amazon Bedrock: one shape for the models of many makers, streams
/// in binary messages with checksums. Embeddings go through InvokeModel. The model stands in the
/// path; a row's `chat_path` is not used, of its `embed_path` only "-". Source: the service's model
/// of client-bedrock-runtime 3.1163 (read 2026-11-21) and 234 recorded answers.
const dialect::dialect& bedrock_converse();

}  // namespace ark::adapters
