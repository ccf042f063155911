#include "tests/support/scripted_server.hpp"

#include "tests/support/scripted_tls.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>
#include <chrono>
#include <csignal>
#include <stdexcept>
#include <utility>

namespace ark::testing {
namespace {

SSL* as_ssl(void* p) { return static_cast<SSL*>(p); }

std::size_t content_length(const std::string& head) {
  for (std::size_t at = head.find("\r\n"); at != std::string::npos;
       at = head.find("\r\n", at + 2)) {
    constexpr std::string_view name = "content-length:";
    if (::strncasecmp(head.c_str() + at + 2, name.data(), name.size()) == 0) {
      return std::stoul(head.substr(at + 2 + name.size()));
    }
  }
  return 0;
}

/// OpenSSL writes with write(): on the server's threads a peer that left is an error, not a signal.
/// The other threads keep their mask, so that a signal raised by the library is seen.
void ignore_broken_pipes() {
  sigset_t set;
  ::sigemptyset(&set);
  ::sigaddset(&set, SIGPIPE);
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

int listen_on_loopback(std::uint16_t& port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (fd < 0 || ::bind(fd, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    throw std::runtime_error("no loopback socket");
  }
  port = ntohs(address.sin_port);
  return fd;
}

}  // namespace

scripted_connection::scripted_connection(int fd, int index, const server_tls* tls)
    : fd_(fd), index_(index) {
  const int on = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (tls != nullptr) ssl_ = accept_tls(*tls, fd_);
}

scripted_connection::~scripted_connection() {
  if (ssl_ != nullptr) {
    if (polite_) SSL_shutdown(as_ssl(ssl_));
    SSL_free(as_ssl(ssl_));
  }
}

long scripted_connection::read_some(char* into, std::size_t size) {
  if (ssl_ != nullptr) return SSL_read(as_ssl(ssl_), into, static_cast<int>(size));
  return ::recv(fd_, into, size, 0);
}

std::string scripted_connection::read_head() {
  for (;;) {
    const std::size_t end = buffer_.find("\r\n\r\n");
    if (end != std::string::npos) {
      std::string head = buffer_.substr(0, end + 4);
      buffer_.erase(0, end + 4);
      return head;
    }
    char bytes[4096];
    const long n = read_some(bytes, sizeof bytes);
    if (n <= 0) return {};
    buffer_.append(bytes, static_cast<std::size_t>(n));
  }
}

std::string scripted_connection::read_rest() {
  char bytes[4096];
  for (long n = read_some(bytes, sizeof bytes); n > 0; n = read_some(bytes, sizeof bytes))
    buffer_.append(bytes, static_cast<std::size_t>(n));
  return std::exchange(buffer_, {});
}

std::string scripted_connection::read_request() {
  std::string request = read_head();
  if (request.empty()) return {};
  const std::size_t size = content_length(request);
  while (buffer_.size() < size) {
    char bytes[65536];
    const long n = read_some(bytes, sizeof bytes);
    if (n <= 0) return {};
    buffer_.append(bytes, static_cast<std::size_t>(n));
  }
  request += buffer_.substr(0, size);
  buffer_.erase(0, size);
  return request;
}

void scripted_connection::wait_readable() const {
  pollfd waited{.fd = fd_, .events = POLLIN, .revents = 0};
  static_cast<void>(::poll(&waited, 1, 10'000));
}

bool scripted_connection::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const long n = ssl_ != nullptr
                       ? SSL_write(as_ssl(ssl_), bytes.data(), static_cast<int>(bytes.size()))
                       : ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

bool scripted_connection::dribble(std::string_view bytes, std::size_t size, int gap_ms) {
  while (!bytes.empty()) {
    const std::string_view piece = bytes.substr(0, size);
    if (!send(piece)) return false;
    bytes.remove_prefix(piece.size());
    std::this_thread::sleep_for(std::chrono::milliseconds(gap_ms));
  }
  return true;
}

void scripted_connection::reset() {
  polite_ = false;
  const linger at_once{1, 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

void scripted_connection::cut() { polite_ = false; }

bool scripted_connection::peer_open() {
  char byte = 0;
  const ssize_t n = ::recv(fd_, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return n > 0 || (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK));
}

bool scripted_connection::resumed() const {
  return ssl_ != nullptr && SSL_session_reused(as_ssl(ssl_)) != 0;
}

scripted_server::scripted_server(script s, std::shared_ptr<const server_tls> tls)
    : script_(std::move(s)), tls_(std::move(tls)) {
  listener_ = listen_on_loopback(port_);
  ::listen(listener_, 128);
  acceptor_ = std::thread([this] { accept_all(); });
}

scripted_server::~scripted_server() {
  running_ = false;
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  {
    const std::lock_guard lock(mutex_);
    for (const int fd : open_) ::shutdown(fd, SHUT_RDWR);
  }
  for (std::thread& t : threads_) t.join();
  ::close(listener_);
}

std::string scripted_server::url() const {
  return (tls_ ? "https://localhost:" : "http://127.0.0.1:") + std::to_string(port_);
}

void scripted_server::accept_all() {
  while (running_) {
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) return;
    const int index = accepted_++;
    {
      const std::lock_guard lock(mutex_);
      open_.push_back(fd);
    }
    threads_.emplace_back([this, fd, index] {
      ignore_broken_pipes();
      {
        scripted_connection connection(fd, index, tls_.get());
        if (!tls_ || connection.secure()) script_(connection);
      }
      const std::lock_guard lock(mutex_);
      std::erase(open_, fd);
      ::close(fd);
    });
  }
}

std::string http_answer(int status, std::string_view body, std::string_view headers) {
  std::string text = "HTTP/1.1 " + std::to_string(status) + " X\r\n";
  text.append(headers);
  text += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
  return text.append(body);
}

std::string chunk(std::string_view bytes) {
  char size[32];
  std::snprintf(size, sizeof size, "%zx\r\n", bytes.size());
  return std::string(size).append(bytes).append("\r\n");
}

std::uint16_t closed_port() {
  std::uint16_t port = 0;
  ::close(listen_on_loopback(port));
  return port;
}

std::uint16_t full_port() {
  // A backlog of none, filled: the kernel drops further SYNs. Open until the process ends.
  std::uint16_t port = 0;
  const int listener = listen_on_loopback(port);
  ::listen(listener, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  for (int i = 0; i < 8; ++i) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    (void)::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address);
  }
  return port;
}

}  // namespace ark::testing
