#pragma once
#include <ark/client.hpp>
#include <ark/result.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace ark::net {

/// What one non-blocking step came to.
enum class io_status : std::uint8_t {
  done,        ///< `bytes` were moved (at least one), or the handshake is complete
  want_read,   ///< try again when the socket can be read
  want_write,  ///< try again when the socket can be written
  end,         ///< the peer said that no more comes (FIN; with TLS: close_notify)
  cut,         ///< the peer closed a TLS connection without saying so
  failed,      ///< `why` says what happened
};
struct io_result {
  io_status status = io_status::failed;
  std::size_t bytes = 0;
  int why = 0;  ///< errno, or 0 where TLS failed
};

/// One TLS connection on a non-blocking socket that it does not own.
class tls_session {
 public:
  virtual ~tls_session() = default;
  virtual io_result handshake() = 0;
  virtual io_result read(std::span<char> into) = 0;
  virtual io_result write(std::string_view bytes) = 0;
  /// Why the last step failed: errc::tls and one sentence.
  virtual ark::error failure() const = 0;
};

/// Settings and certificates of a client, and the sessions it can resume. Used on the loop only.
class tls_context {
 public:
  virtual ~tls_context() = default;
  /// For a connected socket `fd`; `host` is what the certificate must be for. `session_key` names
  /// the peer whose earlier session may be resumed.
  virtual std::unique_ptr<tls_session> open(int fd, const std::string& host,
                                            const std::string& session_key) = 0;
};

/// TLS 1.2 or newer; the certificate and its host name are always verified, against the system's
/// hashed certificate directory (or `ca_directory`) and `ca_file`. errc::config if a file cannot be
/// read, errc::unsupported in a build without TLS.
result<std::unique_ptr<tls_context>> make_tls_context(const network_options& options);

}  // namespace ark::net
