#pragma once
#include <ark/call.hpp>
#include <ark/catalog.hpp>
#include <ark/contents.hpp>
#include <ark/keys.hpp>
#include <ark/ledger.hpp>
#include <ark/media.hpp>
#include <ark/reply.hpp>
#include <ark/response_cache.hpp>
#include <ark/result.hpp>
#include <ark/stream.hpp>
#include <ark/telemetry.hpp>
#include <ark/traffic.hpp>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace ark {

/// For calls with `end_to_end_encryption`. Vendors of this kind issue their certificates with
/// authorities of their own, and their own clients trust whatever the TLS connection brought: so
/// does this one unless `authorities` is set. Its dates are checked in any case.
struct content_encryption {
  std::string certificate{};  ///< PEM, the model's first; "": fetched, and kept at most 14 days
  std::string authorities{};  ///< PEM of those that must have issued it; "": see above
  std::string host{};         ///< a DNS name that the certificate must bear; "": any
};

/// What the user changes in a vendor's row. A key is bound to the origin of the row's base URL:
/// with another origin in `base_url`, only `key` is used, never one from the key sources.
struct vendor_override {
  std::string base_url{};               ///< "" keeps the row's
  secret key{};                         ///< empty: from the key source
  bool allow_private_networks = false;  ///< the base URL may resolve to a private address
  /// The vendor's project: some bind temporary keys of models (a key "ID:SECRET") to one.
  std::string project{};
  content_encryption encryption{};
  /// Several addresses or keys of this vendor, in place of `base_url` and `key`: calls are spread
  /// over them, and one that is rate limited, out of money or refused is left aside for a while.
  /// Several keys for one address may also stand in one key, or come from the key source, as
  /// "key1,key2". What a vendor makes in the background, and its files and batches, use the first.
  std::vector<vendor_place> places{};
  std::vector<rate_limit> limits{};  ///< of each of its keys
};

/// How traffic leaves.
struct network_options {
  std::string proxy{};         ///< "http://[user:password@]host:port", "" for none
  std::string no_proxy{};      ///< hosts reached without it, as in NO_PROXY: ".corp,10.0.0.7:80"
  std::string ca_file{};       ///< PEM file of further authorities; "" for the system's alone
  std::string ca_directory{};  ///< hashed directory; "" for the system's
  int max_connections_per_origin = 0;                  ///< 0: no limit
  std::chrono::milliseconds idle_connection{110'000};  ///< kept at most so long
  std::size_t max_reply_bytes = 64u << 20;             ///< of one body, after decompression
  std::size_t max_event_bytes = 8u << 20;              ///< of one frame of a stream
};

/// An executor of the application for the client to run on; made by `ark/asio.hpp`. Without one
/// the client runs inside the calls that wait for it, on the threads of their callers.
struct executor_handle {
  std::shared_ptr<void> impl{};
};

/// Everything a client is made from.
struct client_options {
  key_source keys{};                                 ///< none: no keys
  ark::ledger ledger{};                              ///< none: nothing is recorded
  content_store contents{};                          ///< none: prompts and replies are not kept
  std::map<std::string, vendor_override> vendors{};  ///< by name; "custom" needs a base URL
  std::vector<std::string> vendor_directories{};     ///< more rows: *.textproto, *.yaml; later wins
  std::vector<std::string> model_directories{};      ///< more models and prices: *.textproto
  network_options network{};
  executor_handle executor{};
  retry_budget_options retry_budget{};
  circuit_options circuit{};
  rate_options rate_limits{};
  /// What `auto` may choose from, as "vendor/model"; empty: the whole catalogue.
  std::vector<std::string> auto_models{};
  /// Prices in other currencies are compared by `rates`; without one they are left out.
  std::string auto_currency = "USD";
  std::vector<exchange_rate> rates{};
  /// Spans and metrics to an OpenTelemetry collector; off by default.
  telemetry_options telemetry{};
  /// Told of every attempt and call: `live_metrics`, or the application's own.
  std::vector<std::shared_ptr<observer>> observers{};
  ark::response_cache response_cache{};  ///< none: no answer is kept
  ark::reuse_options reuse{};            ///< for the calls that do not say it themselves
};

namespace detail {
class client_state;
}

/// The one interface to every vendor. A handle: copying shares connections and settings. Thread
/// safe. It starts no threads: the waiting callers run it, or the application's executor does.
class ARK_API client {
 public:
  /// Made by `ark::standard_client()`.
  explicit client(std::shared_ptr<detail::client_state> state) noexcept;

  /// Makes the call and waits for its whole reply.
  result<reply> complete(call c) const;
  /// Makes the call; its answer is pulled from the stream.
  result<ark::stream> stream(call c) const;
  /// Turns texts into vectors.
  result<embed_reply> embed(embed_call c) const;
  /// Orders documents by how well they answer a query.
  result<rerank_reply> rerank(rerank_call c) const;
  /// Makes or changes images; makes videos; reads aloud; writes down; judges by a policy.
  /// errc::unsupported where the vendor's row names no such interface. What a vendor makes in the
  /// background is waited for: where that ends too early, the error names the task (`task_id`).
  result<image_reply> image(image_call c) const;
  result<video_reply> video(video_call c) const;
  result<speech_reply> speech(speech_call c) const;
  result<transcription_reply> transcribe(transcription_call c) const;
  result<moderation_reply> moderate(moderation_call c) const;
  /// Asks the vendor how many tokens the call's prompt is; free, and not in the ledger.
  result<token_count_reply> count_tokens(call c) const;

  /// As above, told to `handler` once, on the client's executor, never before this returns. Without
  /// an executor the handler runs inside some waiting call or in `run()`. `cancel(id)` ends it.
  std::uint64_t complete_async(call c, std::function<void(result<reply>)> handler) const;
  std::uint64_t embed_async(embed_call c, std::function<void(result<embed_reply>)> handler) const;
  std::uint64_t rerank_async(rerank_call c,
                             std::function<void(result<rerank_reply>)> handler) const;
  std::uint64_t image_async(image_call c, std::function<void(result<image_reply>)> handler) const;
  std::uint64_t video_async(video_call c, std::function<void(result<video_reply>)> handler) const;
  std::uint64_t speech_async(speech_call c,
                             std::function<void(result<speech_reply>)> handler) const;
  std::uint64_t transcribe_async(transcription_call c,
                                 std::function<void(result<transcription_reply>)> handler) const;
  std::uint64_t moderate_async(moderation_call c,
                               std::function<void(result<moderation_reply>)> handler) const;
  std::uint64_t count_tokens_async(call c,
                                   std::function<void(result<token_count_reply>)> handler) const;
  std::uint64_t stream_async(call c, std::function<void(result<ark::stream>)> handler) const;
  void cancel(std::uint64_t id) const;
  /// Runs what was begun with `*_async` on this thread until nothing is left.
  void run() const;

  /// What the catalogue knows; `filter` is part of an id, "" for all.
  std::vector<model_info> models(std::string_view filter = {}) const;
  std::vector<vendor_info> vendors() const;
  /// Which model this call would go to and why, without making it.
  result<route> plan(const call& c) const;
  /// What became of the telemetry so far.
  telemetry_counts telemetry() const;
  /// Sends the telemetry that waits; returns when it is sent or `limit` has passed. With an
  /// executor of the application's: while that runs, and on none of its threads. The last client
  /// does so by itself when it dies, within `telemetry_options::close_timeout`; with an executor,
  /// which must still be there, it hands the rest over and does not wait.
  void flush_telemetry(std::chrono::milliseconds limit) const;
  /// The same, told to `handler` on the client's executor.
  void flush_telemetry_async(std::chrono::milliseconds limit, std::function<void()> handler) const;
  /// For ark/asio.hpp.
  const std::shared_ptr<detail::client_state>& state() const noexcept { return state_; }

 private:
  std::shared_ptr<detail::client_state> state_;
};

/// A client with all built-in dialects, vendors, models and prices. Reads no file, no environment
/// and no network. Fails only on a vendor or model directory that cannot be read.
ARK_API result<client> make_client(client_options options);
/// As `make_client`, throwing `ark::exception` instead.
ARK_API client standard_client(client_options options = {});

}  // namespace ark
