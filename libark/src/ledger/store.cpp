#include "ledger/store.hpp"

#include <algorithm>
#include <array>

namespace ark::detail {
namespace {
error without(std::string_view what) {
  return {.code = errc::unsupported,
          .message = "this ledger's store has no " + std::string(what) + ": use another store"};
}
}  // namespace

result<void> ledger_store::set_budget(const budget&) { return without("budgets"); }
result<void> ledger_store::remove_budget(std::string_view) { return without("budgets"); }
result<std::vector<budget_status>> ledger_store::budgets() { return without("budgets"); }
result<budget_history> ledger_store::history_of(std::string_view) { return without("budgets"); }
result<ledger_head> ledger_store::head() { return without("hash chain"); }
result<ledger_check> ledger_store::verify(const ledger_verify_options&) {
  return without("hash chain");
}
result<void> ledger_store::accept_head() { return without("hash chain"); }
result<void> ledger_store::rebuild_rollups() { return without("roll-ups"); }

bool names_server(std::string_view path) noexcept {
  if (path.starts_with("postgresql://") || path.starts_with("postgres://")) return true;
  // The keys that libpq's "key=value" text may begin with, of which one names a server.
  constexpr std::array<std::string_view, 6> keys = {"host",   "hostaddr", "port",
                                                    "dbname", "user",     "service"};
  const auto equals = path.find('=');
  if (equals == std::string_view::npos) return false;
  std::string_view key = path.substr(0, equals);
  while (key.ends_with(' ')) key.remove_suffix(1);
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

}  // namespace ark::detail
