#pragma once
#include <ark/client.hpp>
#include <ark/result.hpp>

#include <string>

namespace ark::cli {

/// Connects to the base URL, through proxy and TLS as calls do, and waits for any HTTP answer to
/// `HEAD`; no key is sent. Waits at most 20 seconds.
result<void> reach(const std::string& base_url, const network_options& network);

}  // namespace ark::cli
