#pragma once
#include "dialect/dialect.hpp"

namespace ark::adapters {

/// The wire family of SenseNova's own POST /chat-completions ("sensenova_native"), for existing
/// keys of its first API: chat of text, whole and streamed. No tools, images, embeddings,
/// structured output, stop sequences, seed or reasoning effort (errc::unsupported). Static
/// lifetime, stateless, thread safe. Source: a published client and documents (read 2026-11-28);
/// nothing was recorded.
const dialect::dialect& sensenova_native();

namespace sensenova {
/// The request of a chat. errc::unsupported for what the family has no words for.
result<dialect::encoded> encode(const call& c, std::string_view model, const vendor& v,
                                bool stream);
}  // namespace sensenova
}  // namespace ark::adapters
