#include "net/dialer.hpp"

#include "net/failures.hpp"
#include "net/request_head.hpp"
#include "wire/address.hpp"

#include <fmt/format.h>
#include <utility>

namespace ark::net {
namespace {

/// Not the public internet: private, loopback, link-local (metadata services), reserved.
bool is_private(const boost::asio::ip::address& address) {
  const wire::address_kind kind = address.is_v4() ? wire::classify(address.to_v4().to_bytes())
                                                  : wire::classify(address.to_v6().to_bytes());
  return kind != wire::address_kind::global;
}

error too_slow(std::string_view what, const std::string& peer, std::chrono::milliseconds limit) {
  return failure(errc::timeout, retry_class::safe,
                 fmt::format("{} {} took longer than {} ms.", what, peer, limit.count()));
}

}  // namespace

dialer::dialer(std::shared_ptr<network> net, target t)
    : net_(std::move(net)), target_(std::move(t)), limit_(net_->loop) {}

const proxy* dialer::via() const { return net_->via_to(target_.origin); }

std::string dialer::peer() const {
  if (via() != nullptr) return "the proxy " + via()->name();
  return target_.origin.to_string();
}

void dialer::start(handler done) {
  done_ = std::move(done);
  limit_.start(target_.connect_timeout,
               [this] { fail(too_slow("Connecting to", peer(), target_.connect_timeout)); });
  if (!target_.allow_private && via() != nullptr) {
    // The proxy resolves names, so only a number can be checked here.
    const auto number = resolver::literal(target_.origin.host);
    if (number && is_private(number->front())) return fail(refused());
  }
  const std::string& host = via() != nullptr ? via()->origin.host : target_.origin.host;
  net_->names->resolve(host, [self = shared_from_this()](result<resolver::addresses> found) {
    if (self->done_) self->on_addresses(std::move(found));
  });
}

void dialer::abort() {
  done_ = nullptr;
  limit_.stop();
  if (connector_) connector_->abort();
  connection_.reset();
}

void dialer::on_addresses(result<resolver::addresses> found) {
  if (!found) return fail(found.error());
  resolver::addresses usable = std::move(*found);
  if (!target_.allow_private && via() == nullptr) {
    std::erase_if(usable, [](const auto& address) { return is_private(address); });
    if (usable.empty()) return fail(refused());
  }
  if (usable.empty()) {
    return fail(
        failure(errc::network, retry_class::safe, "There is no address for " + peer() + "."));
  }
  const std::uint16_t port = via() != nullptr ? via()->origin.port : target_.origin.port;
  ++net_->counters.connections_opened;
  connector_ = std::make_shared<connector>(net_->loop);
  // The very addresses that were checked: nothing is resolved again (DNS rebinding).
  connector_->connect(std::move(usable), port,
                      [self = shared_from_this()](const boost::system::error_code& failure,
                                                  connector::socket_type socket) {
                        if (self->done_) self->on_connected(failure, std::move(socket));
                      });
}

error dialer::refused() const {
  return private_address(target_.origin.to_string(), target_.vendor);
}

void dialer::on_connected(const boost::system::error_code& failure, connector::socket_type socket) {
  if (failure) return fail(not_connected("Connecting to " + peer() + " failed", failure.value()));
  fd_ = socket.native_handle();
  connection_ = std::make_unique<connection>(std::move(socket));
  if (target_.origin.tls && via() != nullptr) return ask_proxy();
  if (target_.origin.tls) return begin_tls();
  finish();
}

void dialer::ask_proxy() {
  to_proxy_ = write_connect_head(target_.origin, via()->authorization);
  write_to_proxy();
}

void dialer::write_to_proxy() {
  while (!to_proxy_.empty()) {
    const io_result wrote = connection_->write_some(to_proxy_, {});
    if (wrote.status == io_status::failed) {
      return fail(not_connected("Sending to " + peer() + " failed", wrote.why));
    }
    if (wrote.status != io_status::done) return when_ready(wrote.status, &dialer::write_to_proxy);
    to_proxy_.erase(0, wrote.bytes);
  }
  when_ready(io_status::want_read, &dialer::read_from_proxy);
}

void dialer::read_from_proxy() {
  const io_result got = connection_->read_some(net_->buffer);
  if (got.status == io_status::want_read) return when_ready(got.status, &dialer::read_from_proxy);
  if (got.status != io_status::done) {
    return fail(failure(errc::network, retry_class::safe,
                        "The connection to " + peer() + " closed before it opened a tunnel."));
  }
  std::string_view bytes(net_->buffer.data(), got.bytes);
  const auto answer = proxy_answer_.feed(bytes);
  if (!answer) {
    return fail(failure(errc::network, retry_class::safe,
                        "What answers at " + peer() + " is not an HTTP proxy."));
  }
  if (!*answer) return when_ready(io_status::want_read, &dialer::read_from_proxy);
  on_proxy_answer((*answer)->head.status);
}

void dialer::on_proxy_answer(int status) {
  if (status / 100 == 2) return begin_tls();
  fail(proxy_refusal(peer(), status));
}

void dialer::begin_tls() {
  if (!net_->tls) {
    auto made = make_tls_context(net_->options);
    if (!made) return fail(made.error());
    net_->tls = std::move(*made);
  }
  limit_.start(target_.tls_timeout, [this] {
    fail(too_slow("The TLS handshake with", target_.origin.to_string(), target_.tls_timeout));
  });
  connection_->secure(net_->tls->open(fd_, target_.origin.host, target_.origin.to_string()));
  step_tls();
}

void dialer::step_tls() {
  const io_result stepped = connection_->tls()->handshake();
  switch (stepped.status) {
    case io_status::done:
      return finish();
    case io_status::want_read:
    case io_status::want_write:
      return when_ready(stepped.status, &dialer::step_tls);
    case io_status::end:
    case io_status::cut:
    case io_status::failed:
      return fail(connection_->tls()->failure());
  }
}

void dialer::when_ready(io_status wanted, void (dialer::*step)()) {
  auto ready =
      net_->loop->turn([self = shared_from_this(), step](const boost::system::error_code& failure) {
        if (self->done_ && !failure) ((*self).*step)();
      });
  if (wanted == io_status::want_write) return connection_->wait_writable(std::move(ready));
  connection_->wait_readable(std::move(ready));
}

void dialer::finish() {
  limit_.stop();
  const handler done = std::exchange(done_, nullptr);
  done(std::move(connection_));
}

void dialer::fail(error e) {
  const auto self = shared_from_this();
  const handler done = std::exchange(done_, nullptr);
  abort();
  if (done) done(std::move(e));
}

}  // namespace ark::net
