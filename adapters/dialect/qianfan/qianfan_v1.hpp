#pragma once
#include "dialect/access_dialect.hpp"

namespace ark::adapters {

/// The wire family of Qianfan's first API, `/rpc/2.0/ai_custom/v1/wenxinworkshop` ("qianfan_v1"):
/// chat with text and functions, whole and streamed, embeddings. Static lifetime, stateless, thread
/// safe. Source: the vendor's documents and its SDK (bce-qianfan-sdk), read 2026-11-28; nothing was
/// recorded.
const dialect::dialect& qianfan_v1();

/// "qianfan_oauth": an application's "API_KEY:SECRET_KEY" is exchanged for an access token of the
/// first API. From the same sources.
const dialect::access_dialect& qianfan_oauth();
/// "qianfan_bearer": an account's "ACCESS_KEY:SECRET_KEY" is exchanged for a bearer token of the
/// second API, with a question that is signed (BCE V1). From the same sources.
const dialect::access_dialect& qianfan_bearer();

}  // namespace ark::adapters
