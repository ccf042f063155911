#pragma once
#include <ark/ledger.hpp>
#include <ark/result.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <variant>
#include <vector>

namespace ark {

/// Written before an attempt's first byte leaves.
struct attempt_intent {
  std::uint64_t attempt_id =
      0;  ///< unique, random, never 0; names the attempt in `attempt_outcome`
  std::string call_id;
  int attempt = 1;
  std::chrono::system_clock::time_point begun;
  std::string vendor, model, operation;
  cost quote;  ///< worst case
  std::string tenant, user, task, run;
  std::map<std::string, std::string> tags;
  /// Why this model, and why this attempt; "cache", "flight": answered without asking the vendor.
  std::string route;
  std::string prompt_id, prompt_version, inputs_hash;
  /// When nothing was heard of it for so long, whoever made it is gone: its limit in time and more.
  std::chrono::microseconds lease{0};
};

/// Written when its fate is known.
struct attempt_outcome {
  std::uint64_t attempt_id = 0;
  attempt_state state = attempt_state::settled;
  std::chrono::system_clock::time_point ended;
  ark::usage usage;
  ark::cost cost;
  std::string reply_model, finish, request_id;
  int http_status = 0;
  std::chrono::microseconds latency{0};
  std::chrono::microseconds first_content{0};
  std::vector<cost_line> lines;   ///< what was computed
  std::optional<money> computed;  ///< their sum, where `cost` is another figure
  std::string error;              ///< ours, safe to print
};

/// Another outcome for an attempt that has one. Both are kept, the newer one counts.
struct attempt_correction {
  std::int64_t sequence = 0;  ///< the ledger's name for the attempt
  attempt_outcome outcome;    ///< without the attempt's id
  bool keeps_usage = false;   ///< the usage is as it was booked
  std::string reason;
  bool only_in_doubt = false;  ///< nothing is done if it is not ambiguous any more
};

using journal_record = std::variant<attempt_intent, attempt_outcome, attempt_correction>;

/// What became of a commit: of all its records, and of intents that were refused for themselves (a
/// budget), while the rest was recorded.
struct commit_result {
  struct refusal {
    std::size_t at = 0;  ///< which record of the commit
    ark::error why;
  };
  commit_result() = default;
  commit_result(result<void> r) : all(std::move(r)) {}  // NOLINT: an answer for all is an answer
  commit_result(error e) : all(std::move(e)) {}         // NOLINT
  /// Of one record.
  result<void> of(std::size_t at) const {
    for (const refusal& r : refused)
      if (r.at == at) return r.why;
    return all;
  }
  explicit operator bool() const noexcept { return all.has_value() && refused.empty(); }

  result<void> all;
  std::vector<refusal> refused;
};

/// Where the client writes attempts: its port to a ledger.
class journal {
 public:
  virtual ~journal() = default;
  /// Makes the records durable together, in order, then calls `done` exactly once: before this
  /// returns or later, on any thread. The client gathers the records of one turn of its loop, so a
  /// commit serves many calls. Thread safe.
  virtual void commit(std::vector<journal_record> records,
                      std::function<void(commit_result)> done) = 0;
};

}  // namespace ark
