#pragma once
#include <ark/reply.hpp>
#include <ark/result.hpp>

#include <chrono>
#include <optional>
#include <string>

namespace ark {

/// Where a client keeps answers for calls that are the same: its port to a response cache. Thread
/// safe. Errors are sentences for the reply's notes: the call goes on without.
class reply_store {
 public:
  virtual ~reply_store() = default;
  /// The answer under `key` that was kept at most `max_age` ago (and within the store's own time to
  /// live); nothing if there is none.
  virtual result<std::optional<reply>> find(const std::string& key,
                                            std::chrono::system_clock::time_point now,
                                            std::optional<std::chrono::seconds> max_age) = 0;
  /// Keeps it, in the place of what was there. Of what it cost the exact amount is kept beside it.
  virtual result<void> keep(const std::string& key, const reply& answer,
                            std::chrono::system_clock::time_point now) = 0;
};

}  // namespace ark
