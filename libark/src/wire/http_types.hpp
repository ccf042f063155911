#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ark::wire {

/// One header line. Names compare without case (RFC 9110, 5.1).
struct header_field {
  std::string name;
  std::string value;
  bool is_secret = false;  ///< never shown in logs, errors or traces
};
using header_list = std::vector<header_field>;

/// The first value of `name`, or nothing ("" is a value too: see the return of `has_header`).
std::string_view find_header(const header_list& headers, std::string_view name) noexcept;
bool has_header(const header_list& headers, std::string_view name) noexcept;

/// A request without its origin: what a dialect makes.
struct http_request {
  std::string method = "POST";
  std::string target;  ///< path and query, beginning with "/"
  header_list headers;
  std::string body;
  /// Opens a WebSocket (RFC 6455; the method is "GET"), and `body` is the text of its one message.
  bool websocket = false;
};

/// Status line and headers of an answer.
struct http_head {
  int status = 0;
  header_list headers;
};

/// Scheme, host and port: what keys and connections are bound to (RFC 6454).
struct origin {
  bool tls = true;
  std::string host;  ///< lower case, IPv6 without brackets
  std::uint16_t port = 443;

  std::string to_string() const;  ///< "https://host:port", the default port left out
  friend bool operator==(const origin&, const origin&) = default;
};

}  // namespace ark::wire
