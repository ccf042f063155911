#pragma once
#include "net/tls.hpp"

#include <ark/error.hpp>

#include <boost/asio/ip/tcp.hpp>
#include <memory>
#include <span>
#include <string_view>

namespace ark::net {

/// A connected socket, plain or TLS, that never blocks. It has no read buffer: whoever reads brings
/// one, and waits for readiness in between. Used on the loop only.
class connection {
 public:
  using socket_type = boost::asio::ip::tcp::socket;
  explicit connection(socket_type socket);

  /// From now on through TLS; the handshake is driven by `tls()->handshake()`.
  void secure(std::unique_ptr<tls_session> session) { tls_ = std::move(session); }
  tls_session* tls() noexcept { return tls_.get(); }

  io_result read_some(std::span<char> into);
  /// Writes from both pieces in one system call; counts across them.
  io_result write_some(std::string_view first, std::string_view second);

  /// Calls `handler(error_code)` once when the socket can be read (or was closed by the peer).
  template <class F>
  void wait_readable(F handler) {
    socket_.async_wait(socket_type::wait_read, std::move(handler));
  }
  template <class F>
  void wait_writable(F handler) {
    socket_.async_wait(socket_type::wait_write, std::move(handler));
  }

  /// Nothing came and nobody closed while the connection was idle.
  bool still_good();
  /// The peer answered what was sent with a reset (RFC 9293, 3.10.7).
  bool was_reset();
  bool served_before() const noexcept { return served_before_; }
  void has_served() noexcept { served_before_ = true; }

 private:
  socket_type socket_;
  std::unique_ptr<tls_session> tls_;
  bool served_before_ = false;
};

}  // namespace ark::net
