#pragma once
#include <ark/ledger.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "client/journal.hpp"
#include "ledger/committer.hpp"
#include "ledger/gatherer.hpp"
#include "ledger/store.hpp"
#include "ledger/writer.hpp"

namespace ark::detail {

/// What a ledger handle shares: the writer, and connections to read with.
class ledger_state final : public ledger_store {
 public:
  static result<std::shared_ptr<ledger_state>> open(const ledger_options& options,
                                                    os::system& os = os::real());

  void commit(std::vector<journal_record> records,
              std::function<void(commit_result)> done) override;
  result<void> scan(const ledger_filter& filter,
                    const std::function<bool(const ledger_entry&)>& each) override;
  result<std::vector<report_line>> report(const std::vector<std::string>& group_by,
                                          const ledger_filter& filter) override;
  result<ledger_head> head() override;
  result<ledger_check> verify(const ledger_verify_options& options) override;
  result<void> accept_head() override;
  result<void> rebuild_rollups() override;
  result<void> set_budget(const budget& wanted) override;
  result<void> remove_budget(std::string_view name) override;
  result<std::vector<budget_status>> budgets() override;
  result<budget_history> history_of(std::string_view name) override;

 private:
  ledger_state(const ledger_options& options, os::system& os);
  result<void> open_to_read();
  /// What nobody will tell the outcome of is booked so, where this process may write.
  void sweep_before_reading(sqlite::database& db);
  result<std::shared_ptr<writer>> to_change();
  error read_only() const;
  /// Readers have connections of their own, so that they never hold up a commit. What was
  /// acknowledged, by this process or another, is in the ledger before it is read.
  result<sqlite::database> borrow();
  result<sqlite::database> idle_reader();
  result<void> take_spooled(sqlite::database& db);
  void give_back(sqlite::database db);
  /// This ledger's writer, or one for the moment.
  result<std::shared_ptr<writer>> borrow_writer();

  std::string path_;
  writer_options writing_;
  os::system& os_;
  std::shared_ptr<writer> writer_;        ///< null: read-only
  std::unique_ptr<committer> committer_;  ///< null: commits are made by their callers
  std::unique_ptr<gatherer> gatherer_;    ///< theirs
  std::mutex readers_mutex_;
  std::vector<sqlite::database> readers_;
};

}  // namespace ark::detail
