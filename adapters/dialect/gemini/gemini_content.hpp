#pragma once
#include "dialect/dialect.hpp"

namespace ark::adapters {

/// The wire family of POST /models/MODEL:generateContent ("gemini_content"): chat, whole and
/// streamed (:streamGenerateContent?alt=sse), and embeddings (:embedContent for one input,
/// :batchEmbedContents for more). Static lifetime, stateless, thread safe.
///
/// A row's chat_path and embed_path are the model's path, "{model}" in it: "/models/{model}" where
/// the row has none; the method is put behind it. `extra` holds members of `generationConfig` and
/// of the request by their wire names ("topK", "safetySettings"); tools of the vendor's own in
/// extra["tools"], a list, stand behind the call's functions.
const dialect::dialect& gemini_content();

}  // namespace ark::adapters
