#pragma once
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "ledger/commit_queue.hpp"
#include "ledger_pg/pg_writer.hpp"

namespace ark::detail {

/// One thread for each handle of a shared ledger that writes: all that arrives during one round to
/// the server is committed together by the next. While it has nothing to do it tells the server now
/// and then that its session lives, and brings what a lost server kept back.
class pg_committer {
 public:
  /// How long a commit may look for a lost server before its intents are refused, and how often an
  /// idle session shows that it lives.
  struct limits {
    std::chrono::milliseconds patience{10'000};
    std::chrono::milliseconds beat{10'000};
    /// How long a commit may be without a seal, while there are others.
    std::chrono::milliseconds seal{10'000};
    /// A session that was not heard of for so long is dead, and what it left open is lost.
    std::chrono::milliseconds silence{60'000};
  };
  pg_committer(std::unique_ptr<pg_writer> to, limits within,
               std::function<void(const budget_alert&)> on_threshold = {});
  pg_committer(const pg_committer&) = delete;
  pg_committer& operator=(const pg_committer&) = delete;
  /// Commits what is left, then ends the thread.
  ~pg_committer();

  /// `done` is called on the committer's thread. Thread safe.
  void add(std::vector<journal_record> records, std::function<void(commit_result)> done);

 private:
  /// Outlives the committer when its last owner is a `done` on its own thread.
  struct shared {
    std::unique_ptr<pg_writer> to;
    limits within;
    std::function<void(const budget_alert&)> on_threshold;
    commit_queue queue;
    std::chrono::steady_clock::time_point sealed{};
    long process = 0;
  };
  static void run(shared& s);
  static void commit(shared& s, commit_queue::batch& next);
  static void idle(shared& s);
  static void seal(shared& s);

  std::shared_ptr<shared> shared_;
  std::thread thread_;
};

}  // namespace ark::detail
