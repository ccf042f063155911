#pragma once
#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace ark::net {

/// Somebody who waits for a place.
class pool_waiter {
 public:
  virtual ~pool_waiter() = default;
  /// A place may be free: ask again. False if it is not wanted any more.
  virtual bool place_free() = 0;
};

/// Idle connections by key (origin and what else must match), the youngest used first, and how many
/// are open at all. Knows no sockets: `Connection` is any movable type. Not thread safe.
template <class Connection>
class pool {
 public:
  using time_point = std::chrono::steady_clock::time_point;
  /// `limit`: open connections for each key, 0 for no limit.
  pool(std::size_t limit, std::chrono::nanoseconds max_idle) : limit_(limit), max_idle_(max_idle) {}

  /// The youngest idle connection of `key`, if it is young enough. It stays counted as open.
  std::optional<Connection> take(const std::string& key, time_point now) {
    const auto found = places_.find(key);
    if (found == places_.end()) return std::nullopt;
    drop_old(found->second, now);
    if (found->second.idle.empty()) return std::nullopt;
    Connection youngest = std::move(found->second.idle.back().connection);
    found->second.idle.pop_back();
    return youngest;
  }
  /// Counts a connection that is to be opened; false if the limit is reached.
  bool open(const std::string& key) {
    place& p = places_[key];
    if (limit_ != 0 && p.open >= limit_) return false;
    ++p.open;
    return true;
  }
  void wait(const std::string& key, std::weak_ptr<pool_waiter> waiter) {
    places_[key].waiting.push_back(std::move(waiter));
  }
  /// Gives back a connection that can serve again.
  void put(const std::string& key, Connection connection, time_point now) {
    drop_all_old(now);
    place& p = places_[key];
    p.idle.push_back({std::move(connection), now});
    call_next(key);
  }
  /// A counted connection is gone.
  void closed(const std::string& key) {
    const auto found = places_.find(key);
    if (found == places_.end()) return;
    if (found->second.open > 0) --found->second.open;
    call_next(key);
  }
  /// Closes everything idle.
  void clear() {
    for (auto& [key, p] : places_) {
      p.open -= p.idle.size();
      p.idle.clear();
    }
  }
  std::size_t idle_count() const {
    std::size_t count = 0;
    for (const auto& [key, p] : places_) count += p.idle.size();
    return count;
  }

 private:
  struct idle_connection {
    Connection connection;
    time_point since;
  };
  struct place {
    std::deque<idle_connection> idle;  ///< the oldest first
    std::size_t open = 0;              ///< idle ones too
    std::deque<std::weak_ptr<pool_waiter>> waiting;
  };

  void drop_old(place& p, time_point now) {
    while (!p.idle.empty() && now - p.idle.front().since > max_idle_) {
      p.idle.pop_front();
      --p.open;
    }
  }
  void drop_all_old(time_point now) {
    if (now < next_sweep_) return;
    next_sweep_ = now + max_idle_ / 2;
    for (auto it = places_.begin(); it != places_.end();) {
      drop_old(it->second, now);
      const bool unused = it->second.open == 0 && it->second.waiting.empty();
      it = unused ? places_.erase(it) : std::next(it);
    }
  }
  void call_next(const std::string& key) {
    for (;;) {
      std::deque<std::weak_ptr<pool_waiter>>& waiting = places_[key].waiting;
      if (waiting.empty()) return;
      const std::shared_ptr<pool_waiter> next = waiting.front().lock();
      waiting.pop_front();
      if (next && next->place_free()) return;
    }
  }

  std::size_t limit_;
  std::chrono::nanoseconds max_idle_;
  time_point next_sweep_{};
  std::unordered_map<std::string, place> places_;
};

}  // namespace ark::net
