#include "wire/url.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <boost/url/encode.hpp>
#include <boost/url/ipv6_address.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <charconv>
#include <cstdint>
#include <optional>
#include <vector>

namespace ark::wire {
namespace {

namespace urls = boost::urls;

error bad(std::string_view why) {
  return {.code = errc::config, .message = "not a usable URL: " + std::string(why)};
}

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> out;
  for (;;) {
    const auto found = text.find(at);
    out.push_back(text.substr(0, found));
    if (found == std::string_view::npos) return out;
    text.remove_prefix(found + 1);
  }
}

/// "." or "..", plain or percent-encoded: clients and servers resolve those, each in its own way.
bool is_dot_segment(std::string_view segment) {
  std::size_t dots = 0;
  while (!segment.empty() && dots < 3) {
    const bool encoded =
        segment.size() >= 3 && segment.starts_with("%2") && text::to_lower(segment[2]) == 'e';
    if (!encoded && segment.front() != '.') return false;
    segment.remove_prefix(encoded ? 3 : 1);
    ++dots;
  }
  return segment.empty() && (dots == 1 || dots == 2);
}

/// One number of an IPv4 address: decimal, 0x hexadecimal or 0 octal, as inet_aton takes them.
std::optional<std::uint64_t> ipv4_number(std::string_view part) {
  int base = 10;
  if (part.size() >= 2 && part[0] == '0' && text::to_lower(part[1]) == 'x') {
    base = 16;
    part.remove_prefix(2);
    if (part.empty()) return 0;
  } else if (part.size() >= 2 && part[0] == '0') {
    base = 8;
  }
  std::uint64_t value = 0;
  const auto read = std::from_chars(part.data(), part.data() + part.size(), value, base);
  if (read.ec != std::errc{} || read.ptr != part.data() + part.size()) return std::nullopt;
  return value;
}

/// WHATWG, "ends in a number": such a host is an IPv4 address or nothing.
bool ends_in_number(std::string_view host) {
  const auto last = host.substr(host.rfind('.') + 1);
  return !last.empty() &&
         (std::all_of(last.begin(), last.end(), text::is_digit) ||
          (last.size() >= 2 && last[0] == '0' && last[1] == 'x' && ipv4_number(last).has_value()));
}

result<std::string> normalise_ipv4(std::string_view host) {
  const auto parts = split(host, '.');
  if (parts.size() > 4) return bad("an IPv4 address has at most four parts");
  std::uint64_t address = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto number = ipv4_number(parts[i]);
    // The last part fills all the bytes that are left.
    const std::size_t bytes = i + 1 == parts.size() ? 4 - i : 1;
    if (!number || *number >= std::uint64_t{1} << (8 * bytes))
      return bad("its host ends in a number and is no IPv4 address");
    address |= *number << (8 * (4 - i - bytes));
  }
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8)
    out += std::to_string(address >> shift & 255) + (shift > 0 ? "." : "");
  return out;
}

bool is_host_character(char c) {
  return text::is_alpha(c) || text::is_digit(c) || c == '-' || c == '_' || c == '.';
}

result<void> check_name(std::string_view host) {
  if (host.empty()) return bad("there is no host");
  if (host.size() > 253) return bad("its host is longer than 253 characters");
  if (!std::all_of(host.begin(), host.end(), is_host_character))
    return bad("its host has characters that a host name cannot have (write it in punycode)");
  for (const auto label : split(host, '.'))
    if (label.empty() || label.size() > 63) return bad("its host has an empty or too long part");
  return {};
}

result<std::uint16_t> port_of(const urls::url_view& url, bool tls) {
  if (!url.has_port() || url.port().empty()) return std::uint16_t(tls ? 443 : 80);
  const std::string_view digits(url.port().data(), url.port().size());
  std::uint16_t port = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (read.ec != std::errc{} || port == 0) return bad("its port is not between 1 and 65535");
  return port;
}

/// A WebSocket begins as HTTP: "wss" and "ws" are "https" and "http" (RFC 6455, 3).
result<origin> origin_of(const urls::url_view& url, bool may_be_websocket) {
  std::string scheme = text::lower({url.scheme().data(), url.scheme().size()});
  if (may_be_websocket && (scheme == "wss" || scheme == "ws"))
    scheme = scheme == "wss" ? "https" : "http";
  if (scheme != "https" && scheme != "http") return bad("it must begin with https:// or http://");
  if (!url.has_authority()) return bad("there is no host");
  // Boost.URL 1.81 reads "h:12x/" as port 12 and path "x/".
  if (!url.encoded_path().empty() && url.encoded_path().front() != '/')
    return bad("its port is not a number");
  const std::string_view encoded(url.encoded_host().data(), url.encoded_host().size());
  auto host = normalise_host(encoded);
  if (!host) return host.error();
  const bool tls = scheme == "https";
  const auto port = port_of(url, tls);
  if (!port) return port.error();
  return origin{tls, std::move(*host), *port};
}

}  // namespace

result<std::string> normalise_host(std::string_view host) {
  if (!host.empty() && host.front() == '[') {
    const auto inner = host.size() > 2 && host.back() == ']' ? host.substr(1, host.size() - 2)
                                                             : std::string_view{};
    const auto v6 = urls::parse_ipv6_address({inner.data(), inner.size()});
    if (!v6) return bad("what its brackets hold is no IPv6 address");
    return std::string(v6->to_string());
  }
  std::string name = text::lower(host);
  if (!name.empty() && name.back() == '.') name.pop_back();
  if (auto ok = check_name(name); !ok) return ok.error();
  if (ends_in_number(name)) return normalise_ipv4(name);
  return name;
}

result<base_url> parse_base_url(std::string_view text) {
  const auto parsed = urls::parse_uri({text.data(), text.size()});
  if (!parsed) return bad("write it as https://host/path");
  const urls::url_view url = *parsed;
  if (url.has_userinfo()) return bad("it must not hold a user or a password");
  if (url.has_query() || url.has_fragment())
    return bad("it must not have a query (\"?\") or a fragment (\"#\")");
  auto where = origin_of(url, true);
  if (!where) return where.error();
  std::string path(url.encoded_path().data(), url.encoded_path().size());
  while (!path.empty() && path.back() == '/') path.pop_back();
  // Not url.segments(): Boost.URL leaves out a "." at the beginning of a path.
  for (const auto segment : split(path, '/'))
    if (is_dot_segment(segment)) return bad("its path must not have dots as segments");
  return base_url{std::move(*where), std::move(path)};
}

result<proxy_url> parse_proxy_url(std::string_view text) {
  std::string whole(text);
  if (text.find("://") == std::string_view::npos) whole = "http://" + whole;
  const auto parsed = urls::parse_uri(whole);
  if (!parsed) return bad("write the proxy as http://host:port");
  const urls::url_view url = *parsed;
  if (url.encoded_path().size() > 1 || url.has_query() || url.has_fragment())
    return bad("a proxy has no path and no query");
  auto where = origin_of(url, false);
  if (!where) return where.error();
  return proxy_url{std::move(*where), url.user(), secret(url.password())};
}

result<std::string> encode_segment(std::string_view text) {
  if (text.empty() || text == "." || text == "..")
    return error{.code = errc::invalid_request,
                 .message = "\"" + std::string(text) + "\" cannot be a part of a path"};
  return std::string(urls::encode({text.data(), text.size()}, urls::unreserved_chars));
}

void append_query(std::string& target, std::string_view name, std::string_view value) {
  target += target.find('?') == std::string::npos ? '?' : '&';
  target += urls::encode({name.data(), name.size()}, urls::unreserved_chars);
  target += '=';
  target += urls::encode({value.data(), value.size()}, urls::unreserved_chars);
}

}  // namespace ark::wire
