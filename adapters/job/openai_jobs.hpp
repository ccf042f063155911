#pragma once
#include "dialect/job_dialect.hpp"

namespace ark::adapters {

/// OpenAI's models, files and batches, which many vendors follow. A batch is a file of requests
/// that is uploaded first. Sources: api-reference/{models,files,batch}, 2026-11; recorded answers
/// of OpenAI, Groq, Mistral (files), OpenRouter, Venice, llama.cpp and others. Static storage; no
/// state.
const ark::dialect::job_dialect& openai_jobs();

}  // namespace ark::adapters
