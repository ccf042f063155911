#pragma once
#include "billing/report_reader.hpp"

/// Readers of vendors' usage and cost reports. Static storage; each is pure and thread safe.
namespace ark::adapters {

/// Pages of /v1/organization/costs and /v1/organization/usage/completions.
const billing::report_reader& openai_report();
/// Pages of /v1/organizations/usage_report/messages and /v1/organizations/cost_report.
const billing::report_reader& anthropic_report();
/// ListBillDetail's JSON and the console's bill detail as CSV.
const billing::report_reader& volcengine_report();

}  // namespace ark::adapters
