#pragma once
#include <ark/result.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ark::testing {

/// What a rule makes go wrong. Several may stand in one rule.
struct fault_effect {
  std::optional<int> status{};  ///< an error answer, in the vendor's shape; not billed
  std::string code{};           ///< the vendor's error code in it, as "insufficient_quota"
  std::string retry_after{};    ///< its `retry-after` header, as written
  bool html = false;            ///< the error's body is a proxy's HTML page
  std::optional<std::chrono::microseconds> delay{};  ///< before the first byte
  std::optional<std::int64_t> stall_after{};  ///< body bytes, then nothing more; stays connected
  std::optional<std::int64_t> cut_after{};    ///< body bytes, then the connection is closed
  std::optional<std::int64_t> reset_after{};  ///< as `cut_after`, but the connection is reset
  std::optional<std::int64_t> cut_head{};     ///< so many bytes of the answer's head, then closed
  /// So many bytes of the request are read, then the connection is reset; not billed. For requests
  /// of any kind: what they ask for is not known yet, so matchers do not count.
  std::optional<std::int64_t> cut_request{};
  std::optional<int> repeat_frame{};     ///< this frame (from 1) comes twice
  std::optional<int> malformed_frame{};  ///< this frame (from 1) is not JSON
  std::optional<int> error_in_stream{};  ///< this frame is an error object, and the last
  std::optional<std::int64_t> huge{};    ///< an endless-looking body of so many bytes
  std::string redirect{};                ///< 307 to this URL
  bool reset = false;                    ///< the connection is reset before any answer; not billed
  bool lost_answer = false;              ///< as `reset`, but the vendor did the work and bills it
  bool twice = false;                    ///< the whole answer, or each frame, is delivered twice
  bool billed = false;                   ///< with `status`: the work was done, and is billed
  bool bills_all = false;                ///< a cut stream is billed as if it had been made whole
  bool no_terminal = false;              ///< a stream ends without its last frame
  bool no_usage = false;                 ///< usage is left out
};

/// What a request is matched by.
struct fault_subject {
  std::string_view model, path, prompt;
  bool stream = false;
};

/// One rule: EFFECT[,EFFECT...][@MATCHER...], say "status=503,retry-after=1@model=gpt*@nth=3".
/// Matchers: model=, path=, prompt= (a part of it; "*" at the end for a prefix), stream (or
/// stream=no), nth=N (the Nth request that the others let through), every=N, first=N, rate=P.
class fault_rule {
 public:
  /// errc::invalid_request names the part that is wrong.
  static result<fault_rule> parse(std::string_view text);
  /// True if the rule applies; counts the requests that the plain matchers let through.
  bool matches(const fault_subject& subject, std::uint64_t seed);
  const fault_effect& effect() const noexcept { return effect_; }
  const std::string& text() const noexcept { return text_; }

 private:
  result<void> parse_effect(std::string_view name, std::string_view value);
  result<void> parse_matcher(std::string_view name, std::string_view value);

  std::string text_;
  fault_effect effect_;
  std::string model_, path_, prompt_;
  std::optional<bool> stream_;
  std::int64_t nth_ = 0, every_ = 0, first_ = 0;
  double rate_ = 1;
  std::int64_t seen_ = 0;
};

/// The grammar with an example for each effect and matcher, for `ark sim --faults`.
std::string_view fault_help() noexcept;

}  // namespace ark::testing
