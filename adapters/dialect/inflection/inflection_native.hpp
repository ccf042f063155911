#pragma once
#include "dialect/dialect.hpp"

namespace ark::adapters {

/// The wire family of Inflection's own POST /external/api/inference ("inflection_native"), and of
/// its /streaming: chat of text. No tools, images, embeddings, structured output, seed or reasoning
/// effort (errc::unsupported or errc::invalid_request), no usage and no finish reason. Static
/// lifetime, stateless, thread safe. Source: developers.inflection.ai/api and published clients
/// (read 2026-11-28); nothing was recorded.
const dialect::dialect& inflection_native();

namespace inflection {
/// The request of a chat. errc::unsupported for what the family has no words for.
result<dialect::encoded> encode(const call& c, std::string_view model, const vendor& v,
                                bool stream);
}  // namespace inflection
}  // namespace ark::adapters
