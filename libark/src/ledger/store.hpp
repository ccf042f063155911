#pragma once
#include <ark/ledger.hpp>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "client/journal.hpp"

namespace ark::detail {

/// What a ledger handle shares, whatever keeps its rows: a file of SQLite's (ledger_state), or a
/// PostgreSQL server (module ledger_pg).
class ledger_store : public journal {
 public:
  /// See ledger::scan.
  virtual result<void> scan(const ledger_filter& filter,
                            const std::function<bool(const ledger_entry&)>& each) = 0;
  /// See ledger::report.
  virtual result<std::vector<report_line>> report(const std::vector<std::string>& group_by,
                                                  const ledger_filter& filter) = 0;
  /// See ledger::set_budget and so on; errc::unsupported where a store has none.
  virtual result<void> set_budget(const budget& wanted);
  virtual result<void> remove_budget(std::string_view name);
  virtual result<std::vector<budget_status>> budgets();
  virtual result<budget_history> history_of(std::string_view name);
  virtual result<ledger_head> head();
  virtual result<ledger_check> verify(const ledger_verify_options& options);
  virtual result<void> accept_head();
  virtual result<void> rebuild_rollups();
};

/// Is it a server's name ("postgresql://...", "host=... dbname=...") and not a file's?
bool names_server(std::string_view path) noexcept;
/// Opens or makes the ledger in that server's database. Defined by module ledger_pg; an error
/// (errc::unsupported) where the library was built without it.
result<std::shared_ptr<ledger_store>> open_server(const ledger_options& options);
/// Copies the file `from` into the server's ledger; see ledger::migrate.
result<ledger_copy> copy_to_server(const std::string& from, const ledger_options& to);

}  // namespace ark::detail
