#include "sim/server.hpp"

#include "sim/session.hpp"

#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <thread>

namespace ark::testing {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

class plain_port final : public byte_port {
 public:
  explicit plain_port(tcp::socket socket) : socket_(std::move(socket)) {}
  void open(write_handler done) override { done({}); }
  void read_some(asio::mutable_buffer into, read_handler done) override {
    socket_.async_read_some(into, std::move(done));
  }
  void write(asio::const_buffer bytes, write_handler done) override {
    asio::async_write(socket_, bytes,
                      [done = std::move(done)](auto failed, std::size_t) { done(failed); });
  }
  tcp::socket& socket() override { return socket_; }

 private:
  tcp::socket socket_;
};

class tls_port final : public byte_port {
 public:
  tls_port(tcp::socket socket, asio::ssl::context& context) : stream_(std::move(socket), context) {}
  void open(write_handler done) override {
    stream_.async_handshake(asio::ssl::stream_base::server, std::move(done));
  }
  void read_some(asio::mutable_buffer into, read_handler done) override {
    stream_.async_read_some(into, std::move(done));
  }
  void write(asio::const_buffer bytes, write_handler done) override {
    asio::async_write(stream_, bytes,
                      [done = std::move(done)](auto failed, std::size_t) { done(failed); });
  }
  tcp::socket& socket() override { return stream_.next_layer(); }

 private:
  asio::ssl::stream<tcp::socket> stream_;
};

class tcp_server final : public server {
 public:
  tcp_server(std::size_t max_body_bytes, engine& brain)
      : acceptor_(loop_), pause_(loop_), max_body_bytes_(max_body_bytes), brain_(brain) {}
  ~tcp_server() override { stop(); }

  result<void> listen(int port, const std::optional<certificate>& tls) {
    boost::system::error_code failed;
    const tcp::endpoint where(asio::ip::address_v4::loopback(), static_cast<std::uint16_t>(port));
    acceptor_.open(where.protocol(), failed);
    if (!failed) acceptor_.set_option(tcp::acceptor::reuse_address(true), failed);
    if (!failed) acceptor_.bind(where, failed);
    if (!failed) acceptor_.listen(4096, failed);
    if (failed)
      return error{.code = errc::network,
                   .message = "the simulator cannot listen on 127.0.0.1:" + std::to_string(port) +
                              ": " + failed.message() + "; choose another port, or 0 for any"};
    port_ = acceptor_.local_endpoint().port();
    if (tls) {
      tls_.emplace(asio::ssl::context::tls_server);
      tls_->use_certificate_chain(asio::buffer(tls->certificate_pem), failed);
      if (!failed)
        tls_->use_private_key(asio::buffer(tls->key_pem), asio::ssl::context::pem, failed);
      if (failed)
        return error{.code = errc::tls, .message = "OpenSSL refused the simulator's certificate"};
    }
    accept();
    thread_ = std::thread([this] { loop_.run(); });
    return {};
  }

  int port() const noexcept override { return port_; }

  void stop() override {
    loop_.stop();
    if (thread_.joinable()) thread_.join();
    boost::system::error_code ignored;
    acceptor_.close(ignored);
  }

 private:
  void accept() {
    acceptor_.async_accept([this](boost::system::error_code failed, tcp::socket socket) {
      if (failed == asio::error::operation_aborted) return;
      if (failed) return accept_later();
      serve(std::move(socket));
      accept();
    });
  }

  /// Out of file descriptors: the ones in use come back sooner or later.
  void accept_later() {
    pause_.expires_after(std::chrono::milliseconds(50));
    pause_.async_wait([this](boost::system::error_code cancelled) {
      if (!cancelled) accept();
    });
  }

  void serve(tcp::socket socket) {
    boost::system::error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    std::unique_ptr<byte_port> port;
    if (tls_)
      port = std::make_unique<tls_port>(std::move(socket), *tls_);
    else
      port = std::make_unique<plain_port>(std::move(socket));
    std::make_shared<session>(std::move(port), loop_, brain_, max_body_bytes_)->start();
  }

  std::optional<asio::ssl::context> tls_;  // outlives the connections that the loop owns
  asio::io_context loop_{1};
  tcp::acceptor acceptor_;
  asio::steady_timer pause_;
  std::size_t max_body_bytes_;
  engine& brain_;
  int port_ = 0;
  std::thread thread_;
};

}  // namespace

result<std::unique_ptr<server>> server::start(int port, std::size_t max_body_bytes,
                                              const std::optional<certificate>& tls,
                                              engine& brain) {
  if (port < 0 || port > 65535)
    return error{.code = errc::invalid_request,
                 .message = "the simulator's port must be from 0 (any) to 65535"};
  auto made = std::make_unique<tcp_server>(max_body_bytes, brain);
  if (auto ok = made->listen(port, tls); !ok) return ok.error();
  return std::unique_ptr<server>(std::move(made));
}

}  // namespace ark::testing
