#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace ark::wire {

/// What kind of place an IP address is, by the IANA special-purpose registries.
enum class address_kind : std::uint8_t {
  global,  ///< the public internet
  loopback,
  private_,     ///< RFC 1918, unique local, carrier-grade NAT
  link_local,   ///< also where clouds keep their metadata service
  unspecified,  ///< 0.0.0.0/8 and ::, which connect to this machine
  reserved,     ///< multicast, documentation, benchmarking, broadcast, not assigned
};
std::string_view to_string(address_kind value) noexcept;

using ipv4_bytes = std::array<std::uint8_t, 4>;
using ipv6_bytes = std::array<std::uint8_t, 16>;

address_kind classify(const ipv4_bytes& address) noexcept;
/// An IPv4 address inside (mapped, NAT64, 6to4) is what counts.
address_kind classify(const ipv6_bytes& address) noexcept;
/// Of a host as in `origin::host`: an address in text, or "localhost" and names under it. Nothing
/// for other names: classify what they resolve to, at the connection.
std::optional<address_kind> classify_host(std::string_view host) noexcept;

}  // namespace ark::wire
