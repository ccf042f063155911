#pragma once
#include "dialect/access_dialect.hpp"

namespace ark::adapters {

/// Sealed calls of Alibaba DashScope's native interface, as its client dashscope-sdk-python 1.26.2
/// (encryption.py) makes them: a public RSA key is fetched, `input` and `output` are sealed with a
/// key of the call's. There are no temporary keys. Not recorded.
const dialect::access_dialect& dashscope_access();

}  // namespace ark::adapters
