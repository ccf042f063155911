#pragma once
#include "client/reply_store.hpp"
#include "reuse/cache_file.hpp"

#include <ark/response_cache.hpp>

#include <memory>
#include <mutex>

namespace ark::detail {

/// What the handles of one response cache share: the file, opened when it is first used.
class response_cache_state final : public reply_store {
 public:
  explicit response_cache_state(response_cache_options o) : options_(std::move(o)) {}

  result<std::optional<reply>> find(const std::string& key,
                                    std::chrono::system_clock::time_point now,
                                    std::optional<std::chrono::seconds> max_age) override;
  result<void> keep(const std::string& key, const reply& answer,
                    std::chrono::system_clock::time_point now) override;
  result<response_cache_stats> stats();
  result<std::int64_t> clear();

 private:
  /// The open file.
  result<cache_file*> file(bool may_make);

  response_cache_options options_;
  std::mutex mutex_;
  std::optional<cache_file> file_;
  bool damaged_ = false;  ///< as the last try to open it found
};

/// The port to `cache`; null for none.
std::shared_ptr<reply_store> reply_store_of(const response_cache& cache);

}  // namespace ark::detail
