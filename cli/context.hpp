#pragma once
#include <ark/client.hpp>
#include <ark/ledger.hpp>

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "cli/exit_code.hpp"
#include "cli/input.hpp"
#include "cli/output.hpp"
#include "os/os.hpp"

namespace ark::cli {

struct settings;

/// Flags that every command has.
struct global_flags {
  bool json = false;
  bool quiet = false;
  bool verbose = false;
  bool no_ledger = false;
  std::string config_file;  ///< instead of ~/.config/ark/config.yaml
  std::string ledger_file;  ///< instead of the configured one
};

/// What a command has at hand: streams, the machine, flags, and, made when they are first asked
/// for, the settings, the ledger and the client. One thread at a time.
class context {
 public:
  context(os::system& machine, input& standard_in, output& standard_out, output& standard_error);
  context(const context&) = delete;
  context& operator=(const context&) = delete;
  ~context();

  os::system& machine;
  input& in;
  output& out;  ///< data
  output& err;  ///< messages
  global_flags flags;

  bool json() const noexcept { return flags.json; }
  /// Standard error may be coloured: a terminal, no NO_COLOR, TERM is not "dumb".
  bool colour() const;

  /// From flags, environment, project file, user file (cli/settings.hpp).
  result<const settings*> configuration();
  /// The configured ledger; none with --no-ledger. Made if it is not there, unless read_only.
  result<ark::ledger> open_ledger(bool read_only);
  /// The store of prompts and replies that the settings ask for; usually none.
  result<content_store> open_contents();
  /// Warns of the budgets' thresholds that were passed since it was last called.
  void tell_alerts();
  /// What the settings say about a client: keys, addresses, network, and the ledger.
  result<ark::client_options> client_options();
  /// Where the settings say that answers are kept.
  result<ark::response_cache_options> response_cache_options();
  /// The client of those options.
  result<ark::client> make_client();
  /// A client for looking things up: no keys, no ledger.
  result<ark::client> make_catalogue();
  /// "~/.config/ark/keys"; "" without a home.
  std::string key_file();

  /// Tells the failure: on stderr in words, with --json on stdout too. Returns the exit code for
  /// it.
  exit_code fail(const error& failure);
  /// As `fail`, for a mistake in how the command was called.
  exit_code wrong_usage(const std::string& message);
  /// Before something is written to `err`: ends the line that it has begun, and that of `out` if
  /// both are terminals, for then they are one.
  void begin_message();
  /// A message on stderr, unless -q.
  void note(std::string_view message);
  /// A message on stderr, also with -q.
  void warn(std::string_view message);

 private:
  /// Filled on whatever thread commits; a ledger may outlive the context.
  struct alert_box {
    std::mutex mutex;
    std::vector<budget_alert> passed;
  };
  std::unique_ptr<settings> settings_;
  std::shared_ptr<alert_box> alerts_ = std::make_shared<alert_box>();
};

}  // namespace ark::cli
