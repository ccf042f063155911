#pragma once
#include "net/asio_loop.hpp"

#include <ark/result.hpp>

#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <vector>

namespace ark::net {

/// Connects to the first of several addresses that answers: one after the other, each with a head
/// start before the next is tried beside it (RFC 8305 in its simplest form). Used on the loop only.
class connector : public std::enable_shared_from_this<connector> {
 public:
  using socket_type = boost::asio::ip::tcp::socket;
  using handler = std::function<void(boost::system::error_code, socket_type)>;
  static constexpr std::chrono::milliseconds head_start{250};

  explicit connector(std::shared_ptr<loop_core> loop) : loop_(loop), next_one_(std::move(loop)) {}
  /// `addresses` is not empty. `done` is called once, on the loop, unless `abort` comes first;
  /// the error is the first one that occurred.
  void connect(std::vector<boost::asio::ip::address> addresses, std::uint16_t port, handler done);
  void abort();

 private:
  void try_next();
  void on_connected(std::size_t which, const boost::system::error_code& failure);

  std::shared_ptr<loop_core> loop_;
  loop_timer next_one_;
  std::vector<boost::asio::ip::address> addresses_;
  std::uint16_t port_ = 0;
  handler done_;
  std::vector<socket_type> sockets_;  ///< by address, as far as tried
  std::size_t failed_ = 0;
  boost::system::error_code first_failure_;
};

}  // namespace ark::net
