#pragma once
#include "client/client_state.hpp"

#include <ark/jobs.hpp>

#include <string_view>
#include <vector>

namespace ark {

/// Asks a vendor about what it keeps until its family has nothing more to ask; all answers
/// together. `once`: what it begins must not be begun twice. Waits.
result<dialect::job_answer> job_exchange(const detail::client_state& s, std::string_view vendor,
                                         dialect::job_request asked, const request_options& options,
                                         bool once = false);

/// Each call of the batch is an intent in the ledger first; its attempt id goes out as the
/// beginning of the custom id, so that any process can settle it. If the vendor refuses the batch
/// they are void, if nobody knows they stay open.
result<batch_info> submit_batch(const detail::client_state& s, std::string_view vendor,
                                batch_call batch, const request_options& options);
/// Decodes each result as the answer to its call, and settles what this ledger began.
result<std::vector<batch_result>> batch_results(const detail::client_state& s,
                                                std::string_view vendor, std::string_view id,
                                                const request_options& options);

/// One attempt in the ledger.
result<cache_info> create_cache(const detail::client_state& s, std::string_view vendor, call prompt,
                                std::chrono::seconds ttl, const request_options& options);

/// "arkHHHHHHHHHHHHHHHH_ID": how a call's custom id goes out, and back. Limits of the strictest
/// vendor: 64 of [a-zA-Z0-9_-].
std::string wire_custom_id(std::uint64_t attempt_id, std::string_view custom_id);
/// The attempt; 0 if the id was not made so.
std::uint64_t split_custom_id(std::string_view& wire_id) noexcept;

}  // namespace ark
