#pragma once
#include "dialect/job_dialect.hpp"

namespace ark::adapters {

/// Families of vendors who have a list of models and nothing else here. Recorded: Cohere's, of
/// Cloudflare the last page, Perplexity's, Pollinations'. Of Ollama: its source, 2026-08-21. Static
/// storage; no state.
const ark::dialect::job_dialect& cohere_models();
const ark::dialect::job_dialect& cloudflare_models();
const ark::dialect::job_dialect& ollama_models();
const ark::dialect::job_dialect& perplexity_models();
const ark::dialect::job_dialect& pollinations_models();

}  // namespace ark::adapters
