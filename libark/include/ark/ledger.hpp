#pragma once
#include <ark/result.hpp>
#include <ark/usage.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ark {

/// Where an attempt stands. Names are stable: they are in the database.
enum class attempt_state : std::uint8_t {
  sending,    ///< intent is durable, the fate is not known yet
  settled,    ///< priced, or the price is unknown
  void_,      ///< provably not billed
  ambiguous,  ///< it may have been billed: the cost is an interval
};
ARK_API std::string_view to_string(attempt_state value) noexcept;

/// One attempt, as the ledger has it.
struct ledger_entry {
  std::int64_t sequence = 0;  ///< grows with each entry of this ledger
  std::string call_id{};      ///< shared by the attempts of one call
  int attempt = 1;
  attempt_state state = attempt_state::sending;
  std::chrono::system_clock::time_point begun{};
  std::optional<std::chrono::system_clock::time_point> ended{};
  std::string vendor{};
  std::string model{};        ///< as asked for
  std::string reply_model{};  ///< as the vendor answered
  std::string operation{};    ///< "chat", "embed"
  ark::usage usage{};
  ark::cost cost{};
  ark::cost quote{};     ///< worst case, made before sending
  std::string finish{};  ///< finish reason or errc name
  int http_status = 0;
  std::string request_id{};
  std::string note{};  ///< what the ledger has to say: usage that was too absurd to book, ...
  std::chrono::microseconds latency{0};
  std::string tenant{}, user{}, task{}, run{};
  std::map<std::string, std::string> tags{};
};

/// Which entries. Empty fields do not filter. Times: [since, until).
struct ledger_filter {
  std::optional<std::chrono::system_clock::time_point> since{};
  std::optional<std::chrono::system_clock::time_point> until{};
  std::string vendor{}, model{}, tenant{}, user{}, task{}, run{}, call_id{};
  std::map<std::string, std::string> tags{};
  std::optional<attempt_state> state{};
  /// For paging: entries behind this one in the order asked for. 0: from the first.
  std::int64_t after_sequence = 0;
  std::int64_t limit = 0;  ///< 0: all
  bool newest_first = false;
};

/// A line of a report: one group in one currency. Currencies are never added up.
struct report_line {
  std::vector<std::string> key{};  ///< one value for each of the asked `group_by`
  std::string currency{};          ///< "" where the cost is unknown
  std::int64_t attempts = 0;
  std::int64_t settled = 0, voided = 0, ambiguous = 0, open = 0;
  std::int64_t unknown_cost = 0;  ///< settled attempts without a known cost
  std::int64_t input = 0, cache_read = 0, cache_write = 0, output = 0, reasoning = 0;
  amount cost{};         ///< sum of the exactly known costs
  amount low{}, high{};  ///< `cost` plus the intervals' ends
};

/// How soon an intent is durable. `process`: survives the death of the process (SQLite WAL,
/// synchronous=NORMAL). `power`: survives a power cut (synchronous=FULL; an fsync for each batch).
enum class durability : std::uint8_t { process, power };

/// How to open a ledger.
struct ledger_options {
  std::string path;  ///< the SQLite file; its folder is made (0700) if absent
  ark::durability durability = ark::durability::process;
  /// With durability `process`: transactions are at least this far apart. What comes sooner is as
  /// durable in a file beside the ledger ("PATH-spool-..."), and goes into it with the next
  /// transaction, when anybody reads with this library, or at the end. 0: a transaction for each.
  std::chrono::microseconds commit_interval{5000};
  bool read_only = false;
};

namespace detail {
class ledger_state;
}

/// The usage ledger: every attempt that could cost money, on disk before its first byte leaves.
/// A handle (copying shares it). Thread safe. Several processes may open one file.
class ARK_API ledger {
 public:
  ledger() = default;  ///< no ledger
  static result<ledger> open(ledger_options options);

  /// False for "no ledger".
  explicit operator bool() const noexcept { return state_ != nullptr; }
  /// The entries that match, in order of sequence. Each is given to `each`, which returns false to
  /// stop; memory stays bounded.
  result<void> scan(const ledger_filter& filter,
                    const std::function<bool(const ledger_entry&)>& each) const;
  result<std::vector<ledger_entry>> list(const ledger_filter& filter) const;
  /// `group_by`: "day", "hour", "month", "vendor", "model", "tenant", "user", "task", "run",
  /// "state", or "tag:NAME". Days are UTC.
  result<std::vector<report_line>> report(const std::vector<std::string>& group_by,
                                          const ledger_filter& filter) const;
  const std::shared_ptr<detail::ledger_state>& state() const noexcept { return state_; }

 private:
  explicit ledger(std::shared_ptr<detail::ledger_state> state) : state_(std::move(state)) {}
  std::shared_ptr<detail::ledger_state> state_;
};

}  // namespace ark
