#pragma once
#include "dialect/job_dialect.hpp"

namespace ark::adapters {

/// OpenAI's files and models, and a cache of prompts (/context/create) that calls name as
/// `context_id` at another path. Such a cache can neither be listed nor described nor deleted: it
/// ends with its time. Source: the vendor's SDKs, 2026-11; not recorded. Static storage; no state.
const ark::dialect::job_dialect& modelark_jobs();

}  // namespace ark::adapters
