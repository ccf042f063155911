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

error private_address(std::string_view where, std::string_view vendor) {
  const std::string setting = fmt::format("vendors.{}.allow_private_networks", vendor);
  return failure(errc::invalid_request, retry_class::never,
                 fmt::format("{} is at a private, loopback or link-local address: set {} (ark "
                             "config set {} true) if that is meant.",
                             where, setting, setting));
}

}  // namespace ark::net
