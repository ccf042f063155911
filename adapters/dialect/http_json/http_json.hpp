#pragma once
#include "dialect/dialect.hpp"

namespace ark::adapters {

/// Any service that takes and gives JSON ("http_json"): a classifier, a rules engine, a model with
/// an interface of its own. The row's `service` says what is sent and where the answer's text is.
/// Chat only, answered whole: a call that is streamed gets its text in one piece.
///
/// Placeholders of the body: {{prompt}} (the last user message's text), {{system}} (system and
/// developer messages), {{model}}, {{end_user}}: texts, in quotes; {{messages}} (list of {role,
/// content}), {{max_tokens}}, {{temperature}}, {{top_p}}, {{seed}}, {{stop}}: JSON, null where the
/// call does not say; any other name: the call's `extra` of that name, which must be there.
/// Whatever the call sets and the body has no place for is refused (errc::invalid_request,
/// errc::unsupported for images, tools and schemas). Static lifetime, stateless, thread safe.
const dialect::dialect& http_json();

}  // namespace ark::adapters
