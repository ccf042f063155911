#pragma once
#include "base/json_reader.hpp"
#include "dialect/reply_builder.hpp"

#include <string_view>

namespace ark::dialect {

/// A list of {token, logprob, bytes, top_logprobs: [{token, logprob, bytes}]}, as most families
/// have it, into `out`. Anything else is passed over.
void read_logprobs(json::element list, reply_builder& out);

/// {content: such a list}; or, of an early form, {tokens, token_logprobs, top_logprobs}: lists
/// beside each other. Those of the reasoning are not the reply's.
void read_logprobs_object(json::element e, reply_builder& out);

/// One token of such a list, under the family's own names; `bytes` may be "".
struct logprob_names {
  std::string_view token = "token", logprob = "logprob", bytes = "bytes";
};
token_probability read_probability(json::element item, const logprob_names& names = {});

}  // namespace ark::dialect
