#pragma once
#include <ark/money.hpp>
#include <ark/result.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace ark {

/// Where answers are kept. The file holds the vendors' answers in clear and no prompts; it is
/// readable by its owner alone (0600, its folder 0700 if it is made).
struct response_cache_options {
  std::string path{};                    ///< the SQLite file
  std::int64_t max_bytes = 256 << 20;    ///< of the file; the answers unused longest go first
  std::chrono::seconds time_to_live{0};  ///< older answers are not given; 0: they do not age
};

/// What a response cache holds, and what it was good for since it was made.
struct response_cache_stats {
  std::int64_t entries = 0;
  std::int64_t bytes = 0;  ///< of the file that are in use
  std::int64_t hits = 0;
  std::vector<money> saved{};  ///< what the hits' answers had cost, by currency
};

namespace detail {
class response_cache_state;
}

/// Answers that are kept to be given again to exactly the same call of the same tenant. A handle
/// (copying shares it). Thread safe; several processes may use one file. It is opened when it is
/// first used; one that cannot be used (damaged, locked, another program's) is a note of the reply,
/// and the call goes on without it. libark/doc/reuse.md.
class ARK_API response_cache {
 public:
  response_cache() = default;  ///< no cache
  explicit response_cache(response_cache_options options);

  /// False for "no cache".
  explicit operator bool() const noexcept { return state_ != nullptr; }
  /// errc::not_found if nothing was kept yet; errc::config if the file cannot be used.
  result<response_cache_stats> stats() const;
  /// Removes all answers, and the file if it is damaged. How many there were; 0 if nobody knows.
  result<std::int64_t> clear() const;
  const std::shared_ptr<detail::response_cache_state>& state() const noexcept { return state_; }

 private:
  std::shared_ptr<detail::response_cache_state> state_;
};

}  // namespace ark
