#include "net/failures.hpp"

#include <fmt/format.h>
#include <system_error>

namespace ark::net {

error failure(errc code, retry_class retry, std::string message) {
  error e;
  e.code = code;
  e.retry = retry;
  e.message = std::move(message);
  return e;
}

error not_connected(std::string_view what, int errno_value) {
  return failure(errc::network, retry_class::safe,
                 fmt::format("{} ({}); check the address and the network.", what,
                             std::generic_category().message(errno_value)));
}

error connection_lost(std::string_view what, int errno_value) {
  return failure(errc::network, retry_class::maybe_billed,
                 fmt::format("{} ({}).", what, std::generic_category().message(errno_value)));
}

error proxy_refusal(std::string_view name, int status) {
  if (status == 407) {
    return failure(errc::network, retry_class::never,
                   fmt::format("{} wants other credentials (HTTP 407); check user and password in "
                               "the proxy URL.",
                               name));
  }
  return failure(errc::network, retry_class::safe,
                 fmt::format("{} did not connect to the server (HTTP {}); check the proxy and the "
                             "base URL.",
                             name, status));
}

}  // namespace ark::net
