#pragma once
#include "dialect/job_dialect.hpp"

namespace ark::adapters {

/// xAI's batches; its models and files are OpenAI's. A batch is made by its name, then the calls
/// are added to it. It has no word for where it stands: only counts. Sources: recorded of one batch
/// from its beginning to its results (2026-08); docs.x.ai (list, cancellation, errors: not
/// recorded). Static storage; no state.
const ark::dialect::job_dialect& xai_jobs();

}  // namespace ark::adapters
