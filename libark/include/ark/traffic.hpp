#pragma once
#include <ark/secret.hpp>

#include <chrono>
#include <cstdint>
#include <string>

namespace ark {

/// How many attempts the calls of one client may make again, for each vendor: a bucket of tokens. A
/// vendor that is down is not sent several times the traffic. Figures as in AWS's standard retry
/// mode (SDK reference guide, "Retry behavior", 2026).
struct retry_budget_options {
  int capacity = 500;     ///< tokens at the start and at most; 0: no budget, every retry is paid
  int cost = 5;           ///< of one attempt more
  int timeout_cost = 10;  ///< of one attempt more after a time limit passed
  int refund = 1;         ///< for a first attempt that succeeds; a later one gives back its cost
};

/// When a model of a vendor is left alone for a while (a circuit breaker). What counts are the
/// vendor's own faults: no connection, 5xx, time limits for connecting and for content, answers
/// that break off. A call goes elsewhere then: to another of the vendor's places, or to a fallback.
struct circuit_options {
  int failures = 5;  ///< one after the other; or half of the last 20 answers. 0: never opens
  std::chrono::milliseconds open{15'000};  ///< until one call may try; doubles while that fails
  std::chrono::milliseconds longest_open{120'000};
  /// A call that has nowhere else to go is made all the same (if all are out, leaving one out
  /// helps nobody). True: it is errc::circuit_open, and nothing is sent.
  bool fail_fast = false;
};

/// What a vendor allows with one key; 0: no limit. Waited for, within the call's deadline.
struct rate_limit {
  std::string model{};  ///< on the wire; "": all models of the vendor together
  std::int64_t requests_per_minute = 0;
  std::int64_t tokens_per_minute = 0;  ///< prompt and answer, as estimated, then as counted
};

/// Where limits are kept, and whether answers teach them.
struct rate_options {
  /// A file of 128 KiB that the processes of this machine share (its folder must be there); "":
  /// known to this client only. It holds no key, only parts of their hashes.
  std::string file{};
  /// Answers' rate limit headers and Retry-After hold for the calls to come: these wait at most
  /// ten minutes, within their deadlines.
  bool learn = true;
};

/// One of several ways to the same vendor.
struct vendor_place {
  std::string base_url{};  ///< "": the vendor's
  secret key{};            ///< empty: from the key source, if the address is the vendor's own
  int weight = 1;          ///< its share of the calls
};

}  // namespace ark
