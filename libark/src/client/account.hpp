#pragma once
#include "catalog/catalog.hpp"
#include "client/journal.hpp"

#include <ark/error.hpp>

#include <string>

namespace ark {

/// What an attempt's prices depend on, fixed when it was planned.
struct price_basis {
  const catalog::model* model = nullptr;  ///< as asked for; null: not in the catalogue
  cost quote;                             ///< worst case
  catalog::price_context context;
  // of a chat call
  std::int64_t most_output = 0;   ///< tokens that the request allows; 0: the model's limit
  std::int64_t likely_input = 0;  ///< tokens, estimated from the prompt's texts
  amount least_prompt;            ///< what the prompt surely costs once it was read
  /// What the vendor says it read cannot grow: it runs no tools of its own that the call named.
  bool input_is_final = false;
};

/// How an attempt ended, in the terms of money. Pure functions; they fill `state`, `usage`, `cost`
/// of an outcome.
///
/// The whole answer came: exact when the vendor reported usage and every price is known; the
/// vendor's own figure if it gives another one, or where there is no price row; [0, quote] when it
/// reported no usage, exactly 0 if the quote is 0; from the parts' cost upwards when the vendor's
/// total has tokens that are in no part. Returns why the cost of a model with prices is unknown, or
/// "".
std::string account_whole(attempt_outcome& out, const usage& u, const price_basis& basis);
/// Nothing was handed to the socket: void.
void account_not_sent(attempt_outcome& out);
/// The vendor answered with an error: void where it provably does not bill for it (retry class
/// `safe` or `after`, a 4xx that is not `maybe_billed`, a redirect), else [0, quote].
void account_rejected(attempt_outcome& out, const error& e, const price_basis& basis);
/// The answer broke off, or its fate is unknown: [what was reported so far, quote].
void account_broken(attempt_outcome& out, const usage& so_far, const price_basis& basis);

/// Cost of a call from its attempts, begun with `void_`: sums one currency; unknown if any attempt
/// is unknown or the currencies differ.
void add_cost(cost& total, const cost& attempt);

}  // namespace ark
