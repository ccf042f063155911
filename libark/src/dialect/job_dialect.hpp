#pragma once
#include "dialect/dialect.hpp"

#include <ark/jobs.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ark::dialect {

/// What can be asked of what a vendor keeps.
enum class job_verb : std::uint8_t {
  list_models,
  get_model,
  upload_file,
  list_files,
  get_file,
  delete_file,
  file_content,
  submit_batch,
  add_to_batch,
  list_batches,
  get_batch,
  cancel_batch,
  delete_batch,
  batch_results,
  create_cache,
  list_caches,
  get_cache,
  extend_cache,
  delete_cache,
  get_reply,  ///< its answer is a call's, for the chat family to read: it is `content`
  delete_reply,
};
std::string_view to_string(job_verb value) noexcept;

/// One call of a batch: the request that the chat family made of it.
struct batch_line {
  std::string custom_id;
  wire::http_request request;  ///< its target has the base URL's path: "/v1/chat/completions"
};

/// A batch on its way out. The caller's; it outlives the requests made of it.
struct batch_lines {
  std::string model;
  std::string name;
  std::vector<batch_line> lines;
};

/// A prompt on its way into a cache: the request that the chat family made of it. The caller's, as
/// a batch.
struct cache_prompt {
  std::string model;
  wire::http_request request;
};

/// One request. Which members count depends on the verb.
struct job_request {
  job_verb verb = job_verb::list_models;
  std::string id;      ///< of the model, file, batch or cache
  std::string cursor;  ///< where a list or an unfinished exchange goes on; the family's own
  const file_upload* file = nullptr;
  const batch_lines* batch = nullptr;
  const cache_prompt* prompt = nullptr;
  std::int64_t ttl_s = 0;  ///< of a cache
};

/// A request of an exchange. Where it goes: `before_base`, the base URL's path, its target.
struct job_encoded {
  wire::http_request request;
  std::string before_base;  ///< "/upload"
  /// The target is the whole path, as a vendor gave it, or a URL, which must be of the same origin.
  bool from_root = false;
  /// Of a new batch: this begins none of its calls, a later request does.
  bool preparatory = false;
};

/// What became of one call of a batch: an answer to the request that was made of it. Of one that
/// cannot be read the custom id may be there, and why and where is said.
struct batch_line_result {
  std::string custom_id;
  int status = 200;  ///< as HTTP has it
  std::string body;  ///< of the reply, or of the error
  std::string unreadable{};
};

/// What an answer says. A single model, file, batch or cache is a list of one.
struct job_answer {
  std::vector<listed_model> models;
  std::vector<file_info> files;
  std::vector<batch_info> batches;
  std::vector<batch_line_result> results;
  std::vector<cache_info> caches;
  ark::usage usage;  ///< of a new cache
  std::string content;
  std::optional<job_request> next;  ///< what is to be asked now; empty: this is all
};

/// A family of interfaces for files, batches, caches and lists of models. Pure functions of a
/// request or of bytes and the vendor's row; thread safe; the instances live as long as the
/// process.
///
/// An exchange may take several requests (pages of a list; a file first, then the batch that reads
/// it): `decode` names the next one. Its caller adds up the answers and sends at most
/// `limits::job_requests`.
class job_dialect {
 public:
  virtual ~job_dialect() = default;
  virtual std::string_view name() const = 0;
  /// errc::unsupported for a verb that the family does not have.
  virtual result<job_encoded> encode(const job_request& r, const vendor& v) const = 0;
  /// A 2xx answer to `r`. errc::protocol when it is not what was asked for.
  virtual result<job_answer> decode(const job_request& r, const answer& a,
                                    const vendor& v) const = 0;
};

/// errc::unsupported: "VENDOR has no VERB here".
error no_such_job(job_verb verb, const vendor& v);

}  // namespace ark::dialect
