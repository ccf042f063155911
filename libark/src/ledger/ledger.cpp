#include <ark/ledger.hpp>

#include "ledger/ledger_journal.hpp"
#include "ledger/state.hpp"

namespace ark {
namespace {
error no_ledger() {
  return {.code = errc::ledger, .message = "there is no ledger: open one with ark::ledger::open"};
}
}  // namespace

result<ledger> ledger::open(ledger_options options) {
  auto state = detail::ledger_state::open(options);
  if (!state) return state.error();
  return ledger(std::move(*state));
}

result<void> ledger::scan(const ledger_filter& filter,
                          const std::function<bool(const ledger_entry&)>& each) const {
  if (!state_) return no_ledger();
  return state_->scan(filter, each);
}

result<std::vector<ledger_entry>> ledger::list(const ledger_filter& filter) const {
  std::vector<ledger_entry> entries;
  auto done = scan(filter, [&](const ledger_entry& e) {
    entries.push_back(e);
    return true;
  });
  if (!done) return done.error();
  return entries;
}

result<std::vector<report_line>> ledger::report(const std::vector<std::string>& group_by,
                                                const ledger_filter& filter) const {
  if (!state_) return no_ledger();
  return state_->report(group_by, filter);
}

std::shared_ptr<journal> journal_of(const ledger& l) { return l.state(); }

}  // namespace ark
