#pragma once
#include "wire/http_time.hpp"
#include "wire/http_types.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace ark::telemetry {

/// How one request to a collector ended.
struct delivery_answer {
  int status = 0;  ///< 0: there was no answer
  wire::header_list headers;
  std::string body;
  std::string problem;  ///< without an answer: why
};

/// What follows from it.
struct delivery_verdict {
  enum class kind : std::uint8_t { delivered, again, refused } what = kind::refused;
  std::chrono::milliseconds wait{0};  ///< with `again`
  std::int64_t rejected = 0;          ///< with `delivered`: parts that the collector did not take
  std::string problem;                ///< a sentence, "" if there is none
};

/// The rules of OTLP/HTTP (specification.md, "Failures" and "Throttling"): 429, 502, 503, 504 and
/// lost connections are sent again, after Retry-After, else after a wait that grows by the attempt
/// and has jitter; a partial success and every other status are final. Pure.
delivery_verdict judge_delivery(const delivery_answer& answer, int attempts_made, int max_attempts,
                                wire::wall_time now, std::uint64_t random);

}  // namespace ark::telemetry
