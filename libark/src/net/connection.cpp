#include "net/connection.hpp"

#include <sys/socket.h>
#include <sys/uio.h>
#include <array>
#include <cerrno>

namespace ark::net {
namespace {

io_result from_errno(io_status would_block) {
  if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return {would_block, 0, 0};
  return {io_status::failed, 0, errno};
}

}  // namespace

connection::connection(socket_type socket) : socket_(std::move(socket)) {
  boost::system::error_code ignored;  // these tune; without them it still works
  socket_.native_non_blocking(true, ignored);
  socket_.set_option(boost::asio::ip::tcp::no_delay(true), ignored);
  socket_.set_option(boost::asio::socket_base::keep_alive(true), ignored);
}

io_result connection::read_some(std::span<char> into) {
  if (tls_) return tls_->read(into);
  const ssize_t n = ::recv(socket_.native_handle(), into.data(), into.size(), 0);
  if (n > 0) return {io_status::done, static_cast<std::size_t>(n), 0};
  if (n == 0) return {io_status::end, 0, 0};
  return from_errno(io_status::want_read);
}

io_result connection::write_some(std::string_view first, std::string_view second) {
  if (tls_) return tls_->write(first.empty() ? second : first);
  std::array<iovec, 2> pieces{iovec{const_cast<char*>(first.data()), first.size()},
                              iovec{const_cast<char*>(second.data()), second.size()}};
  msghdr message{};
  message.msg_iov = pieces.data();
  message.msg_iovlen = pieces.size();
  const ssize_t n = ::sendmsg(socket_.native_handle(), &message, MSG_NOSIGNAL);
  if (n >= 0) return {io_status::done, static_cast<std::size_t>(n), 0};
  return from_errno(io_status::want_write);
}

bool connection::still_good() {
  char byte = 0;
  const ssize_t n = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  if (n < 0) return errno == EAGAIN || errno == EWOULDBLOCK;
  if (n == 0 || !tls_) return false;
  // TLS 1.3 sends session tickets when it likes: they are not an answer.
  return tls_->read({&byte, 1}).status == io_status::want_read;
}

bool connection::was_reset() {
  int why = 0;
  socklen_t size = sizeof why;
  const bool asked = ::getsockopt(socket_.native_handle(), SOL_SOCKET, SO_ERROR, &why, &size) == 0;
  // EPIPE: reset after the peer had closed its side.
  return asked && (why == ECONNRESET || why == EPIPE);
}

}  // namespace ark::net
