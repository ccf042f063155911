#pragma once
#include "dialect/dialect.hpp"

namespace ark::adapters {

/// The wire family of Anthropic's older POST /v1/complete ("anthropic_complete"), whole and
/// streamed, of the models up to claude-2.1. Static lifetime, stateless, thread safe.
///
/// A call is exactly one user message of texts, which is sent as it is: the vendor wants it to have
/// the form "\n\nHuman: ...\n\nAssistant:". Everything that such an interface cannot say is
/// errc::unsupported. Without a limit max_tokens_to_sample = 4096 is sent, because the vendor
/// demands one; the notes say so. The vendor reports no usage.
/// Source: platform.claude.com/docs/en/api/completions/create, read 2026-11-28.
const dialect::dialect& anthropic_complete();

}  // namespace ark::adapters
