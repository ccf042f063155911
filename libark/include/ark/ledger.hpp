#pragma once
#include <ark/budget.hpp>
#include <ark/result.hpp>
#include <ark/secret.hpp>
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
  ark::cost quote{};  ///< worst case, made before sending
  /// The bill line by line, as computed from usage and price rows; empty where nothing was priced.
  std::vector<cost_line> lines{};
  /// What `lines` add up to, where `cost` is another figure (the vendor's own).
  std::optional<money> computed{};
  std::string finish{};  ///< finish reason or errc name
  std::string error{};   ///< what went wrong, in words that are safe to print; "" if nothing did
  int http_status = 0;
  std::string request_id{};
  std::string note{};  ///< what the ledger has to say: usage that was too absurd to book, ...
  std::chrono::microseconds latency{0};
  std::chrono::microseconds first_content{0};  ///< from the attempt's begin; 0: none, not measured
  std::string route{};                         ///< why this model, and why this attempt
  std::string prompt_id{}, prompt_version{};
  std::string inputs_hash{};  ///< SHA-256 of what the prompt was filled with, in hexadecimal; "" if
                              ///< not known
  std::string tenant{}, user{}, task{}, run{};
  std::map<std::string, std::string> tags{};
};

/// Another figure for an entry: the entry stays, this one counts from now on, both are kept.
struct ledger_correction {
  std::int64_t sequence = 0;  ///< of the entry
  attempt_state state = attempt_state::settled;
  ark::cost cost{};
  std::optional<ark::usage> usage{};  ///< as the entry has it, if not given
  std::string reason{};               ///< who says so and why; goes into the entry's note
  bool only_in_doubt = false;         ///< nothing is done if the entry is not ambiguous any more
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

/// How soon an intent is durable. `full`: survives a power cut (SQLite WAL, synchronous=FULL; an
/// fsync for each batch). `normal`: survives the death of the process (synchronous=NORMAL). `off`:
/// the same, but a power cut may cost the whole file (synchronous=OFF): for what can be made again.
enum class durability : std::uint8_t { process, power, off, normal = process, full = power };

/// How to open a ledger.
struct ledger_options {
  /// The SQLite file; its folder is made (0700) if absent. Or a PostgreSQL server for several
  /// machines: "postgresql://USER@HOST/DATABASE", or libpq's "host=... dbname=..."; never with a
  /// password in it, as names are printed.
  std::string path;
  ark::secret password{};  ///< the server's; else libpq looks into PGPASSWORD and ~/.pgpass
  ark::durability durability = ark::durability::process;
  /// With durability `process`: transactions are at least this far apart. What comes sooner is as
  /// durable in a file beside the ledger ("PATH-spool-..."), and goes into it with the next
  /// transaction, when anybody reads with this library, or at the end. 0: a transaction for each.
  std::chrono::microseconds commit_interval{5000};
  bool read_only = false;
  /// The file that tells where the ledger ends, so that a cut end is seen: another disk, or a place
  /// that others cannot write, makes it worth more. "": PATH-anchor; of a server, a file among the
  /// user's state ("~/.local/state/ark/anchors"), and none where there is no such folder.
  std::string anchor{};
  /// For attempts in another currency than a budget's: the newest rate that is not dated after the
  /// attempt counts. Without one a hard budget refuses them.
  std::vector<exchange_rate> rates{};
  /// Told when a budget's threshold is passed: once for each window, in one of the processes that
  /// share the file, after the commit that passed it. Called on the thread that committed, maybe on
  /// several at once; it may use the ledger.
  std::function<void(const budget_alert&)> on_threshold{};
};

/// A place in the ledger's chain: every segment's hash is over all that is before it. In a server
/// it is the number of a seal, which is over the chains of all sessions.
struct ledger_head {
  std::int64_t segment = 0;  ///< 0: nothing was recorded yet
  std::string hash{};        ///< SHA-256, 64 hexadecimal digits
};

/// How far `ledger::verify` looks, and against what.
struct ledger_verify_options {
  /// A head that was noted elsewhere: the ledger must still have it.
  std::optional<ledger_head> head{};
  int threads = 0;     ///< 0: as many as the machine has, 8 at most
  bool pages = false;  ///< SQLite's own check of every page and index too, which takes longer
};

/// Something that is not as it was recorded.
struct ledger_finding {
  /// Names are stable: programs read them.
  enum class kind : std::uint8_t {
    row,      ///< a row was changed, added or taken away
    segment,  ///< a link of the chain does not fit, or is not there
    end,      ///< what was once the ledger's end is not in it
    anchor,   ///< the file that tells the end is not there, or was not all the time
    rollup,   ///< a sum is not the sum of its rows
    page,     ///< a part of the file cannot be read
  };
  kind what = kind::row;
  std::int64_t segment = 0;   ///< 0: none in particular
  std::int64_t sequence = 0;  ///< of the row; 0: none in particular
  std::string text{};
};
ARK_API std::string_view to_string(ledger_finding::kind value) noexcept;

/// What `ledger::verify` saw.
struct ledger_check {
  std::int64_t intents = 0, outcomes = 0, corrections = 0;  ///< rows
  std::int64_t segments = 0;
  std::int64_t older = 0;  ///< of the segments: made for rows from before the chain
  /// Rows in a server from before its chain: how many they were is known, not what they were.
  std::int64_t unchained = 0;
  std::int64_t sums = 0;  ///< roll-ups that were made again and compared
  ledger_head head{};     ///< the ledger's end
  /// What the anchor says, if there is one, and how many segments the ledger is ahead of it.
  std::optional<ledger_head> anchor{};
  std::int64_t anchor_behind = 0;
  std::vector<ledger_finding> findings{};  ///< the first ones, in order; none: all is well
  std::int64_t more_findings = 0;          ///< beyond these
  bool good() const noexcept { return findings.empty(); }
};

/// What a copy of a file into a server found and did, and the proof: counts and exact sums of both
/// sides are the same, or the copy is an error.
struct ledger_copy {
  std::int64_t intents = 0, outcomes = 0, corrections = 0;  ///< in the file
  std::int64_t copied = 0;     ///< rows of these that were not in the server yet
  std::vector<money> total{};  ///< the outcomes' costs, each currency, equal on both sides
};

/// Rows of one kind that were saved out of a damaged file.
struct ledger_saved_rows {
  std::int64_t saved = 0;      ///< in the new ledger, as they lay in the old one
  std::int64_t changed = 0;    ///< of these: their own check does not fit; they are marked
  std::int64_t unchecked = 0;  ///< of these: from before rows had a check
  std::int64_t recorded = 0;   ///< so many the segments tell of that could be read
};

/// Numbers of entries (of corrections: their own) for which nothing was found where something may
/// have been.
struct ledger_lost_range {
  std::string table{};  ///< "intent", "outcome", "correction"
  std::int64_t first = 0, last = 0;
};

/// What `ledger::salvage` found in a damaged file, and what it did not find.
struct ledger_salvage {
  ledger_saved_rows intents{}, outcomes{}, corrections{};
  std::int64_t sessions = 0, budgets = 0;
  std::int64_t spooled = 0;  ///< records that were taken from spools beside the damaged file
  /// Attempts that are ambiguous now, from 0 to their quote, because their outcome is lost or does
  /// not fit its check: `ledger::correct`, or a reconciliation, decides.
  std::int64_t in_doubt = 0;
  /// Outcomes without intent. They are kept as corrections of kind "orphan", which no report
  /// counts; `orphan_cost` is what they cost at most, each currency.
  std::int64_t orphans = 0;
  std::vector<money> orphan_cost{};
  std::int64_t pages = 0, damaged_pages = 0;
  std::vector<ledger_lost_range> lost{};  ///< the first ones
  std::int64_t more_lost = 0;             ///< beyond these
  /// Of the damaged file's chain: segments up to its end, and how many fit: with their rows, and
  /// with the segment before.
  std::int64_t segments = 0, good_segments = 0;
  ledger_head end{};                       ///< the last segment that could be read
  std::optional<ledger_head> anchor{};     ///< what the damaged file's anchor names as its end
  bool ends_at_anchor = false;             ///< they are the same
  std::vector<ledger_finding> findings{};  ///< what is not as it was recorded, the first ones
  std::int64_t more_findings = 0;          ///< beyond these
  ledger_check check{};                    ///< of the new ledger
  /// Everything was there, and as it was recorded.
  bool complete() const noexcept { return findings.empty() && lost.empty() && in_doubt == 0; }
};

namespace detail {
class ledger_store;
}

/// The usage ledger: every attempt that could cost money, on disk before its first byte leaves.
/// A handle (copying shares it). Thread safe. Several processes may open one file.
class ARK_API ledger {
 public:
  ledger() = default;  ///< no ledger
  static result<ledger> open(ledger_options options);

  /// Copies the ledger in the file `from`, which nobody writes meanwhile, into the one that `to`
  /// names (a server), keeping attempts' identities: what is there already is not copied again, so
  /// an interrupted copy is just repeated. Sequences are the server's own.
  static result<ledger_copy> migrate(const std::string& from, const ledger_options& to);

  /// Saves what can be read of a damaged file into a new ledger, `to.path`, where nothing may be
  /// yet. Nothing is written to the damaged file, its log and its spools, which nobody else may
  /// write to meanwhile; `damaged.path` and `damaged.anchor` are used. Rows keep their numbers and
  /// values; the chain and the sums are made anew; budgets are counted anew with `to.rates`.
  static result<ledger_salvage> salvage(const ledger_options& damaged, const ledger_options& to);

  /// Sets a budget, or changes the one of this name; it is in force when this returns, for other
  /// processes that are busy with the file within their `commit_interval`. What its window holds
  /// already counts (of `total`: what comes from now on). Changing what is counted (scope, period,
  /// currency) counts anew, in one pass over the entries.
  /// errc::invalid_request if it makes no sense.
  result<void> set_budget(const budget& wanted) const;
  /// It limits nothing any more; its history stays. errc::not_found.
  result<void> remove_budget(std::string_view name) const;
  /// The budgets in force and where they stand, by name.
  result<std::vector<budget_status>> budgets() const;
  /// errc::not_found if there never was one of this name.
  result<ark::budget_history> budget_history(std::string_view name) const;
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
  /// Books the corrections together. errc::invalid_request if an entry is not there or still open.
  result<void> correct(const std::vector<ledger_correction>& corrections) const;
  /// The chain's last link: note it elsewhere, and `verify` with it tells later whether anything up
  /// to it was changed.
  result<ledger_head> head() const;
  /// Reads everything, in one snapshot while others write: every row against its segment's hash,
  /// every segment against the one before, the end against the anchor, every sum against its rows.
  result<ledger_check> verify(const ledger_verify_options& options = {}) const;
  /// Takes the ledger's end as it is: the anchor is made anew and what was found lost is forgotten.
  result<void> accept_head() const;
  /// Makes the roll-ups anew from the rows.
  result<void> rebuild_rollups() const;
  const std::shared_ptr<detail::ledger_store>& state() const noexcept { return state_; }

 private:
  explicit ledger(std::shared_ptr<detail::ledger_store> state) : state_(std::move(state)) {}
  std::shared_ptr<detail::ledger_store> state_;
};

}  // namespace ark
