#pragma once
#include "dialect/job_dialect.hpp"

namespace ark::adapters {

/// Mistral's batch jobs; its models and files are OpenAI's, but for the pages of the list of files.
/// A job reads an uploaded file, and its results are files. Sources: the vendor's SDK 2.7.0
/// (2026-11); of files, an upload is recorded, of jobs nothing is. Static storage; no state.
const ark::dialect::job_dialect& mistral_jobs();

}  // namespace ark::adapters
