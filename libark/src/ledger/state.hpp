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
#include "ledger/writer.hpp"

namespace ark::detail {

/// What a ledger handle shares: the writer, and connections to read with.
class ledger_state final : public journal {
 public:
  static result<std::shared_ptr<ledger_state>> open(const ledger_options& options);

  void commit(std::vector<journal_record> records, std::function<void(result<void>)> done) override;
  result<void> scan(const ledger_filter& filter,
                    const std::function<bool(const ledger_entry&)>& each);
  result<std::vector<report_line>> report(const std::vector<std::string>& group_by,
                                          const ledger_filter& filter);

 private:
  explicit ledger_state(std::string path) : path_(std::move(path)) {}
  /// Readers have connections of their own, so that they never hold up a commit. What was
  /// acknowledged, by this process or another, is in the ledger before it is read.
  result<sqlite::database> borrow();
  result<sqlite::database> idle_reader();
  result<void> take_spooled(sqlite::database& db);
  void give_back(sqlite::database db);

  std::string path_;
  std::shared_ptr<writer> writer_;        ///< null: read-only
  std::unique_ptr<committer> committer_;  ///< null: commits are made by their callers
  std::unique_ptr<gatherer> gatherer_;    ///< theirs
  std::mutex readers_mutex_;
  std::vector<sqlite::database> readers_;
};

}  // namespace ark::detail
