#pragma once
#include "dialect/dialect.hpp"

namespace ark::adapters {

/// The wire family of Cohere's API version 2 ("cohere_chat"): POST /v2/chat, whole and streamed,
/// POST /v2/embed and POST /v2/rerank. Static lifetime, stateless, thread safe.
///
/// Usage is what the vendor bills (`billed_units`), not what it counts (`tokens`, which includes
/// its own preamble); a note says the difference. An embeddings call without `input_type` in
/// `extra` is sent as "search_document", because the vendor demands one; the notes say so.
const dialect::dialect& cohere_chat();

}  // namespace ark::adapters
