#pragma once
#include <ark/client.hpp>
#include <ark/result.hpp>

#include <optional>
#include <string>

#include "wire/http_time.hpp"

namespace ark::cli {

/// A server's answer to a request that asks for nothing.
struct reached {
  int status = 0;                       ///< HTTP
  std::optional<wire::wall_time> date;  ///< its clock, to the second; none: it does not say
};

/// Connects to the base URL, through proxy and TLS as calls do, and waits for any HTTP answer to
/// `HEAD`; no key is sent. Waits at most 20 seconds.
result<reached> reach(const std::string& base_url, const network_options& network);

}  // namespace ark::cli
