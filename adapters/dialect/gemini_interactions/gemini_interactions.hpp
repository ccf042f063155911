#pragma once
#include "dialect/dialect.hpp"

namespace ark::adapters {

/// The wire family of POST /interactions ("gemini_interactions"): chat, whole and streamed. No
/// embeddings. Static lifetime, stateless, thread safe.
///
/// A row's chat_path is "/interactions" where the row has none. `extra` holds members of the
/// request and of `generation_config` by their wire names ("previous_interaction_id",
/// "image_config"); tools of the vendor's own in extra["tools"], a list, stand behind the call's
/// functions.
const dialect::dialect& gemini_interactions();

}  // namespace ark::adapters
