#pragma once
#include "catalog/catalog.hpp"
#include "client/contents.hpp"
#include "client/fetch_store.hpp"
#include "client/recorder.hpp"
#include "client/traffic.hpp"
#include "dialect/dialect.hpp"
#include "net/transport.hpp"
#include "os/os.hpp"
#include "telemetry/exporter.hpp"

#include <ark/client.hpp>

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

namespace ark {

class flight;
class operation;
class reply_store;
class running_call;

/// Where a vendor's requests go, after the user's overrides.
struct vendor_endpoint {
  wire::origin origin;
  std::string path_prefix;  ///< "/v1", without trailing slash
  bool allow_private = false;
  bool own_origin = true;  ///< the origin is the row's: keys of the key source may go there
};

/// An address of a vendor and a key for it.
struct vendor_way {
  vendor_endpoint endpoint;
  secret key;
  int weight = 1;
};

/// Slots of a rate_table (0: none), and what is configured for them.
struct rate_ids {
  std::uint64_t model = 0, vendor = 0;
  const rate_limit* model_limit = nullptr;
  const rate_limit* vendor_limit = nullptr;
};

/// Everything that the calls of one client share. Immutable but for what says so; the parts are
/// ports, so tests run a client on a fake loop, transport, journal and clock.
struct core {
  client_options options;
  std::shared_ptr<const catalog::book> book;
  std::shared_ptr<const dialect::dialect_list> dialects;
  std::shared_ptr<net::loop> loop;
  std::shared_ptr<net::transport> transport;
  std::shared_ptr<ark::recorder> recorder;
  std::shared_ptr<content_sink> contents;  ///< null: prompts and replies are not kept
  /// Told of attempts and calls; none: nothing is gathered for them.
  std::vector<std::shared_ptr<observer>> observers;
  std::shared_ptr<telemetry::exporter> exporter;  ///< one of them, if telemetry is on
  os::system* os = nullptr;

  /// The calls that run now, by id; guarded by `active_mutex`.
  std::mutex active_mutex;
  std::map<std::uint64_t, std::shared_ptr<running_call>> active;
  /// Temporary keys and certificates; on the loop only.
  fetch_store fetched;
  /// The attempts that identical calls may join, by their key; on the loop only.
  std::map<std::string, std::shared_ptr<flight>> flights;
  /// Where answers are kept; null: nowhere.
  std::shared_ptr<reply_store> replies;
  /// What the calls learn of vendors; on the loop only.
  mutable ark::traffic traffic;
  mutable std::mutex rates_mutex;
  mutable std::unordered_map<std::size_t, rate_ids> rates_known;  ///< by key and model
  /// Handlers of `*_async` that have not been told yet: `client::run()` waits for them.
  std::shared_ptr<std::atomic<int>> waiting = std::make_shared<std::atomic<int>>(0);

  /// Reading a base URL is a tenth of a call's CPU, and it is always the same one.
  mutable std::mutex endpoints_mutex;
  mutable std::map<std::string, vendor_endpoint, std::less<>> endpoints;

  /// errc::config when the base URL cannot be used.
  result<vendor_endpoint> endpoint_of(const vendor& v) const;
  result<vendor_endpoint> make_endpoint(const vendor& v) const;
  /// The (first) key for this vendor at this endpoint; empty when the vendor needs none. errc::auth
  /// says how to give one.
  result<secret> key_for(const vendor& v, const vendor_endpoint& where) const;
  bool has_key(const vendor& v) const;
  /// All ways that the user has set, the first as `endpoint_of` and `key_for` have it.
  result<std::vector<vendor_way>> ways_to(const vendor& v, const vendor_endpoint& first) const;

 private:
  result<vendor_endpoint> make_endpoint(const vendor& v, const std::string& base_url) const;
  result<secret> keys_for(const vendor& v, const vendor_endpoint& where, const secret& own) const;
};

/// A client made of these parts.
client make_client(std::shared_ptr<core> parts);

}  // namespace ark
