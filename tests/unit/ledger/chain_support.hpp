#pragma once
#include <filesystem>
#include <future>
#include <random>
#include <string>
#include <vector>

#include "ledger_fixture.hpp"

namespace ark::testing {

/// Random attempts in every state, over some days, vendors, tags and currencies; some are resolved
/// or corrected afterwards.
class random_ledger {
 public:
  /// Its attempts have the ids after `last`.
  explicit random_ledger(std::uint64_t seed, std::uint64_t last = 0) : chance_(seed), last_(last) {}

  void record(const ledger& book, int transactions) {
    const auto to = journal_of(book);
    for (int t = 0; t < transactions; ++t) {
      std::vector<journal_record> records;
      for (int i = 0; i < 4; ++i) {
        if (below(2) == 0) records.emplace_back(begin());
        if (!open_.empty() && below(2) == 0) records.emplace_back(end());
        if (!doubtful_.empty() && below(4) == 0) records.emplace_back(resolve());
      }
      if (!records.empty()) {
        const auto done = wait_for_commit(*to, std::move(records));
        ASSERT_TRUE(done) << done.error().message;
      }
    }
    const auto all = book.list({.state = attempt_state::settled}).value();
    for (std::size_t i = 0; i < all.size(); i += 5)
      ASSERT_TRUE(book.correct({{.sequence = all[i].sequence,
                                 .state = attempt_state::settled,
                                 .cost = exact("0.77", pick({"USD", "EUR"})),
                                 .reason = "a test"}}));
  }

 private:
  /// On whatever thread the store answers.
  static result<void> wait_for_commit(journal& to, std::vector<journal_record> records) {
    std::promise<result<void>> told;
    to.commit(std::move(records), [&](const commit_result& r) {
      told.set_value(r.refused.empty() ? r.all : result<void>(r.refused.front().why));
    });
    return told.get_future().get();
  }
  std::uint64_t below(std::uint64_t n) { return chance_() % n; }
  std::string pick(std::vector<std::string> from) { return from[below(from.size())]; }
  cost some_cost() {
    const std::string value = "0." + std::to_string(1 + below(999'999));
    if (below(4) == 0) return {};
    if (below(4) == 0) return interval("0", value);
    return exact(value, pick({"USD", "CNY"}));
  }
  attempt_intent begin() {
    attempt_intent i = intent(++last_, static_cast<std::int64_t>(below(5 * 86'400)));
    i.vendor = pick({"openai", "deepseek", ""});
    i.model = pick({"gpt-6", "v4", "v5"});
    i.quote = some_cost();
    i.tenant = pick({"", "acme", "other"});
    i.task = pick({"", "support"});
    for (const char* name : {"team", "app"})
      if (below(3) != 0) i.tags[name] = pick({"a", "b\"'); DROP TABLE intent;--", "", "名"});
    open_.push_back(i.attempt_id);
    return i;
  }
  attempt_outcome with(std::uint64_t id, attempt_state state) {
    attempt_outcome o = outcome(id);
    o.state = state;
    o.cost = state == attempt_state::void_ ? cost{.status = cost_status::void_} : some_cost();
    o.usage = {.input = static_cast<std::int64_t>(below(1000)),
               .cache_read = 3,
               .cache_write = 5,
               .cache_write_5m = 7,
               .input_audio = 11,
               .output = 13,
               .reasoning = 17};
    o.usage.reported = below(5) != 0;
    return o;
  }
  attempt_outcome end() {
    const auto at = below(open_.size());
    const auto id = open_[at];
    open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(at));
    const auto state = std::vector{attempt_state::settled, attempt_state::void_,
                                   attempt_state::ambiguous}[below(3)];
    if (state == attempt_state::ambiguous) doubtful_.push_back(id);
    return with(id, state);
  }
  attempt_outcome resolve() {
    const auto id = doubtful_.back();
    doubtful_.pop_back();
    return with(id, below(2) == 0 ? attempt_state::settled : attempt_state::void_);
  }

  std::mt19937_64 chance_;
  std::uint64_t last_;
  std::vector<std::uint64_t> open_, doubtful_;
};

/// A ledger with a chain, and what `verify` says of it after somebody was at it.
class chain_fixture : public ledger_fixture {
 protected:
  /// Ten entries, a transaction for each row; then the ledger is closed.
  void record_ten() {
    open();
    for (std::uint64_t id = 1; id <= 10; ++id) {
      ASSERT_TRUE(commit(*to, {intent(id)}));
      ASSERT_TRUE(commit(*to, {outcome(id)}));
    }
    close();
  }
  void close() {
    to.reset();
    book = {};
  }
  ledger_check verify(const ledger_verify_options& options = {}) {
    return ledger::open({.path = path, .read_only = true}).value().verify(options).value();
  }
  /// As the last schema without the chain left a file.
  void make_older() {
    sql(path, R"sql(DROP TABLE budget; DROP TABLE budget_window; DROP TABLE reservation;
        DROP TABLE budget_told; DROP TABLE ledger_mark; ALTER TABLE session DROP COLUMN pid_space;
        DROP VIEW spending; DROP TABLE rollup; DROP TABLE rollup_key;
        DROP TABLE rollup_dimension; DROP TABLE segment; DELETE FROM schema_version WHERE version > 4;
        ALTER TABLE intent DROP COLUMN row_check; ALTER TABLE intent DROP COLUMN segment;
        ALTER TABLE outcome DROP COLUMN row_check; ALTER TABLE outcome DROP COLUMN segment;
        ALTER TABLE correction DROP COLUMN row_check; ALTER TABLE correction DROP COLUMN segment)sql");
    std::filesystem::remove(path + "-anchor");
  }
  std::string anchor_file() const { return path + "-anchor"; }
};

inline std::string words_of(const ledger_check& check) {
  std::string all;
  for (const auto& each : check.findings) all += each.text + "\n";
  return all;
}

}  // namespace ark::testing
