#pragma once
#include "catalog/price.hpp"

#include <ark/result.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace ark::catalog {

/// What a usage would have cost elsewhere, and what was taken for granted to say so.
struct what_if {
  priced bill;
  std::vector<std::string> assumptions;  ///< in words; always at least one if the model is another
};
/// `u`, which some other model used, at `m`'s prices: as if `m` had needed the same tokens. Buckets
/// that `m` does not sell apart (cached tokens) cost as what they are part of; a service tier that
/// it does not have is the standard one; tools that it does not sell are left out. Each of these is
/// said.
what_if reprice(const usage& u, const model& m, price_context context);

/// The smallest n, from 0, with fixed + n * after <= n * before: how often something must be done
/// until a price paid once is saved. Exact. errc::no_candidate if never, or not within 1e18 times.
result<std::int64_t> break_even_count(amount fixed, amount before, amount after);

/// A prefix of a prompt, written to a cache once and read from then on.
struct cache_break_even {
  amount plain;            ///< of the prefix in one call without the cache
  amount write;            ///< of the call that writes it
  amount read;             ///< of each call that reads it
  std::int64_t reads = 0;  ///< so many reads pay for the write
};
/// errc::unsupported if the model has no price for the cache (of an hour, if `one_hour`),
/// errc::no_candidate if reading it is not cheaper.
result<cache_break_even> break_even_of_cache(const model& m, std::int64_t prefix_tokens,
                                             bool one_hour, const price_context& context);

/// The same calls, at once and in a batch.
struct batch_saving {
  amount at_once;
  amount in_batch;
  amount saved;  ///< negative if the batch is dearer
};
/// errc::unsupported if one of the two has no price.
result<batch_saving> saving_of_batch(const model& m, const usage& u, price_context context);

/// A model that was trained for a task, against a general one.
struct tuned_break_even {
  amount training;
  amount hosting_each_hour;          ///< zero if it is hosted for nothing
  std::int64_t calls = 0;            ///< so many calls pay for the training, hosting apart
  std::int64_t calls_each_hour = 0;  ///< so many calls each hour pay for the hosting
};
/// `general_use` and `tuned_use`: the usage of one call (the tuned model needs shorter prompts).
/// Prices of training and hosting are the tuned model's rows. errc::unsupported for a missing price
/// or two currencies, errc::no_candidate if the tuned model's calls are not cheaper.
result<tuned_break_even> break_even_of_tuning(const model& general, const usage& general_use,
                                              const model& tuned, const usage& tuned_use,
                                              std::int64_t trained_tokens,
                                              const price_context& context);

}  // namespace ark::catalog
