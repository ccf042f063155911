#pragma once
#include "dialect/dialect.hpp"

namespace ark::adapters {

/// InvokeModel and InvokeModelWithResponseStream of Amazon Bedrock: a body of its own for each
/// maker's models. The model's id says what is sent: the families anthropic_messages (Claude),
/// bedrock_converse (Nova) and openai_chat (gpt-oss, Jamba, Mistral's chat models) behind another
/// door; one user message as the prompt of Titan, Llama, Mistral's instruct models, Command and
/// Jurassic, for which the rest of a call is errc::unsupported. An answer's own shape says how it
/// is read; of another shape it is errc::unsupported. Converse speaks to all of them in one way.
/// Source: 106 recorded answers; the makers' own pages were not read.
const dialect::dialect& bedrock_invoke();

}  // namespace ark::adapters
