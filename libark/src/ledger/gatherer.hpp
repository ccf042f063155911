#pragma once
#include <chrono>
#include <memory>
#include <mutex>
#include <vector>

#include "ledger/spool.hpp"
#include "ledger/writer.hpp"
#include "os/os.hpp"

namespace ark::detail {

/// Keeps transactions at least `interval` apart without making anybody wait: what comes sooner is
/// appended to a spool (durable against the death of the process, a system call instead of a
/// transaction) and goes into the ledger with the next transaction. Commits that are rare, as a
/// person's or a slow vendor's are, all go straight into the ledger. Thread safe.
class gatherer {
 public:
  gatherer(std::shared_ptr<writer> to, std::chrono::microseconds interval,
           os::system& os = os::real());
  gatherer(const gatherer&) = delete;
  gatherer& operator=(const gatherer&) = delete;
  /// Commits what is left; what cannot be committed stays in the spool for the next who opens.
  ~gatherer();

  /// Durable when it returns. On an error as writer::write().
  commit_result write(std::vector<journal_record>& records);
  /// Everything that was acknowledged is in the ledger afterwards.
  result<void> flush();

 private:
  bool may_spool(const std::vector<journal_record>& records);
  bool take_ids(const std::vector<journal_record>& records);
  bool append(std::vector<journal_record>& records);
  commit_result commit(std::vector<journal_record>& records);

  std::shared_ptr<writer> writer_;
  std::chrono::microseconds interval_;
  os::system& os_;
  std::mutex mutex_;
  std::unique_ptr<spool> spool_;
  bool spool_failed_ = false;
  int quick_commits_ = 0;
  std::chrono::steady_clock::time_point last_commit_{};
  std::vector<journal_record> spooled_;       ///< what the spool holds
  std::vector<std::uint64_t> spooled_opens_;  ///< attempts begun in it: some hundreds at most
  std::size_t known_opens_ = 0;               ///< how many of them are in it for sure
};

}  // namespace ark::detail
