#pragma once
#include "client/journal.hpp"
#include "net/loop.hpp"

#include <memory>
#include <mutex>
#include <vector>

namespace ark {

/// Gathers what the attempts of one turn of the loop want recorded, so that one commit serves them
/// all. Called on the loop only. Without a journal every record is durable at once.
class recorder : public std::enable_shared_from_this<recorder> {
 public:
  using callback = std::function<void(result<void>)>;
  recorder(std::shared_ptr<net::loop> l, std::shared_ptr<journal> j)
      : loop_(std::move(l)), journal_(std::move(j)) {}

  /// `done` is told on the loop, after this returns, once the record is durable or has failed.
  void record(journal_record r, callback done);
  bool has_journal() const noexcept { return journal_ != nullptr; }

 private:
  struct batch {
    std::vector<journal_record> records;
    std::vector<callback> callbacks;
    // A journal may answer before commit() returns (on this thread: no detour), or later on its
    // own.
    std::mutex mutex;
    bool inside = true;
    bool answered = false;
    commit_result outcome;
  };
  void flush();
  static void tell(batch& b, const commit_result& outcome);

  std::shared_ptr<net::loop> loop_;
  std::shared_ptr<journal> journal_;
  std::shared_ptr<batch> pending_;
};

}  // namespace ark
