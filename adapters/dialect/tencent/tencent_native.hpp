#pragma once
#include "dialect/dialect.hpp"

namespace ark::adapters {

/// Hunyuan's native family ("tencent"): actions ChatCompletions (whole and streamed) and
/// GetEmbedding of Tencent Cloud's API 3.0, version 2023-09-01. Made from the vendor's SDK
/// (3.1.162); no recording. Static lifetime, stateless, thread safe.
///
/// A request carries `x-tc-action` and `x-tc-version`; the signature, its `x-tc-timestamp` and
/// `authorization` are the signer's (TC3-HMAC-SHA256). Parameters have the vendor's names, as
/// "TopP"; there is none that bounds an answer's length, so a call with `max_tokens` is refused.
const dialect::dialect& tencent_native();

}  // namespace ark::adapters
