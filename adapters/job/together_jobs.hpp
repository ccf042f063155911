#pragma once
#include "dialect/job_dialect.hpp"

namespace ark::adapters {

/// Together's: as OpenAI's, but for the uploads and the lines of a batch. Sources:
/// docs.together.ai/reference (upload-file, batches), 2026-11; nothing but an error is recorded.
/// Static storage; no state.
const ark::dialect::job_dialect& together_jobs();

}  // namespace ark::adapters
