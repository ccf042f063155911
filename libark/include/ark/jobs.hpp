#pragma once
#include <ark/client.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ark {

/// A model as the vendor's own list has it.
struct listed_model {
  std::string id{};
  std::string title{};         ///< "" if the vendor gives none
  std::int64_t created_s = 0;  ///< seconds since 1970; 0: not said
  std::int64_t context_tokens = 0;
  std::int64_t max_output_tokens = 0;
  friend bool operator==(const listed_model&, const listed_model&) = default;
};

/// A file for a vendor. `purpose` is the vendor's word: "batch", "fine-tune", "user_data".
struct file_upload {
  std::string name{};
  std::string bytes{};
  std::string media_type{};  ///< "": application/octet-stream
  std::string purpose{};
};

/// A file that a vendor keeps. Times are seconds since 1970, 0 if not said.
struct file_info {
  std::string id{};
  std::string name{};
  std::string purpose{};
  std::string media_type{};
  std::string status{};     ///< the vendor's word
  std::string uri{};        ///< how a call names it, where that is not the id
  std::int64_t bytes = -1;  ///< -1: not said
  std::int64_t created_s = 0;
  std::int64_t expires_s = 0;
  friend bool operator==(const file_info&, const file_info&) = default;
};

/// Where a batch stands. What the vendor says of it is in `vendor_status`.
enum class batch_status : std::uint8_t {
  queued,
  running,
  completed,
  failed,
  cancelling,
  cancelled,
  expired
};
ARK_API std::string_view to_string(batch_status value) noexcept;  ///< "queued", ...
/// No more results will come: completed, failed, cancelled or expired.
ARK_API bool is_final(batch_status value) noexcept;

/// A batch that a vendor runs. -1: not said.
struct batch_info {
  std::string id{};
  batch_status status = batch_status::queued;
  std::string vendor_status{};
  std::int64_t total = -1;
  std::int64_t succeeded = -1;
  std::int64_t failed = -1;
  std::int64_t created_s = 0;
  std::int64_t ended_s = 0;
  std::vector<std::string> result_files{};  ///< ids of the files that hold the results, if they do
  std::vector<std::string> errors{};        ///< what the vendor says is wrong with it
  std::vector<std::string> notes{};
  friend bool operator==(const batch_info&, const batch_info&) = default;
};

/// One call of a batch. `custom_id` tells its result from the others' (1 to 40 letters, digits,
/// "_" and "-"). The call's model is the batch's.
struct batch_item {
  std::string custom_id{};
  ark::call call{};
};

/// Calls that a vendor makes when it suits it, for less. What the ledger groups by is taken from
/// each call.
struct batch_call {
  std::string model{};
  std::string name{};  ///< where the vendor keeps one
  std::vector<batch_item> items{};
};

/// What became of one call of a batch.
struct batch_result {
  std::string custom_id{};
  result<ark::reply> answer;
};

/// A prompt that a vendor keeps for a while: calls that begin with it pay less for it. A call names
/// it in `extra`, by the vendor's own parameter ("cachedContent").
struct cache_info {
  std::string id{};
  std::string model{};
  std::int64_t tokens = -1;    ///< -1: not said
  std::int64_t created_s = 0;  ///< seconds since 1970, as the next; 0: not said
  std::int64_t expires_s = 0;
  ark::cost cost{};  ///< of a new one: its prompt, and its storage for all of its time
  std::vector<std::string> notes{};
  friend bool operator==(const cache_info&, const cache_info&) = default;
};

/// Limits of a request that no model answers.
struct request_options {
  ark::timeouts timeouts{};
  ark::retry_policy retry{};
};

/// What one vendor keeps for its customer: its list of models, files, batches, caches, replies. A
/// handle; thread safe. All wait for the answer. errc::unsupported where the vendor's row names no
/// such interface. Batches and new caches cost money: each call of a batch is in the ledger before
/// the batch is sent, and is settled when its results are fetched; a new cache is in the ledger as
/// an attempt of its own ("cache"). What it costs to keep a cache for longer is not.
class ARK_API jobs {
 public:
  /// `vendor` is a row's name; an unknown one is an error of each request.
  jobs(client c, std::string vendor, request_options options = {});

  /// The vendor's list, all pages of it.
  result<std::vector<listed_model>> models() const;

  /// The file as the vendor then describes it. Not sent twice: a lost answer is an error.
  result<file_info> upload(file_upload file) const;
  /// All of them, all pages.
  result<std::vector<file_info>> files() const;
  /// errc::not_found if the vendor has no such file.
  result<file_info> file(std::string_view id) const;
  /// Gone at once; what still needs it fails.
  result<void> remove_file(std::string_view id) const;
  /// The file's bytes; at most `network_options::max_reply_bytes`.
  result<std::string> content(std::string_view id) const;

  /// errc::invalid_request for a custom id that is used twice or cannot be sent. The custom ids on
  /// the wire are longer: the ledger's attempt stands before them. After an error the calls are
  /// void in the ledger if none can have been begun; they stay open if nobody knows: the answer was
  /// lost, a 5xx, or no batch.
  result<batch_info> submit(batch_call batch) const;
  /// Where it stands.
  result<batch_info> batch(std::string_view id) const;
  /// All that the vendor still lists.
  result<std::vector<batch_info>> batches() const;
  /// Asks the vendor to stop; what is done is billed, and its results can be fetched.
  result<batch_info> cancel(std::string_view id) const;
  /// In the vendor's order. Settles the calls in the ledger; asking again changes nothing there.
  /// errc::invalid_request while the batch has no results yet. A result that cannot be read is an
  /// error of its own, with its place (file and line), and its call stays open.
  result<std::vector<batch_result>> results(std::string_view id) const;

  /// A reply that the vendor keeps ("store"), by the id that it had (`reply::id`). Asking is free:
  /// what it cost is on record with its call, and its `cost` here is "void". errc::unsupported for
  /// one that is still being made: calls with "background" are refused, so that none is ever paid
  /// for that the ledger does not have.
  result<ark::reply> reply(std::string_view id) const;
  /// It is kept no longer.
  result<void> remove_reply(std::string_view id) const;

  /// Keeps the call's messages and tools for `ttl`. `max_cost` holds, and what the ledger groups by
  /// is the call's; its limits in time and its retries are those of this handle. errc::unsupported
  /// if the call says what a cache cannot hold (a temperature).
  result<cache_info> create_cache(call prompt, std::chrono::seconds ttl) const;
  result<std::vector<cache_info>> caches() const;
  result<cache_info> cache(std::string_view id) const;
  /// Its time begins anew: it expires `ttl` from now.
  result<cache_info> extend_cache(std::string_view id, std::chrono::seconds ttl) const;
  result<void> remove_cache(std::string_view id) const;

 private:
  client client_;
  std::string vendor_;
  request_options options_;
};

}  // namespace ark
