#pragma once
/// A vendor simulator for tests: a server on loopback that speaks the wire protocols of real
/// vendors, deterministically and with scripted faults, and keeps a journal of what it would bill.
/// Link with `pkg-config --libs ark-testing`. The grammar of faults: `ark sim --faults`.
#include <ark/money.hpp>
#include <ark/result.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ark::testing {

/// An answer of the test's own: used when the last user message contains `contains`.
struct scripted_answer {
  std::string contains{};
  std::string text{};
};

/// Tokens in the vendor's own buckets, disjoint.
struct billed_tokens {
  std::int64_t input = 0;  ///< not served from a cache, images included
  std::int64_t cache_read = 0;
  std::int64_t cache_write_5m = 0;
  std::int64_t cache_write_1h = 0;
  std::int64_t output = 0;  ///< visible text and tool calls
  std::int64_t reasoning = 0;

  std::int64_t total() const noexcept {  ///< sum of all buckets
    return input + cache_read + cache_write_5m + cache_write_1h + output + reasoning;
  }
  friend bool operator==(const billed_tokens&, const billed_tokens&) = default;
};

/// One request, as the vendor saw it. A value type.
struct journal_entry {
  std::int64_t number = 0;  ///< from 1, in order of arrival
  std::string dialect{};    ///< "openai" or "anthropic"
  std::string operation{};  ///< "chat", "embed", "models", "count_tokens", "other"
  std::string method{};
  std::string path{};
  std::string model{};
  std::string prompt{};      ///< the last user message, at most 500 bytes
  std::string body{};        ///< of the request, at most 64 KiB
  std::string request_id{};  ///< as in the answer's header
  int status = 0;            ///< 0: the connection was reset instead of an answer
  bool stream = false;
  bool billed = false;     ///< generation began: the vendor charges `tokens`
  billed_tokens tokens{};  ///< of a cut stream: the prompt, and the answer as far as it was made
  std::optional<money> cost{};  ///< of `tokens`, exactly; nothing if it is unknown or not billed
  std::string finish{};         ///< the vendor's word, "" if it did not come to that
  std::string fault{};          ///< the rule that applied, "" for none
  /// "running", "complete", "cut" (by a fault) or "client_gone".
  std::string outcome = "running";
};

/// How the simulator behaves. All strings are checked by `simulator::start`.
struct simulator_options {
  int port = 0;            ///< 0: any free one
  bool tls = false;        ///< with a certificate made at the start, for localhost and 127.0.0.1
  std::uint64_t seed = 1;  ///< same seed, same order of requests: same bytes (dates apart)
  /// "200ms", "50ms..300ms", "200ms+5ms" (first byte + each token); "" answers at once.
  std::string latency{};
  /// "status=503@nth=2", "cut-after=100@every=5", ...: the first rule that matches counts.
  std::vector<std::string> faults{};
  std::vector<std::string> keys{};        ///< accepted API keys; empty: any, even none
  std::vector<std::string> models{};      ///< known models; empty: any name
  std::int64_t context_tokens = 128'000;  ///< longer prompts are refused as the vendor would
  /// Models are as good as their names: "mini", "flash", "haiku" are wrong now and then, by a hash
  /// of model, prompt and seed. False: every model is right about what the simulator knows.
  bool fallible = false;
  std::vector<scripted_answer> answers{};
  std::size_t max_body_bytes = 64u << 20;  ///< of a request
  /// What a vendor charges for an entry's tokens; nothing if that is unknown. Asked about entries
  /// that are billed only, on the simulator's thread; it must not call the simulator. Without it
  /// every cost is unknown: the catalogue's prices are `ark sim`'s.
  std::function<std::optional<money>(const journal_entry&)> price{};
};

/// A running simulator; it ends with this object. It has one thread of its own. Move-only. All
/// members may be called from any thread.
class ARK_API simulator {
 public:
  /// Listens on 127.0.0.1. errc::invalid_request for a bad option, errc::network when the port is
  /// taken.
  static result<simulator> start(simulator_options options = {});
  simulator(simulator&&) noexcept;
  simulator& operator=(simulator&&) noexcept;
  ~simulator();

  /// What a vendor's `base_url` is set to. `dialect`: "openai" and "anthropic" give ".../v1" (as
  /// ark's rows have it; the SDK of Anthropic wants `origin()`), "volcengine" gives ".../api/v3".
  /// Any prefix before "/chat/completions" or "/messages" works, but not one that stands there
  /// twice.
  std::string base_url(std::string_view dialect) const;
  std::string origin() const;  ///< "http://127.0.0.1:PORT"
  int port() const noexcept;
  /// PEM file of the authority that signed the certificate; "" without TLS. Removed at the end.
  std::string ca_file() const;

  /// What was asked, oldest first (at most the last 100,000), and what it would be billed.
  std::vector<journal_entry> journal() const;
  void clear_journal();
  /// Adds a rule after the others; errc::invalid_request says what is wrong with it.
  result<void> add_fault(std::string_view rule);
  void clear_faults();
  /// Adds an answer before the others.
  void add_answer(scripted_answer answer);
  /// Closes everything; done by the destructor too. Idempotent.
  void stop();

 private:
  struct impl;
  explicit simulator(std::shared_ptr<impl> state) noexcept;
  std::shared_ptr<impl> impl_;
};

}  // namespace ark::testing
