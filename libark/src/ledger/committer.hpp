#pragma once
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "ledger/commit_queue.hpp"
#include "ledger/writer.hpp"

namespace ark::detail {

/// The one thread that the library starts, and only for `durability::power`: an fsync takes
/// milliseconds, so all that arrives during one is committed together by the next.
class committer {
 public:
  explicit committer(std::shared_ptr<writer> to);
  committer(const committer&) = delete;
  committer& operator=(const committer&) = delete;
  /// Commits what is left, then ends the thread.
  ~committer();

  /// `done` is called on the committer's thread. Thread safe.
  void add(std::vector<journal_record> records, std::function<void(commit_result)> done);

 private:
  /// Outlives the committer when its last owner is a `done` on its own thread.
  struct shared {
    std::shared_ptr<writer> to;
    commit_queue queue;
  };
  static void run(shared& s);

  std::shared_ptr<shared> shared_;
  std::thread thread_;
};

}  // namespace ark::detail
