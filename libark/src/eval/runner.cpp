#include "eval/runner.hpp"

#include <memory>
#include <mutex>
#include <set>

namespace ark::eval {

namespace {

/// The run while it goes on. Handlers hold it; all of them run on one thread at a time.
class run : public std::enable_shared_from_this<run> {
 public:
  run(const client& c, const std::vector<question>& questions, results_file& results,
      const run_options& options)
      : client_(c), questions_(questions), results_(results), options_(options) {}

  void begin() {
    for (int i = 0; i < options_.concurrency; ++i) ask_next();
  }
  const result<void>& outcome() const { return outcome_; }
  /// From any thread.
  void stop() {
    std::set<std::uint64_t> ids;
    {
      const std::lock_guard lock(mutex_);
      stopped_ = true;
      ids = in_flight_;
    }
    for (const auto id : ids) client_.cancel(id);
  }

 private:
  void ask_next() {
    const auto self = shared_from_this();
    // Held while the call begins, so that a stop from another thread knows its id.
    const std::lock_guard lock(mutex_);
    if (stopped_ || next_ >= questions_.size()) return;
    const std::size_t index = next_++;
    ark::call call = questions_[index].call;
    call.run = options_.run;
    const auto id = std::make_shared<std::uint64_t>(0);
    *id = client_.complete_async(std::move(call), [self, index, id](result<reply> answer) {
      const bool stopped = self->finished(id);
      self->answered(index, answer, stopped);
    });
    in_flight_.insert(*id);
  }

  /// True if the run has been stopped.
  bool finished(const std::shared_ptr<std::uint64_t>& id) {
    const std::lock_guard lock(mutex_);
    in_flight_.erase(*id);
    return stopped_;
  }

  void answered(std::size_t index, const result<reply>& answer, bool stopped) {
    // What was cancelled is asked again by the next run: it has no row.
    if (stopped && !answer && answer.error().code == errc::cancelled) return;
    const row made = make_row(questions_[index], answer);
    if (auto ok = results_.append(made); !ok) {
      if (outcome_) outcome_ = ok.error();
      return stop();
    }
    if (options_.on_row) options_.on_row(made);
    ask_next();
  }

  const client& client_;
  const std::vector<question>& questions_;
  results_file& results_;
  const run_options& options_;
  std::mutex mutex_;  // of the three below, which a stop from another thread looks at
  std::size_t next_ = 0;
  std::set<std::uint64_t> in_flight_;
  bool stopped_ = false;
  result<void> outcome_;
};

}  // namespace

std::vector<question> pending(std::vector<question> all, const std::vector<row>& done) {
  std::set<std::string> finished;
  for (const auto& r : done)
    if (r.status != row_status::error) finished.insert(r.key());
  std::erase_if(all, [&](const question& q) {
    return finished.contains(
        row{.prompt_id = q.prompt_id, .model = q.model, .case_id = q.case_id}.key());
  });
  return all;
}

row make_row(const question& q, const result<reply>& answer) {
  row out{.prompt_id = q.prompt_id, .model = q.model, .case_id = q.case_id};
  if (!answer) {
    const error& failure = answer.error();
    out.error_code = to_string(failure.code);
    out.error_message = failure.message;
    out.request_id = failure.request_id;
    out.attempts = failure.attempt;
    return out;
  }
  const reply& r = *answer;
  out.output = r.text();
  out.served_by = r.route.vendor + "/" + r.route.model;
  out.usage = r.usage;
  out.cost = r.cost;
  out.latency_ms = static_cast<double>(r.latency.count()) / 1000;
  out.attempts = r.attempts;
  out.request_id = r.request_id;
  auto verdict = judge_all(q.assertions, q.threshold,
                           {.text = out.output, .cost = r.cost, .latency_ms = out.latency_ms});
  out.status = verdict.pass ? row_status::pass : row_status::fail;
  out.score = verdict.score;
  out.verdicts = std::move(verdict.verdicts);
  return out;
}

result<void> run_questions(const client& c, const std::vector<question>& questions,
                           results_file& results, const run_options& options) {
  const auto going = std::make_shared<run>(c, questions, results, options);
  if (options.on_begin) options.on_begin([going] { going->stop(); });
  going->begin();
  c.run();
  return going->outcome();
}

}  // namespace ark::eval
