#pragma once
#include "sim/answer.hpp"
#include "sim/fault.hpp"
#include "sim/latency.hpp"

#include <ark/testing.hpp>

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace ark::testing {

/// A request as the server read it. Header names are lower case.
struct sim_http_request {
  std::string method;
  std::string target;
  std::map<std::string, std::string> headers;
  std::string body;
};

/// What the server is to do with it.
struct exchange_plan {
  ark::testing::answer answer;
  fault_effect fault;
  std::chrono::microseconds first_wait{0};
  std::vector<std::chrono::microseconds> frame_waits;  ///< one before each frame; may be empty
  std::int64_t number = 0;  ///< 0: a question about the journal, which is not in the journal
};

/// The simulator without its sockets: requests in, answers and the journal out. Thread safe.
class engine {
 public:
  static result<std::unique_ptr<engine>> make(const simulator_options& options);

  exchange_plan handle(const sim_http_request& request);
  /// After how many bytes of it a request is cut, if a rule says so.
  std::optional<std::int64_t> request_cut() const;
  /// How the answer ended: "complete", "cut" or "client_gone"; of a stream, how much of the answer
  /// had been made. What was not streamed had been made whole.
  void settle(std::int64_t number, std::string_view outcome, std::int64_t output,
              std::int64_t reasoning);

  std::vector<journal_entry> journal() const;
  void clear_journal();
  result<void> add_fault(std::string_view rule);
  void clear_faults();
  void add_answer(scripted_answer answer);

 private:
  engine() = default;
  struct route {
    wire_family family;
    std::string operation;  ///< as in journal_entry
  };
  static route route_of(const sim_http_request& request);
  bool key_is_known(const sim_http_request& request) const;
  answer answer_control(const sim_http_request& request);
  answer answer_request(const sim_http_request& request, const route& where, journal_entry& entry,
                        exchange_plan& plan);
  answer answer_body(const boost::json::object& body, const route& where, journal_entry& entry,
                     exchange_plan& plan);
  answer answer_chat(const chat_request& request, journal_entry& entry, exchange_plan& plan);
  answer answer_embeddings(const boost::json::object& body, journal_entry& entry);
  answer answer_models(const sim_http_request& request, const route& where) const;
  void apply_rule(journal_entry& entry, exchange_plan& plan);
  static void apply_effect(const route& where, exchange_plan& plan);
  void add_vendor_headers(const route& where, const journal_entry& entry, answer& out) const;
  void plan_waits(exchange_plan& plan, const journal_entry& entry) const;
  vendor_error unknown_model(const route& where, const std::string& model) const;
  void record(journal_entry entry);
  void set_price(journal_entry& entry) const;

  mutable std::mutex mutex_;
  simulator_options options_;
  latency latency_;
  std::vector<fault_rule> rules_;
  prompt_cache cache_;
  std::deque<journal_entry> journal_;
  std::int64_t last_number_ = 0;
};

/// The journal as JSON: {"requests":[...],"billed":{...}}; bodies of requests are left out. A
/// request's "cost" is decimal text, "unknown", or null when it was not billed; "billed" has
/// "costs" by currency and "unknown_costs", the number of requests that are in none of them.
std::string journal_json(const std::vector<journal_entry>& entries);

}  // namespace ark::testing
