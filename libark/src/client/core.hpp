#pragma once
#include "catalog/catalog.hpp"
#include "client/fetch_store.hpp"
#include "client/recorder.hpp"
#include "dialect/dialect.hpp"
#include "net/transport.hpp"
#include "os/os.hpp"

#include <ark/client.hpp>

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace ark {

class operation;

/// Where a vendor's requests go, after the user's overrides.
struct vendor_endpoint {
  wire::origin origin;
  std::string path_prefix;  ///< "/v1", without trailing slash
  bool allow_private = false;
  bool own_origin = true;  ///< the origin is the row's: keys of the key source may go there
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
  os::system* os = nullptr;

  /// The calls that run now, by id; guarded by `active_mutex`.
  std::mutex active_mutex;
  std::map<std::uint64_t, std::shared_ptr<operation>> active;
  /// Temporary keys and certificates; on the loop only.
  fetch_store fetched;
  /// Handlers of `*_async` that have not been told yet: `client::run()` waits for them.
  std::shared_ptr<std::atomic<int>> waiting = std::make_shared<std::atomic<int>>(0);

  /// Reading a base URL is a tenth of a call's CPU, and it is always the same one.
  mutable std::mutex endpoints_mutex;
  mutable std::map<std::string, vendor_endpoint, std::less<>> endpoints;

  /// errc::config when the base URL cannot be used.
  result<vendor_endpoint> endpoint_of(const vendor& v) const;
  result<vendor_endpoint> make_endpoint(const vendor& v) const;
  /// The key for this vendor at this endpoint; empty when the vendor needs none. errc::auth says
  /// how to give one.
  result<secret> key_for(const vendor& v, const vendor_endpoint& where) const;
  bool has_key(const vendor& v) const;
};

/// A client made of these parts.
client make_client(std::shared_ptr<core> parts);

}  // namespace ark
