#pragma once
#include "dialect/job_dialect.hpp"

namespace ark::adapters {

/// Anthropic's models, files and message batches. A batch's requests stand in the request that
/// makes it; its results come in any order. Sent unless the row says otherwise: `anthropic-version:
/// 2023-06-01`, and with it the beta flag that files need there. Sources: the vendor's SDK 1.12.0
/// and api reference, 2026-11; recorded: models, files, batches with one call. Static storage; no
/// state.
const ark::dialect::job_dialect& anthropic_jobs();

}  // namespace ark::adapters
