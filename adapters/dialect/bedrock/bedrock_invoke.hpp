#pragma once
#include "dialect/dialect.hpp"

namespace ark::adapters {

/// InvokeModel and InvokeModelWithResponseStream of Amazon Bedrock with the bodies of Anthropic's
/// models: the family `anthropic_messages` behind another door. Answers of other makers' models are
/// errc::unsupported. Source: 55 recorded answers (read 2026-11-21).
const dialect::dialect& bedrock_invoke();

}  // namespace ark::adapters
