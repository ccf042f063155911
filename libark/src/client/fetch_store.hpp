#pragma once
#include <ark/error.hpp>
#include <ark/secret.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ark {

class operation;

/// What was fetched from a vendor before a call, and until when it is used.
struct fetched {
  secret text;
  std::chrono::system_clock::time_point renew_at;
};

/// The temporary keys and certificates of a client, in memory only. Each is fetched once, however
/// many calls wait for it; what has ended is fetched anew. Used on the loop only.
class fetch_store {
 public:
  /// Nothing if it must be fetched.
  std::optional<secret> find(const std::string& name,
                             std::chrono::system_clock::time_point now) const;
  using told = std::function<void(const std::optional<error>&)>;
  /// Tells `then` on the loop, once, when `name` is there or cannot be had. `begin` starts the
  /// exchange; it is called unless one is under way.
  void wait(const std::string& name, const operation* waiter, told then,
            const std::function<std::shared_ptr<operation>()>& begin);
  /// What an exchange that has ended gave; a failure forgets what there was.
  void end(const std::string& name, const operation* exchange, std::optional<fetched> made,
           const std::optional<error>& failure);
  /// `waiter` is not told any more. The exchange, if nobody waits for it now: to be cancelled.
  std::shared_ptr<operation> leave(const std::string& name, const operation* waiter);
  /// Forgets `text`; no effect if it was fetched anew already.
  void drop(const std::string& name, const secret& text);

 private:
  struct entry {
    std::optional<fetched> kept;
    std::shared_ptr<operation> running;
    std::vector<std::pair<const operation*, told>> waiting;
  };
  std::map<std::string, entry> entries_;
};

}  // namespace ark
