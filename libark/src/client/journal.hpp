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
};

using journal_record = std::variant<attempt_intent, attempt_outcome>;

/// Where the client writes attempts: its port to a ledger.
class journal {
 public:
  virtual ~journal() = default;
  /// Makes the records durable together, in order, then calls `done` exactly once: before this
  /// returns or later, on any thread. The client gathers the records of one turn of its loop, so a
  /// commit serves many calls. Thread safe.
  virtual void commit(std::vector<journal_record> records,
                      std::function<void(result<void>)> done) = 0;
};

}  // namespace ark
