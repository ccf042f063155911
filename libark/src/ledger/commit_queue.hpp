#pragma once
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <vector>

#include "client/journal.hpp"

namespace ark::detail {

/// What producers want committed, and the thread that commits it: all that comes during one commit
/// is the next one's. Thread safe; one thread takes.
class commit_queue {
 public:
  using clock = std::chrono::steady_clock;
  struct job {
    std::vector<journal_record> records;
    std::function<void(commit_result)> done;
    clock::time_point until{};  ///< the producer's, for who takes; not looked at here
  };
  /// Jobs of one commit, in the order of their coming.
  struct batch {
    std::vector<job> jobs;
    std::vector<journal_record> records;  ///< of all jobs

    /// Calls each `done` with what concerns its own records.
    void answer(const commit_result& all);

   private:
    friend class commit_queue;
    std::vector<std::size_t> sizes_;
  };

  /// `longest_moment`: who was just answered is waited for no longer.
  explicit commit_queue(clock::duration longest_moment = std::chrono::milliseconds(1))
      : longest_moment_(longest_moment) {}

  void add(job wanted);
  /// No more will come; what is there is still to be taken.
  void stop();
  bool stopped() const;
  /// The next commit's jobs, with the last one crossing `records_max`; none when `patience` is over
  /// without any, or after stop().
  batch take(std::size_t records_max, clock::duration patience = clock::duration::max());
  /// `committed` is about to be answered, `took` after it was taken. Who was just answered often
  /// comes back at once: so many are waited for, a quarter of that time and a moment at most. Else
  /// producers fall into two groups that wait for each other's commits, and get half as many.
  void expect_back(const batch& committed, clock::duration took);

 private:
  mutable std::mutex mutex_;
  std::condition_variable more_;
  std::vector<job> jobs_;
  std::size_t expected_ = 0;
  const clock::duration longest_moment_;
  clock::duration moment_{};
  bool stop_ = false;
};

}  // namespace ark::detail
