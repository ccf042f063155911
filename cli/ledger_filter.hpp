#pragma once
#include <ark/ledger.hpp>
#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.hpp"

namespace ark::cli {

/// What `ark ledger` takes to say which attempts.
struct ledger_selection {
  std::string since, until;
  std::string vendor, model, tenant, user, task, run, call, state;
  std::vector<std::string> tags;  ///< NAME=VALUE
};

/// Adds the options to a command.
void add_selection(option_set set, ledger_selection& into);
/// errc::invalid_request, saying which option is wrong and how it is written.
result<ledger_filter> filter_of(const ledger_selection& from,
                                std::chrono::system_clock::time_point now);

/// "2026-11-21", "2026-11-21T10:30", "...:15Z" (all UTC), or "90m", "24h", "7d", "2w" before `now`.
result<std::chrono::system_clock::time_point> parse_moment(
    std::string_view text, std::chrono::system_clock::time_point now);

/// What `--tag NAME=VALUE` says, given several times. errc::invalid_request.
result<std::map<std::string, std::string>> tags_of(const std::vector<std::string>& given);

}  // namespace ark::cli
