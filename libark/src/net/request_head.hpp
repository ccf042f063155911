#pragma once
#include "wire/http_types.hpp"

#include <ark/result.hpp>

#include <string>
#include <string_view>

namespace ark::net {

/// How a request is written.
struct request_form {
  bool absolute = false;              ///< absolute target: a plain request through a proxy
  std::string proxy_authorization{};  ///< value of the header, "" for none
};

/// The head of `request` as bytes: request line, Host, the given headers, Content-Length. Adds
/// "Accept-Encoding: gzip" unless the headers name one or ask for an event stream.
/// errc::invalid_request for a method, target, name or value that would break the head (a control
/// character, a line break); the message names the header and never shows its value.
result<std::string> write_request_head(const wire::origin& origin,
                                       const wire::http_request& request, const request_form& form);

/// The head of the request that asks a proxy for a tunnel to `origin`.
std::string write_connect_head(const wire::origin& origin, std::string_view proxy_authorization);

}  // namespace ark::net
