#include <ark/response_cache.hpp>

#include "reuse/reply_bytes.hpp"
#include "reuse/response_cache_state.hpp"
#include "sign/digest.hpp"

#include <algorithm>

namespace ark {
namespace detail {
namespace {

constexpr std::size_t digest_bytes = 32;

std::int64_t seconds_of(std::chrono::system_clock::time_point at) {
  return std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch()).count();
}

/// A value tells whether it is whole and belongs to its key: SQLite has no checksums.
std::string sealed(const std::string& key, std::string_view value) {
  return sign::sha256(key + std::string(value)) + std::string(value);
}

/// What a hit saves: no currency if that is not known.
money worth_of(const cost& c) {
  if (c.status != cost_status::exact) return {};
  return {c.value, c.currency};
}

}  // namespace

result<cache_file*> response_cache_state::file(bool may_make) {
  if (!file_) {
    auto opened = cache_file::open(options_.path, may_make, damaged_);
    if (!opened) return opened.error();
    file_.emplace(std::move(*opened));
  }
  return &*file_;
}

result<std::optional<reply>> response_cache_state::find(
    const std::string& key, std::chrono::system_clock::time_point now,
    std::optional<std::chrono::seconds> max_age) {
  const std::lock_guard lock(mutex_);
  const auto from = file(true);
  if (!from) return from.error();
  auto longest = options_.time_to_live.count() > 0 ? std::optional(options_.time_to_live)
                                                   : std::optional<std::chrono::seconds>{};
  if (max_age) longest = longest ? std::min(*longest, *max_age) : *max_age;
  const std::int64_t oldest_s = longest ? seconds_of(now) - longest->count() : INT64_MIN;
  auto found = (*from)->find(key, oldest_s);
  if (!found) return found.error();
  if (!*found) return std::optional<reply>{};
  // The clock went back: how old it is, nobody knows.
  if (longest && (*found)->kept_s > seconds_of(now)) return std::optional<reply>{};
  const std::string_view stored = (*found)->value;
  const auto value = stored.substr(std::min(digest_bytes, stored.size()));
  auto made = sealed(key, value) == stored ? unpack_reply(value) : std::nullopt;
  if (!made) {
    // Put in again when the vendor has answered.
    if (auto gone = (*from)->remove(key); !gone) return gone.error();
    return error{.code = errc::config,
                 .message = "the response cache " + options_.path +
                            ": a kept answer is damaged and was removed"};
  }
  if (auto counted = (*from)->count_hit(worth_of(made->cost)); !counted) return counted.error();
  return made;
}

result<void> response_cache_state::keep(const std::string& key, const reply& answer,
                                        std::chrono::system_clock::time_point now) {
  const std::string value = sealed(key, pack_reply(answer));
  if (static_cast<std::int64_t>(value.size()) > options_.max_bytes / 2)
    return error{.code = errc::too_large,
                 .message = "it is larger than half of the response cache " + options_.path +
                            ": raise its max_bytes"};
  const std::lock_guard lock(mutex_);
  const auto into = file(true);
  if (!into) return into.error();
  return (*into)->keep(key, value, seconds_of(now), options_.max_bytes);
}

result<response_cache_stats> response_cache_state::stats() {
  const std::lock_guard lock(mutex_);
  const auto from = file(false);
  if (!from) return from.error();
  return (*from)->stats();
}

result<std::int64_t> response_cache_state::clear() {
  const std::lock_guard lock(mutex_);
  const auto from = file(false);
  if (!from && from.error().code == errc::not_found) return std::int64_t{0};
  if (!from && !damaged_) return from.error();
  if (from) {
    auto count = (*from)->clear();
    if (count || !(*from)->is_damaged()) return count;
    file_.reset();
  }
  if (auto gone = remove_cache_file(options_.path); !gone) return gone.error();
  return std::int64_t{0};
}

std::shared_ptr<reply_store> reply_store_of(const response_cache& cache) { return cache.state(); }

}  // namespace detail

response_cache::response_cache(response_cache_options options)
    : state_(std::make_shared<detail::response_cache_state>(std::move(options))) {}

result<response_cache_stats> response_cache::stats() const {
  if (!state_) return error{.code = errc::not_found, .message = "there is no response cache"};
  return state_->stats();
}

result<std::int64_t> response_cache::clear() const {
  if (!state_) return error{.code = errc::not_found, .message = "there is no response cache"};
  return state_->clear();
}

}  // namespace ark
