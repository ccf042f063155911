#pragma once
#include <ark/error.hpp>

#include <string>
#include <string_view>

namespace ark::net {

/// errc::network, nothing was accepted: `what` is a clause, `errno_value` gives the system's
/// reason.
error not_connected(std::string_view what, int errno_value);
/// errc::network, the request may have been accepted.
error connection_lost(std::string_view what, int errno_value);
/// errc::network: the proxy `name` answered `status` instead of forwarding.
error proxy_refusal(std::string_view name, int status);
/// errc::invalid_request: `where` is at an address that is not of the public internet. `vendor`
/// names the setting that allows it.
error private_address(std::string_view where, std::string_view vendor);
/// Any code, with our sentence.
error failure(errc code, retry_class retry, std::string message);

}  // namespace ark::net
