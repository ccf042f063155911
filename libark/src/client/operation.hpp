#pragma once
#include "client/access.hpp"
#include "client/meter.hpp"
#include "client/observe.hpp"
#include "client/running_call.hpp"
#include "dialect/frame_driver.hpp"
#include "policy/attempt.hpp"
#include "policy/circuit.hpp"
#include "policy/fallback.hpp"
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
  std::string prompt_id, prompt_version, inputs_hash;
};

/// What is asked when the model of a call has failed.
struct alternative_models {
  std::vector<std::string> models;
  fallback_rules rules;
  std::function<result<prepared_call>(const core& c, const std::string& model)> prepare;
};

/// The call with another model, for each of its `fallbacks`; null without any.
std::shared_ptr<const alternative_models> alternatives_of(const call& c, bool streamed);

/// How a call is made: its limits in time, its retries, its ceiling.
struct operation_options {
  ark::timeouts timeouts;
  retry_policy retry;
  std::optional<amount> max_cost;
  bool keep_raw = false;  ///< a chat's answer is kept as it came
  std::shared_ptr<const alternative_models> alternatives;
  bool hedge = false;
  ark::attribution attribution;
  /// For observers; null: nobody is told of this call.
  std::shared_ptr<const request_facts> asked;
};

/// What a call says of how it is made; what the ledger groups by is moved out of it.
template <class C>
operation_options options_of(const core& parts, C& c) {
  operation_options o{.timeouts = c.timeouts, .retry = c.retry};
  if (!parts.observers.empty()) o.asked = facts_of(c, parts.options.telemetry);
  if constexpr (requires { c.max_cost; }) o.max_cost = c.max_cost;
  if constexpr (requires { c.keep_raw; }) o.keep_raw = c.keep_raw;
  auto& to = o.attribution;
  to.tenant = std::move(c.tenant);
  to.user = std::move(c.user);
  to.task = std::move(c.task);
  to.run = std::move(c.run);
  to.tags = std::move(c.tags);
  if constexpr (requires { c.prompt_id; }) {
    to.prompt_id = std::move(c.prompt_id);
    to.prompt_version = std::move(c.prompt_version);
    to.inputs_hash = std::move(c.inputs_hash);
  }
  return o;
}

/// For observers: whom the call goes to.
destination_facts destination_of(const prepared_call& p);

/// The events of a stream that gave this reply, without its `done`, appended to `out`.
void append_events(const ark::reply& whole, std::vector<event>& out);

/// One running call: reserve -> send -> read -> settle, again where the policy allows it.
/// Everything private runs on the loop; the public part may be called from any thread. Its I/O is
/// all behind ports (loop, transport, journal, os), so it is tested without a socket or a clock.
class operation : public net::exchange_handler,
                  public running_call,
                  public std::enable_shared_from_this<operation> {
 public:
  operation(std::shared_ptr<core> c, prepared_call p, operation_options o);
  ~operation() override;

  void start(std::function<void()> finished) override;
  void cancel() override;
  std::uint64_t id() const noexcept override { return id_; }

  bool is_finished() const noexcept override { return finished_.load(std::memory_order_acquire); }
  const std::optional<error>& failure() const noexcept override { return failure_; }
  /// Another model than the one it was prepared for was asked.
  bool fell_back() const noexcept { return fell_back_; }
  /// After it failed: some attempt of it is not provably free.
  bool may_be_billed() const noexcept { return may_be_billed_; }
  any_reply& made_any() noexcept override { return made_; }

  bool has_news() const noexcept override { return news_.load(std::memory_order_acquire); }
  void take_events(std::vector<event>& into) override;
  void on_news(std::function<void()> told) override;
  void copy_so_far(ark::reply& into) const override;
  cost cost_so_far() const override;

 private:
  // exchange_handler
  void on_sending() override;
  void on_sent() override;
  void on_head(wire::http_head head) override;
  void on_body(std::string_view bytes) override;
  void on_end(std::optional<net::exchange_failure> failure) override;

  void plan_attempt();
  std::uint64_t next_attempt_id();

  // before and behind each attempt: operation_attempt
  bool admit();
  void back_off(policy::duration wait);
  std::string lane_id(std::size_t way) const;
  bool choose_way();
  void use_way(std::size_t at);
  error circuit_is_open();
  rate_slot* rate_slot_of(std::uint64_t id, const rate_limit* limit);
  std::optional<policy::duration> book_rates();
  void correct_rates(const rate_need& used);
  void unbook_rates();
  error no_rate_left() const;
  void learn_rates();
  void enter_traffic();
  policy::model_class model_class() const;
  void leave_traffic(policy::health how);
  void attempt_succeeded(const usage& used);
  void attempt_refused(const error& e, attempt_state state);
  bool take_other_way(const error& e);
  bool draw_on_budget(const error& e);
  void close_stage(attempt_outcome& outcome);

  // another model: operation_fallback
  std::string passed_over(policy::fallback_need need, const prepared_call& next) const;
  bool fall_back(const error& e);
  void switch_to(prepared_call next, const error& e);
  void fall_back_or_finish(error e);

  // an attempt beside another: operation_hedge
  class rival;
  void await_hedge();
  bool may_hedge() const;
  void begin_rival(policy::duration after);
  void send_rival();
  void account_dropped(attempt_outcome& outcome, policy::attempt_machine& stage,
                       const usage& so_far) const;
  attempt_outcome rival_outcome() const;
  void drop_rival();
  void rival_failed();
  void rival_is_first();
  void take_rival_over();
  void let_go(std::unique_ptr<rival> gone);
  /// Of an attempt that was not the one that goes on; `why` it does not.
  void record_beside(attempt_outcome outcome, int number, const error& why);

  bool fetch_missing();
  bool fetch_missing(const fetch& what, secret& found);
  void fetch_failed(const error& e);
  bool renew_key(const error& e);
  void leave_fetches();
  /// What proves who sent an attempt, so that no error shows it.
  struct sent_parts {
    wire::header_list headers;  ///< where requests are signed
    std::string target;         ///< where targets are signed
    std::string proof;          ///< where it stands in the body
  };
  result<net::exchange_request> make_request(sent_parts& sent);
  void send();
  void open_stream();
  bool begins_as_events(std::string_view bytes) const;
  void read_stream(std::string_view bytes);
  void check_ceiling();
  bool is_stale(const net::exchange_failure& failure) const;
  void answer_whole();
  error redirected() const;
  result<any_reply> read_sealed() const;
  void decode_answer();
  void stream_ended();
  void broke_off(error e);
  void attempt_failed(error e, attempt_outcome outcome);
  /// Keys, signatures and what they prove, as they went out.
  void hide_keys(error& e, const sent_parts& sent) const;
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
  // for observers (operation_observe.cpp)
  bool is_observed() const noexcept { return options_.asked && !call_.free_of_charge; }
  void note_chunk();
  attempt_facts facts_of_attempt(const attempt_outcome& outcome, int number,
                                 const error* failure) const;
  void tell(const attempt_facts& ended) const;
  void tell_attempt(const attempt_outcome& outcome, const error* failure);
  void tell_call();
  void complete();
  /// Of a chat call.
  ark::reply& chat() noexcept { return *std::get_if<ark::reply>(&made_); }
  const ark::reply& chat() const noexcept { return *std::get_if<ark::reply>(&made_); }
  void keep_contents();
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
  std::chrono::microseconds lease() const;
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
  policy::attempt_machine stage_;
  int attempt_ = 0;    ///< how many the call has made
  int number_ = 0;     ///< which of them `attempt_id_` is
  std::string again_;  ///< why it repeats the one before; empty if it does not
  int tries_ = 0;      ///< of this model
  int stale_retries_ = 0;
  bool stale_socket_ = false;
  policy::time_point sending_begun_;
  std::uint64_t attempt_id_ = 0;
  policy::time_point attempt_begun_;
  std::unique_ptr<net::exchange> exchange_;
  std::unique_ptr<net::loop::timer> timer_;
  policy::time_point phase_end_ = policy::time_point::max();
  policy::time_point armed_for_ = policy::time_point::max();
  std::string_view phase_limit_;  ///< names the limit that `phase_end_` stands for
  wire::http_head head_;
  sent_parts sent_;          ///< of the last attempt
  sign::content_key opens_;  ///< the answer of the last attempt, where it is sealed
  std::string body_;
  std::optional<dialect::frame_driver> driver_;
  stream_meter meter_;

  // what the calls of a client share: see client/traffic
  std::size_t way_ = 0;
  bool admitted_ = false;  ///< its way is chosen, its share is booked
  bool in_traffic_ = false;
  int budget_taken_ = 0;           ///< by the last retry
  std::string_view passed_limit_;  ///< the time limit that ended the attempt
  std::chrono::milliseconds content_limit_{0};

  // other models, other attempts
  cost first_quote_;
  std::size_t next_alternative_ = 0;
  std::string passed_over_;
  bool fell_back_ = false;
  std::unique_ptr<rival> rival_;
  std::unique_ptr<net::loop::timer> hedge_timer_;
  bool hedged_ = false;
  int beside_ = 0;  ///< outcomes of other attempts that are not on record yet
  std::function<void()> after_beside_;

  // the task: what the vendor makes in the background, of which `call_.request` is then the
  // question
  std::string task_id_;
  bool task_ended_ = false;  ///< its end is told
  int questions_ = 0;
  int lost_questions_ = 0;  ///< since the last answer

  // for observers
  std::optional<policy::time_point> first_chunk_, last_chunk_;
  std::vector<std::chrono::microseconds> chunk_gaps_;

  // what came of it
  cost total_cost_{.status = cost_status::void_};
  any_reply made_;
  std::vector<std::string> notes_;
  std::chrono::microseconds first_content_{0};
  bool cancelled_ = false;
  bool may_be_billed_ = false;
  std::optional<error> failure_;
  std::atomic<bool> finished_{false};

  /// Guards the queue, the driver and the meter while it reads, the reply.
  mutable std::mutex queue_mutex_;
  std::vector<event> queue_;
  std::size_t queued_bytes_ = 0;
  bool paused_ = false;
  std::atomic<bool> news_{false};
  std::function<void()> on_news_;
};

}  // namespace ark
