#pragma once
#include "client/account.hpp"
#include "client/authorize.hpp"
#include "client/core.hpp"
#include "dialect/job_dialect.hpp"

#include <ark/media.hpp>

#include <functional>
#include <string>
#include <variant>
#include <vector>

namespace ark {

/// An answer about what a vendor keeps.
struct job_reply : reply_facts {
  dialect::job_answer answer;
};

/// An answer that is kept for the calls that need it.
struct fetched_reply : reply_facts {
  fetched made;
};

/// What an operation is for, when it is there.
using any_reply = std::variant<ark::reply, embed_reply, rerank_reply, token_count_reply,
                               image_reply, speech_reply, transcription_reply, moderation_reply,
                               video_reply, job_reply, fetched_reply>;

struct prepared_call;
struct sealed_call;

/// Proves in `request`, which is whole but for that, who sends it. Pure.
using request_signer = std::function<result<void>(const secret& key, const signing_moment& moment,
                                                  wire::http_request& request)>;

/// What must be there before an attempt: fetched by an exchange of its own, kept in a fetch_store.
struct fetch {
  std::string name;
  std::shared_ptr<const prepared_call> how;
};

/// What is asked next about what a vendor makes in the background; whole, with its key.
struct task_question {
  std::string id;  ///< of the task; "": the same question again
  wire::origin origin;
  wire::http_request request;
  bool at_once = false;
};

/// One of several ways that an attempt can go.
struct call_way {
  vendor_endpoint endpoint;
  secret key;
  int weight = 1;
  request_signer sign;
  rate_ids rates;
};

/// A call resolved, checked, priced and encoded: ready to be attempted any number of times.
struct prepared_call {
  const vendor* row = nullptr;
  const dialect::dialect* family = nullptr;
  std::string model;      ///< on the wire
  std::string operation;  ///< in the ledger: "chat", "embed", "rerank", "image", ...
  bool streamed = false;
  bool free_of_charge = false;  ///< nobody bills for it: it is not on record
  /// Making it twice would do harm; else what is free is made again when its answer is lost.
  bool once = false;
  bool preparatory = false;  ///< of a new batch: as job_encoded has it
  /// Reads a whole 2xx answer.
  std::function<result<any_reply>(const dialect::answer&)> read;
  /// What is asked before a 2xx answer is read; nothing: it is read now. Empty: it always is.
  std::function<result<std::optional<task_question>>(const dialect::answer&)> next;
  std::string task_id;  ///< `request` asks for this task; "": it begins something
  /// Reads an answer that is not 2xx; empty: the family does.
  std::function<error(const dialect::answer&)> read_error;
  ark::route route;
  wire::http_request request;  ///< with its key, unless there is a signer
  request_signer sign;         ///< for each attempt anew, with `signing_key` or the temporary key
  secret signing_key;
  std::optional<fetch> temporary_key;         ///< for `sign`: see client/access
  std::optional<fetch> certificate;           ///< for `sealed`
  std::shared_ptr<const sealed_call> sealed;  ///< contents that are sealed for each attempt
  std::vector<std::string> notes;
  vendor_endpoint endpoint;
  bool spread = false;         ///< over the vendor's ways, if it has several
  std::vector<call_way> ways;  ///< what an attempt takes `endpoint`, `sign`, `signing_key` from
  rate_ids rates;
  rate_need need;  ///< as estimated
  price_basis basis;
};

/// Adds the vendor's key to a request that is whole, or how each attempt gets it. errc::auth says
/// how to give one.
result<void> add_key(prepared_call& out, const core& c);
/// What a model must be able to do for this call, with estimates of its size.
catalog::requirements requirements_of(const call& c);
/// resolve -> check -> select.
result<route> plan_route(const core& c, const call& what);
/// The route of a call that would be made: errc::budget where `max_cost` refuses it in any form, a
/// word in the reason where only a stream would be let go.
result<route> plan_call(const core& c, const call& what);
/// ... -> encode, with the key and the worst-case quote. errc::budget when `max_cost` cannot hold:
/// the price is unknown, the prompt alone costs more, or (not streamed) the worst case does.
result<prepared_call> prepare_chat(const core& c, const call& what, bool streamed);
/// A call of a batch: without a key, at the prices of batches.
result<prepared_call> prepare_batched(const core& c, const call& what);
result<prepared_call> prepare_embed(const core& c, const embed_call& what);
result<prepared_call> prepare_rerank(const core& c, const rerank_call& what);
result<prepared_call> prepare_count(const core& c, const call& what);
result<prepared_call> prepare_image(const core& c, const image_call& what);
result<prepared_call> prepare_speech(const core& c, const speech_call& what);
result<prepared_call> prepare_transcription(const core& c, const transcription_call& what);
result<prepared_call> prepare_moderation(const core& c, const moderation_call& what);
result<prepared_call> prepare_video(const core& c, const video_call& what);

/// A vendor and its family of files, batches and models. errc::unsupported if its row names none.
struct job_place {
  const vendor* row = nullptr;
  const dialect::job_dialect* family = nullptr;
};
result<job_place> find_jobs(const core& c, std::string_view vendor_name);
/// A cache of the call's prompt for `ttl`: quoted with its storage, and on record.
result<prepared_call> prepare_cache(const core& c, const job_place& place, const call& what,
                                    std::chrono::seconds ttl);
/// One request of an exchange about jobs; `what` must outlive the operation. `once`: what it begins
/// must not be begun twice.
result<prepared_call> prepare_job(const core& c, const job_place& place,
                                  const dialect::job_request& what, bool once);

}  // namespace ark
