#pragma once
#include "client/flight.hpp"
#include "policy/deadline.hpp"

#include <atomic>
#include <mutex>

namespace ark {

/// A call that has its answer from the response cache, or from a flight. Its deadline and its
/// cancellation are its own. Everything private runs on the loop.
class reused_call final : public running_call, public std::enable_shared_from_this<reused_call> {
 public:
  struct options {
    ark::attribution attribution;
    std::chrono::milliseconds total{0};  ///< zero: no limit
    bool streamed = false;
    ark::route route;
    std::string currency;
    std::vector<std::string> notes;
    destination_facts to;                        ///< for observers
    std::shared_ptr<const request_facts> asked;  ///< for observers; null: nobody is told
  };
  /// A kept answer.
  reused_call(std::shared_ptr<core> c, options o, ark::reply kept);
  /// Of a new flight, which others may join under the plan's `flight_key`; or of the one that they
  /// have begun.
  reused_call(std::shared_ptr<core> c, options o, std::shared_ptr<flight> own,
              std::string flight_key);

  void start(std::function<void()> finished) override;
  void cancel() override;
  std::uint64_t id() const noexcept override { return id_; }
  bool is_finished() const noexcept override { return finished_.load(std::memory_order_acquire); }
  const std::optional<error>& failure() const noexcept override { return failure_; }
  any_reply& made_any() noexcept override { return made_; }
  bool has_news() const noexcept override { return news_.load(std::memory_order_acquire); }
  void take_events(std::vector<event>& into) override;
  void on_news(std::function<void()> told) override;
  void copy_so_far(ark::reply& into) const override;
  cost cost_so_far() const override;

  // Told by its flight.
  bool has_room() const;
  void deliver(const std::vector<event>& fresh);
  /// The flight is over. `pays`: the attempt is on record as this call's; else an attempt of its
  /// own that cost nothing is.
  void landed(const std::optional<error>& failure, const ark::reply& made, bool pays);

 private:
  void begin();
  void give_up(error e);
  /// Puts an attempt that cost nothing on record, then finishes.
  void finish_free(std::optional<error> failure, std::string_view route);
  void put_on_record(std::optional<error> failure, std::string_view route);
  void tell(const std::optional<error>& failure, std::string_view route) const;
  void finish(std::optional<error> failure);
  ark::reply& chat() noexcept { return *std::get_if<ark::reply>(&made_); }
  const ark::reply& chat() const noexcept { return *std::get_if<ark::reply>(&made_); }

  std::shared_ptr<core> core_;
  options options_;
  std::uint64_t id_;
  std::string call_id_;  ///< of an answer that nobody was asked for
  policy::time_point begun_;
  policy::deadline deadline_;
  std::function<void()> on_finished_;
  std::unique_ptr<net::loop::timer> timer_;
  std::optional<ark::reply> kept_;
  std::string flight_key_;
  std::optional<error> gave_up_;  ///< the flight was told to end
  bool cancelled_ = false;
  bool settling_ = false;  ///< on its way into the ledger; under `queue_mutex_`

  any_reply made_;
  std::optional<error> failure_;
  std::atomic<bool> finished_{false};

  mutable std::mutex queue_mutex_;  ///< guards the queue, the flight's handle, the reply
  std::shared_ptr<flight> flight_;
  bool pays_ = false;
  std::vector<event> queue_;
  std::size_t queued_bytes_ = 0;
  std::atomic<bool> news_{false};
  std::function<void()> on_news_;
};

}  // namespace ark
