#include "client/fetch_store.hpp"

#include <algorithm>

namespace ark {

std::optional<secret> fetch_store::find(const std::string& name,
                                        std::chrono::system_clock::time_point now) const {
  const auto it = entries_.find(name);
  if (it == entries_.end() || !it->second.kept || it->second.kept->renew_at <= now)
    return std::nullopt;
  return it->second.kept->text;
}

void fetch_store::wait(const std::string& name, const operation* waiter, told then,
                       const std::function<std::shared_ptr<operation>()>& begin) {
  entry& e = entries_[name];
  e.waiting.emplace_back(waiter, std::move(then));
  if (!e.running) e.running = begin();
}

void fetch_store::end(const std::string& name, const operation* exchange,
                      std::optional<fetched> made, const std::optional<error>& failure) {
  const auto it = entries_.find(name);
  if (it == entries_.end() || it->second.running.get() != exchange) return;
  const auto waiting = std::exchange(it->second.waiting, {});
  const auto running = std::exchange(it->second.running, nullptr);
  if (made)
    it->second.kept = std::move(made);
  else
    entries_.erase(it);
  for (const auto& [waiter, then] : waiting) then(failure);
}

std::shared_ptr<operation> fetch_store::leave(const std::string& name, const operation* waiter) {
  const auto it = entries_.find(name);
  if (it == entries_.end()) return nullptr;
  std::erase_if(it->second.waiting, [waiter](const auto& each) { return each.first == waiter; });
  if (!it->second.waiting.empty()) return nullptr;
  return std::exchange(it->second.running, nullptr);
}

void fetch_store::drop(const std::string& name, const secret& text) {
  const auto it = entries_.find(name);
  if (it == entries_.end() || !it->second.kept) return;
  if (it->second.kept->text.reveal_secret() == text.reveal_secret()) it->second.kept.reset();
}

}  // namespace ark
