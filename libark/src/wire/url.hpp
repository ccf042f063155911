#pragma once
#include "wire/http_types.hpp"

#include <ark/result.hpp>
#include <ark/secret.hpp>

#include <string>
#include <string_view>

namespace ark::wire {

/// Where a vendor's interface is: an origin and a path before each target.
struct base_url {
  wire::origin origin;
  std::string path;  ///< "" or "/v1": begins with a slash, does not end with one

  std::string to_string() const { return origin.to_string() + path; }
  friend bool operator==(const base_url&, const base_url&) = default;
};

/// errc::config, with the reason, for what is not plain http or https (or ws or wss, which are the
/// same origins): a user or password in it, a query, a fragment, dots as path segments, a host that
/// is not a name or an address. Odd spellings of IPv4 addresses ("0x7f.1", "2130706433") come out
/// as the address they mean.
result<base_url> parse_base_url(std::string_view text);

/// A proxy and what it wants to know.
struct proxy_url {
  wire::origin origin;
  std::string user;
  secret password;
};
/// "http://[user:password@]host[:port]", "host:port". Errors never show the text: it may hold a
/// password.
result<proxy_url> parse_proxy_url(std::string_view text);

/// The host as WHATWG's URL standard reads it: lower case, IPv4 in any spelling as dotted decimal,
/// IPv6 shortened (RFC 5952) and without brackets, one final dot dropped.
result<std::string> normalise_host(std::string_view host);

/// `text` as one path segment: everything but RFC 3986's unreserved characters is encoded, "/" too.
/// errc::invalid_request for "", "." and "..", which no encoding makes harmless.
result<std::string> encode_segment(std::string_view text);
/// Adds "?name=value" or "&name=value" with both sides encoded.
void append_query(std::string& target, std::string_view name, std::string_view value);

}  // namespace ark::wire
