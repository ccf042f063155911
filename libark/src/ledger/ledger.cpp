#include <ark/ledger.hpp>

#include <future>

#include "ledger/ledger_journal.hpp"
#include "ledger/salvage.hpp"
#include "ledger/state.hpp"

namespace ark {
namespace {
error no_ledger() {
  return {.code = errc::ledger, .message = "there is no ledger: open one with ark::ledger::open"};
}
}  // namespace

result<ledger> ledger::open(ledger_options options) {
  if (detail::names_server(options.path)) {
    auto server = detail::open_server(options);
    if (!server) return server.error();
    return ledger(std::move(*server));
  }
  auto state = detail::ledger_state::open(options);
  if (!state) return state.error();
  return ledger(std::move(*state));
}

result<ledger_copy> ledger::migrate(const std::string& from, const ledger_options& to) {
  if (!detail::names_server(to.path) || detail::names_server(from))
    return error{.code = errc::invalid_request,
                 .message =
                     "a ledger is copied from a file to a server: name the server with "
                     "postgresql://USER@HOST/DATABASE"};
  return detail::copy_to_server(from, to);
}

result<ledger_salvage> ledger::salvage(const ledger_options& damaged, const ledger_options& to) {
  if (detail::names_server(damaged.path) || detail::names_server(to.path))
    return error{.code = errc::invalid_request,
                 .message =
                     "what is saved is a damaged file's, into another file: a server's "
                     "damage is for PostgreSQL's own tools"};
  return detail::salvage_ledger(damaged, to, os::real());
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

result<void> ledger::correct(const std::vector<ledger_correction>& corrections) const {
  if (!state_) return no_ledger();
  std::vector<journal_record> records;
  for (const ledger_correction& c : corrections) {
    attempt_correction made{.sequence = c.sequence,
                            .keeps_usage = !c.usage,
                            .reason = c.reason,
                            .only_in_doubt = c.only_in_doubt};
    made.outcome.state = c.state;
    made.outcome.cost = c.cost;
    if (c.usage) made.outcome.usage = *c.usage;
    records.emplace_back(std::move(made));
  }
  std::promise<result<void>> told;
  state_->commit(std::move(records), [&told](const commit_result& r) {
    told.set_value(r.refused.empty() ? r.all : result<void>(r.refused.front().why));
  });
  return told.get_future().get();
}

result<ledger_head> ledger::head() const {
  if (!state_) return no_ledger();
  return state_->head();
}

result<ledger_check> ledger::verify(const ledger_verify_options& options) const {
  if (!state_) return no_ledger();
  return state_->verify(options);
}

result<void> ledger::accept_head() const {
  if (!state_) return no_ledger();
  return state_->accept_head();
}

result<void> ledger::rebuild_rollups() const {
  if (!state_) return no_ledger();
  return state_->rebuild_rollups();
}

result<void> ledger::set_budget(const budget& wanted) const {
  if (!state_) return no_ledger();
  return state_->set_budget(wanted);
}

result<void> ledger::remove_budget(std::string_view name) const {
  if (!state_) return no_ledger();
  return state_->remove_budget(name);
}

result<std::vector<budget_status>> ledger::budgets() const {
  if (!state_) return no_ledger();
  return state_->budgets();
}

result<budget_history> ledger::budget_history(std::string_view name) const {
  if (!state_) return no_ledger();
  return state_->history_of(name);
}

std::shared_ptr<journal> journal_of(const ledger& l) { return l.state(); }

}  // namespace ark
