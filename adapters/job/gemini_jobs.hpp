#pragma once
#include "dialect/job_dialect.hpp"

namespace ark::adapters {

/// The generateContent platform's models, files, batches and caches. Ids of files, batches and
/// caches are their names ("files/abc"), with or without the collection; a model's is without it,
/// as calls name it. A batch goes with its calls in one request or, beyond 20 MB, as a file; its
/// results come the same way. Sources: ai.google.dev/api/{models,files,
/// batch-api,caching}, 2026-11; recorded: models, files, a new batch, all of caches. Static
/// storage; no state.
const ark::dialect::job_dialect& gemini_jobs();

}  // namespace ark::adapters
