#include "telemetry/delivery.hpp"

#include "telemetry/otlp.hpp"

#include <algorithm>

namespace ark::telemetry {
namespace {

using std::chrono::milliseconds;

bool may_repeat(int status) {
  return status == 0 || status == 429 || status == 502 || status == 503 || status == 504;
}

/// 1 s, 2 s, 4 s ... at most 30 s, of which the second half is chance.
milliseconds backoff(int attempts_made, std::uint64_t random) {
  constexpr std::int64_t base = 1000;
  constexpr std::int64_t cap = 30'000;
  const std::int64_t whole = std::min(base << std::clamp(attempts_made - 1, 0, 10), cap);
  return milliseconds(
      whole / 2 + static_cast<std::int64_t>(random % static_cast<std::uint64_t>(whole / 2 + 1)));
}

delivery_verdict accepted(const delivery_answer& answer) {
  const auto part = read_partial_success(answer.body);
  delivery_verdict out{.what = delivery_verdict::kind::delivered, .rejected = part.rejected};
  if (part.rejected > 0)
    out.problem = "the collector did not take " + std::to_string(part.rejected) + " of what it got";
  else if (!part.message.empty())
    out.problem = "the collector warns";
  constexpr std::size_t longest = 300;  // somebody else's text
  if (!part.message.empty()) out.problem += ": " + part.message.substr(0, longest);
  return out;
}

}  // namespace

delivery_verdict judge_delivery(const delivery_answer& answer, int attempts_made, int max_attempts,
                                wire::wall_time now, std::uint64_t random) {
  using kind = delivery_verdict::kind;
  if (answer.status >= 200 && answer.status <= 299) return accepted(answer);
  delivery_verdict out{.problem = answer.status == 0
                                      ? "the collector cannot be reached: " + answer.problem
                                      : "the collector answered with status " +
                                            std::to_string(answer.status)};
  if (!may_repeat(answer.status) || attempts_made >= max_attempts) return out;
  constexpr milliseconds longest = std::chrono::minutes(10);
  const auto wanted = wire::retry_after(answer.headers, now);
  out.what = kind::again;
  out.wait =
      wanted ? std::clamp(*wanted, milliseconds(0), longest) : backoff(attempts_made, random);
  return out;
}

}  // namespace ark::telemetry
