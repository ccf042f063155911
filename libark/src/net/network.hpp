#pragma once
#include "net/asio_loop.hpp"
#include "net/connection.hpp"
#include "net/pool.hpp"
#include "net/proxy_rules.hpp"
#include "net/resolver.hpp"
#include "net/transport.hpp"

#include <ark/client.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ark::net {

/// The proxy that all traffic goes through.
struct proxy {
  wire::origin origin;
  std::string authorization;  ///< value of the header, "" for none; secret
  std::string name() const { return origin.to_string(); }  ///< for messages
};

/// What the exchanges of one transport share. Used on the loop only. Callbacks keep it alive; it
/// does not keep the loop alive.
struct network {
  network(std::shared_ptr<loop_core> l, const network_options& o)
      : loop(std::move(l)),
        options(o),
        names(std::make_shared<resolver>(loop)),
        idle(static_cast<std::size_t>(o.max_connections_per_origin), o.idle_connection),
        buffer(buffer_bytes) {}

  /// The one read buffer of all plain streams: a socket is read when it is readable, and what came
  /// is passed on before the next socket is looked at. TLS reads into it too.
  static constexpr std::size_t buffer_bytes = 64u << 10;

  std::shared_ptr<loop_core> loop;
  network_options options;
  result<std::optional<proxy>> via = std::optional<proxy>();
  /// The proxy on the way to `to`; null if there is none. Only while `via` has a value.
  const proxy* via_to(const wire::origin& to) const noexcept {
    return *via && !bypasses_proxy(options.no_proxy, to) ? &**via : nullptr;
  }
  std::shared_ptr<resolver> names;
  std::unique_ptr<tls_context> tls;  ///< made when first needed
  pool<std::unique_ptr<connection>> idle;
  transport::counters counters;
  std::vector<char> buffer;
};

}  // namespace ark::net
