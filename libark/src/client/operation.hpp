#pragma once
#include "client/access.hpp"
#include "dialect/frame_driver.hpp"
#include "policy/retry.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace ark {

/// What the ledger groups an attempt by.
struct attribution {
  std::string tenant, user, task, run;
  std::map<std::string, std::string> tags;
};

/// How a call is made: its limits in time, its retries, its ceiling.
struct operation_options {
  ark::timeouts timeouts;
  retry_policy retry;
  std::optional<amount> max_cost;
  bool keep_raw = false;  ///< a chat's answer is kept as it came
  ark::attribution attribution;
};

/// The events of a stream that gave this reply, without its `done`, appended to `out`.
void append_events(const ark::reply& whole, std::vector<event>& out);

/// One running call: reserve -> send -> read -> settle, again where the policy allows it.
/// Everything private runs on the loop; the public part may be called from any thread. Its I/O is
/// all behind ports (loop, transport, journal, os), so it is tested without a socket or a clock.
class operation : public net::exchange_handler, public std::enable_shared_from_this<operation> {
 public:
  operation(std::shared_ptr<core> c, prepared_call p, operation_options o);
  ~operation() override;

  /// `finished` is told on the loop, once.
  void start(std::function<void()> finished);
  void cancel();
  std::uint64_t id() const noexcept { return id_; }

  bool is_finished() const noexcept { return finished_.load(std::memory_order_acquire); }
  /// After it finished. What the call was for is moved out.
  const std::optional<error>& failure() const noexcept { return failure_; }
  /// After it failed: some attempt of it is not provably free.
  bool may_be_billed() const noexcept { return may_be_billed_; }
  template <class Reply>
  Reply& made() noexcept {
    return *std::get_if<Reply>(&made_);
  }

  // Streams: events queue up until they are taken; reading pauses while too many wait.
  bool has_news() const noexcept { return news_.load(std::memory_order_acquire); }
  /// Swaps the waiting events into `into` (which must be empty). Any thread.
  void take_events(std::vector<event>& into);
  /// Told on the loop at each change of `has_news`, while set.
  void on_news(std::function<void()> told);
  /// Copies the reply so far. Any thread.
  void copy_so_far(ark::reply& into) const;

 private:
  // exchange_handler
  void on_sending() override;
  void on_sent() override;
  void on_head(wire::http_head head) override;
  void on_body(std::string_view bytes) override;
  void on_end(std::optional<net::exchange_failure> failure) override;

  void plan_attempt();
  bool fetch_missing();
  bool fetch_missing(const fetch& what, secret& found);
  void fetch_failed(const error& e);
  bool renew_key(const error& e);
  void leave_fetches();
  result<net::exchange_request> make_request();
  void send();
  void open_stream();
  bool begins_as_events(std::string_view bytes) const;
  void read_stream(std::string_view bytes);
  void check_ceiling();
  void answer_whole();
  error redirected() const;
  result<any_reply> read_sealed() const;
  void decode_answer();
  void stream_ended();
  void broke_off(error e);
  void attempt_failed(error e, attempt_outcome outcome);
  bool task_goes_on();
  void ask_next(task_question question);
  void wait_to_ask(policy::duration wait);
  void ask();
  bool ask_again(const error& e);
  void task_lost(error& e, attempt_outcome& outcome);
  /// A task was begun, and how it ended is not known.
  bool is_asking() const noexcept { return !task_id_.empty() && !task_ended_; }
  void settle(attempt_outcome outcome, std::function<void()> then);
  void settled(const result<void>& recorded, const cost& attempt_cost);
  void retry_or_finish(const error& e);
  void finish(std::optional<error> failure);
  void complete();
  /// Of a chat call.
  ark::reply& chat() noexcept { return *std::get_if<ark::reply>(&made_); }
  const ark::reply& chat() const noexcept { return *std::get_if<ark::reply>(&made_); }
  void publish();
  void take_from_driver();
  void do_cancel();
  void await_content();
  void limit_phase(std::string_view name, std::chrono::milliseconds limit);
  void arm();
  void timer_fired();
  bool content_seen() const;
  const usage& usage_so_far() const;
  /// Puts a whole answer into money and says in the notes why its cost is unknown, if it is.
  void account_reply(attempt_outcome& outcome, const usage& used);
  /// Prices of the model that answered, which may not be the one that was asked for.
  price_basis billed_basis(std::string_view replied) const;
  attempt_intent make_intent();
  attempt_outcome new_outcome() const;
  policy::time_point now() const { return core_->os->steady_now(); }

  enum class phase : std::uint8_t {
    idle,
    fetching,  ///< what attempts need: keys, certificates
    reserving,
    connecting,
    sending,
    waiting,
    reading,
    settling,
    backing_off,
    between_questions,  ///< about a task
    finished
  };

  std::shared_ptr<core> core_;
  prepared_call call_;
  operation_options options_;
  std::uint64_t id_;
  std::string call_id_;
  policy::time_point begun_;
  policy::deadline deadline_;
  std::function<void()> on_finished_;

  // what is fetched
  secret temporary_key_, certificate_;
  bool key_renewed_ = false;

  // the attempt
  phase phase_ = phase::idle;
  int attempt_ = 0;
  int stale_retries_ = 0;
  bool stale_socket_ = false;
  std::uint64_t attempt_id_ = 0;
  policy::time_point attempt_begun_;
  std::unique_ptr<net::exchange> exchange_;
  std::unique_ptr<net::loop::timer> timer_;
  policy::time_point phase_end_ = policy::time_point::max();
  policy::time_point armed_for_ = policy::time_point::max();
  std::string_view phase_limit_;  ///< names the limit that `phase_end_` stands for
  wire::http_head head_;
  wire::header_list sent_headers_;  ///< of the last attempt, where requests are signed
  std::string sent_target_;         ///< of the last attempt, where targets are signed
  std::string sent_proof_;          ///< of the last attempt, where it stands in the body
  sign::content_key opens_;         ///< the answer of the last attempt, where it is sealed
  std::string body_;
  std::optional<dialect::frame_driver> driver_;

  // the task: what the vendor makes in the background, of which `call_.request` is then the
  // question
  std::string task_id_;
  bool task_ended_ = false;  ///< its end is told
  int questions_ = 0;
  int lost_questions_ = 0;  ///< since the last answer

  // what came of it
  cost total_cost_{.status = cost_status::void_};
  any_reply made_;
  std::vector<std::string> notes_;
  std::chrono::microseconds first_content_{0};
  bool cancelled_ = false;
  bool may_be_billed_ = false;
  std::optional<error> failure_;
  std::atomic<bool> finished_{false};

  mutable std::mutex queue_mutex_;  ///< guards the queue, the driver while it reads, the reply
  std::vector<event> queue_;
  std::size_t queued_bytes_ = 0;
  bool paused_ = false;
  std::atomic<bool> news_{false};
  std::function<void()> on_news_;
};

}  // namespace ark
