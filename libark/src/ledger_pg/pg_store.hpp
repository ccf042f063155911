#pragma once
#include <memory>
#include <mutex>
#include <vector>

#include "ledger/store.hpp"
#include "ledger_pg/pg_committer.hpp"

namespace ark::detail {

/// A ledger in a PostgreSQL server: several machines share it.
class pg_store final : public ledger_store {
 public:
  static result<std::shared_ptr<pg_store>> open(const ledger_options& options,
                                                pg_committer::limits within = {});

  void commit(std::vector<journal_record> records,
              std::function<void(commit_result)> done) override;
  result<void> scan(const ledger_filter& filter,
                    const std::function<bool(const ledger_entry&)>& each) override;
  result<std::vector<report_line>> report(const std::vector<std::string>& group_by,
                                          const ledger_filter& filter) override;
  result<void> set_budget(const budget& wanted) override;
  result<void> remove_budget(std::string_view name) override;
  result<std::vector<budget_status>> budgets() override;
  result<budget_history> history_of(std::string_view name) override;
  result<ledger_head> head() override;
  result<ledger_check> verify(const ledger_verify_options& options) override;
  result<void> accept_head() override;
  result<void> rebuild_rollups() override;

 private:
  pg_store(pg::target to, std::vector<exchange_rate> rates, std::string anchor)
      : rates_(std::move(rates)), to_(std::move(to)), anchor_(std::move(anchor)) {}
  /// Calls `change` with a connection of its own.
  template <class Change>
  result<void> with_writer(Change&& change);
  /// Readers have connections of their own, so that they never hold up a commit.
  result<pg::connection> borrow();
  void give_back(pg::connection db);

  std::vector<exchange_rate> rates_;
  pg::target to_;                            ///< to read from
  std::string anchor_;                       ///< its file, as the user named it
  std::unique_ptr<pg_committer> committer_;  ///< null: read-only
  std::mutex readers_mutex_;
  std::vector<pg::connection> readers_;
};

}  // namespace ark::detail
