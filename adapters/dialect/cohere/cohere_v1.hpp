#pragma once
#include "dialect/dialect.hpp"

namespace ark::adapters {

/// The wire family of Cohere's API version 1 ("cohere_v1"): POST /v1/chat and /v1/embed; a row with
/// the chat path "/v1/generate" completes one text. Whole, and as lines of JSON. For models and
/// accounts that version 2 (`cohere_chat`) does not serve, and for what is recorded. Static
/// lifetime, stateless, thread safe.
///
/// Messages are texts; pictures, tools, structured output and reasoning are errc::unsupported:
/// version 2 has them. The last message is the user's. Usage is what the vendor bills.
/// Source: docs.cohere.com/reference/chat-v1 and /generate, read 2026-11-28, and recorded traffic.
const dialect::dialect& cohere_v1();

}  // namespace ark::adapters
