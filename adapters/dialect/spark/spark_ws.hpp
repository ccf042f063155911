#pragma once
#include "dialect/dialect.hpp"

namespace ark::adapters {

/// The wire family of Spark's own interface over WebSockets ("spark_ws"): one request a socket, the
/// reply as a stream of JSON messages, whole replies read from the same. Chat of text and
/// functions; no images, embeddings, structured output, stop sequences, seed or reasoning effort
/// (errc::unsupported or errc::invalid_request). Static lifetime, stateless, thread safe. Source:
/// the vendor's documents and published clients (read 2026-11-28); nothing was recorded.
const dialect::dialect& spark_ws();

}  // namespace ark::adapters
