#pragma once
#include "net/loop.hpp"
#include "wire/http_types.hpp"

#include <ark/call.hpp>
#include <ark/client.hpp>
#include <ark/error.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace ark::net {

/// One HTTP request and where it goes.
struct exchange_request {
  wire::origin origin;
  wire::http_request request;
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds tls_timeout{10'000};
  std::size_t max_body_bytes = 64u << 20;    ///< of the answer, after decompression
  std::size_t max_message_bytes = 8u << 20;  ///< of one message of a WebSocket
  bool allow_private = true;  ///< may connect to private, loopback and link-local addresses
  std::string vendor;         ///< whose setting the refusal of such an address names
};

/// How far an exchange that failed had come: what the retry rules and the ledger need to know. The
/// request of a WebSocket is its message: opening it asks for nothing yet.
struct exchange_failure {
  ark::error error;
  bool request_begun = false;   ///< at least one byte of the request was handed to the socket
  bool response_begun = false;  ///< at least one byte of an answer was read
  bool reused = false;          ///< on a connection that had served before
  /// The peer's machine threw the request away (RST): nobody there listened to the connection any
  /// more. An application that read the request and hung up only closes.
  bool reset = false;
};

/// Told what happens, on the loop, one at a time, never from inside `start`.
/// A handler may destroy its exchange from inside any of these calls.
class exchange_handler {
 public:
  virtual ~exchange_handler() = default;
  /// Connected (or taken from the pool); the next thing is the request's first byte.
  virtual void on_sending() = 0;
  /// The whole request was handed to the socket.
  virtual void on_sent() = 0;
  /// Moved in: the handler keeps it.
  virtual void on_head(wire::http_head head) = 0;
  /// More of the body: de-chunked, decompressed. Of a WebSocket (status 101): the text of one whole
  /// message. The view is valid during the call.
  virtual void on_body(std::string_view bytes) = 0;
  /// Last, exactly once, unless the exchange was dropped. Empty: the body is whole.
  virtual void on_end(std::optional<exchange_failure> failure) = 0;
};

/// A running exchange. Destroying it aborts it and closes its connection; no handler is called
/// any more.
class exchange {
 public:
  virtual ~exchange() = default;
  /// Stops reading (at most one more piece comes) until `resume`: back-pressure.
  virtual void pause() = 0;
  virtual void resume() = 0;
};

/// Sends requests. The only door to the network. Methods are called on the loop.
class transport {
 public:
  virtual ~transport() = default;
  /// `handler` must outlive the exchange.
  virtual std::unique_ptr<exchange> start(exchange_request request, exchange_handler& handler) = 0;
  struct counters {
    std::uint64_t connections_opened = 0, requests = 0, reused = 0;
  };
  virtual counters count() const = 0;
};

/// HTTP/1.1 over TCP or TLS 1.2+ (certificates and host names always verified, SNI), keep-alive
/// pool, proxy by URL (CONNECT for TLS), gzip and deflate. Redirects are not followed: a 3xx is an
/// answer like any other. A request that opens a WebSocket goes the same way; when the server
/// agrees (101, `Sec-WebSocket-Accept` checked) its message is sent and the answer's messages come
/// as the body, which ends with the server's close frame; another status is a plain answer.
std::shared_ptr<transport> make_transport(std::shared_ptr<loop> l, const network_options& options);

}  // namespace ark::net
