#pragma once
#include "dialect/dialect.hpp"

namespace ark::adapters {

/// The wire family of Cloudflare Workers AI's POST /run/{model} ("cloudflare_run"): chat, whole and
/// streamed. No embeddings, images, stop sequences, tool choice or reasoning effort
/// (errc::unsupported). Static lifetime, stateless, thread safe. Source: 29 recorded answers
/// (read 2026-11-28).
const dialect::dialect& cloudflare_run();

namespace cloudflare {
/// The request of a chat. errc::unsupported for what the family has no words for.
result<dialect::encoded> encode(const call& c, std::string_view model, const vendor& v,
                                bool stream);
}  // namespace cloudflare
}  // namespace ark::adapters
