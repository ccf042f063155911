#pragma once
#include "dialect/dialect.hpp"

namespace ark::adapters {

/// The wire family of POST /v1/messages ("anthropic_messages"): chat, whole and streamed, and the
/// count of a prompt's tokens. No embeddings (errc::unsupported). Static lifetime, stateless,
/// thread safe.
///
/// Sent unless the row or the call says otherwise: `anthropic-version: 2023-06-01`, the only
/// version that was seen on the wire, and max_tokens = 4096 (+ the thinking budget) where the call
/// has none, because the vendor demands one; the reply's notes say so. `extra` may hold
/// `anthropic_version` (text) and `anthropic_beta` (text or list of texts), which become headers;
/// everything else in it is a body parameter.
const dialect::dialect& anthropic_messages();

/// Models up to 4.5 think by a budget, later ones by an effort (recorded: 4.6 and later). `model`
/// is the vendor's own id, "claude-sonnet-4-5".
bool claude_thinks_by_budget(std::string_view model);
constexpr std::int64_t claude_least_budget_tokens = 1024;
/// The thinking budget that stands for an effort: 1024, 4096 or 16384 tokens.
std::int64_t claude_budget_tokens(reasoning_effort effort);

/// Another company that serves this family's models: the model stands in its path, the version and
/// the beta flags in the body (`anthropic_version`, `anthropic_beta`).
struct messages_host {
  std::string target;            ///< path, with the model
  std::string_view version;      ///< "bedrock-2023-05-31"
  std::string_view stream_type;  ///< media type of its streams
  bool says_stream = false;      ///< `stream` stands in the body too
};
/// As the family's own encode_chat, for `host`. `model` is the vendor's own id, which is not sent.
result<dialect::encoded> encode_hosted_messages(const call& c, std::string_view model,
                                                const vendor& v, bool stream,
                                                const messages_host& host);

}  // namespace ark::adapters
