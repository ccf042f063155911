#pragma once
#include <ark/telemetry.hpp>

#include <optional>
#include <string>
#include <string_view>

/// Finished calls and attempts as OTLP spans: pure, one JSON object each. Names follow the GenAI
/// conventions (open-telemetry/semantic-conventions-genai, read 2026-11-28; all of it still in
/// "development"); what has no name there begins with "ark.".
namespace ark::telemetry {

/// The ledger's operation as `gen_ai.operation.name` has it.
std::string_view operation_name(std::string_view operation) noexcept;

/// The call's span. It is the one with the `gen_ai.*` usage, so that sums over spans count once.
/// Nothing when the caller's trace is not sampled.
std::optional<std::string> encode_call_span(const call_facts& call);
/// A child of its call's span.
std::optional<std::string> encode_attempt_span(const attempt_facts& attempt);

/// The span of a call is named after it, so that its attempts know their parent.
std::uint64_t call_span_id(std::string_view call_id) noexcept;

}  // namespace ark::telemetry
