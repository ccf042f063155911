#include "cli/context.hpp"
#include "cli/settings.hpp"

namespace ark::cli {

result<ark::ledger> context::open_ledger(bool read_only) {
  if (flags.no_ledger) return ark::ledger{};
  const auto all = configuration();
  if (!all) return all.error();
  const auto& wanted = (*all)->values.ledger();
  if (wanted.disabled()) return ark::ledger{};
  if (wanted.path().empty())
    return error{.code = errc::config,
                 .message =
                     "there is no home folder for the ledger: name its file with --ledger or "
                     "ARK_LEDGER, or use --no-ledger"};
  const bool power = wanted.durability() == schema::DURABILITY_POWER;
  return ark::ledger::open({.path = expand_home(machine, wanted.path()),
                            .durability = power ? durability::power : durability::process,
                            .read_only = read_only});
}

}  // namespace ark::cli
