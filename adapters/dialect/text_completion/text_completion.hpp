#pragma once
#include "dialect/dialect.hpp"

namespace ark::adapters {

/// The wire family of POST /completions ("text_completion"), whole and streamed: the model
/// continues a text. For base models, for code with a gap (`suffix`, in a call's `extra`), and for
/// who renders a chat's template himself. Static lifetime, stateless, thread safe.
///
/// A call is exactly one user message of texts, which is sent as it is. Messages of other roles,
/// pictures, tools, structured output, reasoning and service tiers are errc::unsupported.
/// Source: platform.openai.com/docs/api-reference/completions, read 2026-11-28.
const dialect::dialect& text_completion();

}  // namespace ark::adapters
