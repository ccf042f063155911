#pragma once
#include "client/client_state.hpp"

#include <ark/jobs.hpp>

#include <string_view>
#include <vector>

namespace ark {

/// Asks a vendor about what it keeps until its family has nothing more to ask; all answers
/// together. `once`: what it begins must not be begun twice. `nothing_begun`, after a failure: none
/// of a batch's calls can have been begun (see `submit_batch`). Waits.
result<dialect::job_answer> job_exchange(const detail::client_state& s, std::string_view vendor,
                                         dialect::job_request asked, const request_options& options,
                                         bool once = false, bool* nothing_begun = nullptr);

/// Each call of the batch is an intent in the ledger first; its attempt id goes out as the
/// beginning of the custom id, so that any process can settle it. After a failure they are
/// - void, if it is certain that none was begun: the request that begins them was not sent (there
///   is no key, no connection, a certificate is refused), or it was answered with a redirect or a
///   4xx, or a request before it failed in whatever way (the upload of the batch's file, a batch
///   that is still empty);
/// - open, if nobody knows: that request's answer was lost, is a 5xx, or does not describe a batch.
///   The vendor may be making the calls, and `batch_results` settles them if it does.
result<batch_info> submit_batch(const detail::client_state& s, std::string_view vendor,
                                batch_call batch, const request_options& options);
/// Decodes each result as the answer to its call, and settles what this ledger began. A result that
/// cannot be read is an error that names its place; its call stays open with its quote.
result<std::vector<batch_result>> batch_results(const detail::client_state& s,
                                                std::string_view vendor, std::string_view id,
                                                const request_options& options);

/// A reply that the vendor keeps, read as the answer to its call. Not on record: its call is.
result<reply> stored_reply(const detail::client_state& s, std::string_view vendor,
                           std::string_view id, const request_options& options);

/// One attempt in the ledger.
result<cache_info> create_cache(const detail::client_state& s, std::string_view vendor, call prompt,
                                std::chrono::seconds ttl, const request_options& options);

/// "arkHHHHHHHHHHHHHHHH_ID": how a call's custom id goes out, and back. Limits of the strictest
/// vendor: 64 of [a-zA-Z0-9_-].
std::string wire_custom_id(std::uint64_t attempt_id, std::string_view custom_id);
/// The attempt; 0 if the id was not made so.
std::uint64_t split_custom_id(std::string_view& wire_id) noexcept;

}  // namespace ark
