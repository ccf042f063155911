#pragma once
#include "net/answer_head.hpp"
#include "net/connector.hpp"
#include "net/network.hpp"

#include <ark/result.hpp>

#include <functional>
#include <memory>
#include <string>

namespace ark::net {

/// Opens one connection that is ready for a request: resolve, check the addresses, connect, tunnel
/// through the proxy, TLS handshake; each with its time limit. Used on the loop only.
class dialer : public std::enable_shared_from_this<dialer> {
 public:
  struct target {
    wire::origin origin;
    bool allow_private = true;
    std::chrono::milliseconds connect_timeout{};  ///< for everything before TLS
    std::chrono::milliseconds tls_timeout{};
    std::string vendor;  ///< named where a setting of its would help
  };
  using handler = std::function<void(result<std::unique_ptr<connection>>)>;

  dialer(std::shared_ptr<network> net, target t);
  /// `done` is called once, on the loop (inside this call too), unless `abort` comes first.
  void start(handler done);
  void abort();

 private:
  void on_addresses(result<resolver::addresses> found);
  void on_connected(const boost::system::error_code& failure, connector::socket_type socket);
  void ask_proxy();
  void write_to_proxy();
  void read_from_proxy();
  void on_proxy_answer(int status);
  void begin_tls();
  void step_tls();
  void finish();
  void fail(error e);
  /// `step` when the socket is ready, unless all is over by then.
  void when_ready(io_status wanted, void (dialer::*step)());
  error refused() const;
  const proxy* via() const;
  std::string peer() const;

  std::shared_ptr<network> net_;
  target target_;
  handler done_;
  loop_timer limit_;
  std::shared_ptr<connector> connector_;
  std::unique_ptr<connection> connection_;
  int fd_ = -1;
  std::string to_proxy_;
  head_reader proxy_answer_;
};

}  // namespace ark::net
