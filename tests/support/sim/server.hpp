#pragma once
#include "sim/certificate.hpp"
#include "sim/engine.hpp"

#include <memory>
#include <optional>

namespace ark::testing {

/// The simulator's sockets: HTTP/1.1 on 127.0.0.1 with keep-alive, one thread for all connections.
/// A client that closes its side is gone: what it had not read is not sent.
class server {
 public:
  /// errc::network if the port is taken. `brain` must outlive the server.
  static result<std::unique_ptr<server>> start(int port, std::size_t max_body_bytes,
                                               const std::optional<certificate>& tls,
                                               engine& brain);
  virtual ~server() = default;
  virtual int port() const noexcept = 0;
  /// Closes every connection and ends the thread. Idempotent.
  virtual void stop() = 0;
};

}  // namespace ark::testing
