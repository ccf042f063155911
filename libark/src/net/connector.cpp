#include "net/connector.hpp"

#include <utility>

namespace ark::net {

void connector::connect(std::vector<boost::asio::ip::address> addresses, std::uint16_t port,
                        handler done) {
  addresses_ = std::move(addresses);
  port_ = port;
  done_ = std::move(done);
  sockets_.reserve(addresses_.size());
  try_next();
}

void connector::abort() {
  done_ = nullptr;
  next_one_.stop();
  sockets_.clear();
}

void connector::try_next() {
  const std::size_t which = sockets_.size();
  const boost::asio::ip::tcp::endpoint endpoint(addresses_[which], port_);
  socket_type& socket = sockets_.emplace_back(loop_->executor());
  auto connected = [self = shared_from_this(), which](const boost::system::error_code& failure) {
    self->on_connected(which, failure);
  };
  socket.async_connect(endpoint, loop_->turn(std::move(connected)));
  if (which + 1 < addresses_.size()) next_one_.start(head_start, [this] { try_next(); });
}

void connector::on_connected(std::size_t which, const boost::system::error_code& failure) {
  if (!done_) return;
  if (!failure) {
    socket_type winner = std::move(sockets_[which]);
    const handler done = std::exchange(done_, nullptr);
    abort();
    return done({}, std::move(winner));
  }
  if (!first_failure_) first_failure_ = failure;
  ++failed_;
  if (sockets_.size() < addresses_.size()) return try_next();
  if (failed_ < addresses_.size()) return;  // another attempt still runs
  const handler done = std::exchange(done_, nullptr);
  done(first_failure_, socket_type(loop_->executor()));
}

}  // namespace ark::net
