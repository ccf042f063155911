#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace ark::testing {

class server_tls;

/// One accepted connection, in the hands of a script. Blocking.
class scripted_connection {
 public:
  scripted_connection(int fd, int index, const server_tls* tls);
  ~scripted_connection();
  scripted_connection(const scripted_connection&) = delete;
  scripted_connection& operator=(const scripted_connection&) = delete;

  int index() const noexcept { return index_; }  ///< 0 for the first connection of the server
  /// The next request, head and body (Content-Length); "" when the peer closed.
  std::string read_request();
  /// Only the head, with its blank line; the body stays unread.
  std::string read_head();
  /// Something has come, and stays unread.
  void wait_readable() const;
  /// All that comes until the peer closes.
  std::string read_rest();
  /// False when the peer is gone.
  bool send(std::string_view bytes);
  /// In pieces of `size` bytes with `gap_ms` between them.
  bool dribble(std::string_view bytes, std::size_t size, int gap_ms);
  /// RST instead of FIN when the script ends; with TLS also: no close_notify.
  void reset();
  /// TLS: FIN without close_notify.
  void cut();
  /// Is the peer still there?
  bool peer_open();
  bool secure() const noexcept { return ssl_ != nullptr; }
  /// TLS: the client brought a session that was known.
  bool resumed() const;

 private:
  long read_some(char* into, std::size_t size);
  int fd_;
  int index_;
  void* ssl_ = nullptr;
  bool polite_ = true;
  std::string buffer_;
};

/// A server on 127.0.0.1 whose every connection follows a script, each on a thread of its own.
/// Destroying it ends them all (scripts notice at their next read, send or `running()`).
class scripted_server {
 public:
  using script = std::function<void(scripted_connection&)>;
  explicit scripted_server(script s, std::shared_ptr<const server_tls> tls = nullptr);
  ~scripted_server();
  scripted_server(const scripted_server&) = delete;
  scripted_server& operator=(const scripted_server&) = delete;

  std::uint16_t port() const noexcept { return port_; }
  int connections() const noexcept { return accepted_; }
  std::string url() const;

 private:
  void accept_all();
  script script_;
  std::shared_ptr<const server_tls> tls_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<bool> running_{true};
  std::atomic<int> accepted_{0};
  std::mutex mutex_;
  std::vector<int> open_;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

/// "HTTP/1.1 STATUS X" with Content-Length and `headers` (lines with CR LF).
std::string http_answer(int status, std::string_view body, std::string_view headers = {});
/// `bytes` in one chunk, and the last chunk.
std::string chunk(std::string_view bytes);
inline constexpr std::string_view last_chunk = "0\r\n\r\n";
/// A port of 127.0.0.1 on which nobody listens.
std::uint16_t closed_port();
/// A port of 127.0.0.1 that takes no more connections and does not refuse them either.
std::uint16_t full_port();

}  // namespace ark::testing
