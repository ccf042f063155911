#include "wire/address.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <boost/url/ipv4_address.hpp>
#include <boost/url/ipv6_address.hpp>
#include <span>

namespace ark::wire {
namespace {

struct block {
  std::array<std::uint8_t, 16> prefix;
  unsigned bits;
  address_kind kind;
};

bool inside(std::span<const std::uint8_t> address, const block& b) noexcept {
  for (unsigned i = 0; i < b.bits; i += 8) {
    const unsigned left = b.bits - i;
    const auto mask = static_cast<std::uint8_t>(left >= 8 ? 0xFF : 0xFF << (8 - left));
    if ((address[i / 8] & mask) != b.prefix[i / 8]) return false;
  }
  return true;
}

// RFC 6890 and its registry.
constexpr block v4_blocks[] = {
    {{0}, 8, address_kind::unspecified},         {{10}, 8, address_kind::private_},
    {{100, 64}, 10, address_kind::private_},     {{127}, 8, address_kind::loopback},
    {{169, 254}, 16, address_kind::link_local},  {{172, 16}, 12, address_kind::private_},
    {{192, 0, 0}, 24, address_kind::reserved},   {{192, 0, 2}, 24, address_kind::reserved},
    {{192, 88, 99}, 24, address_kind::reserved}, {{192, 168}, 16, address_kind::private_},
    {{198, 18}, 15, address_kind::reserved},     {{198, 51, 100}, 24, address_kind::reserved},
    {{203, 0, 113}, 24, address_kind::reserved}, {{224}, 3, address_kind::reserved},
};

constexpr block v6_blocks[] = {
    {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 128, address_kind::unspecified},
    {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 128, address_kind::loopback},
    {{0}, 8, address_kind::reserved},
    {{0x01}, 8, address_kind::reserved},
    {{0x20, 0x01, 0x00}, 23, address_kind::reserved},
    {{0x20, 0x01, 0x0D, 0xB8}, 32, address_kind::reserved},
    {{0xFC}, 7, address_kind::private_},
    {{0xFE, 0x80}, 10, address_kind::link_local},
    {{0xFE, 0xC0}, 10, address_kind::private_},
    {{0xFF}, 8, address_kind::reserved},
};

/// Prefixes that carry an IPv4 address, and where in the address it is.
struct embedding {
  block prefix;
  std::size_t offset;
};
constexpr embedding embeddings[] = {
    {{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF}, 96, address_kind::global}, 12},  // mapped
    {{{0x00, 0x64, 0xFF, 0x9B}, 96, address_kind::global}, 12},                    // NAT64
    {{{0x20, 0x02}, 16, address_kind::global}, 2},                                 // 6to4
};

}  // namespace

std::string_view to_string(address_kind value) noexcept {
  switch (value) {
    case address_kind::global:
      return "global";
    case address_kind::loopback:
      return "loopback";
    case address_kind::private_:
      return "private";
    case address_kind::link_local:
      return "link-local";
    case address_kind::unspecified:
      return "unspecified";
    case address_kind::reserved:
      return "reserved";
  }
  return "reserved";
}

address_kind classify(const ipv4_bytes& address) noexcept {
  for (const block& b : v4_blocks)
    if (inside(address, b)) return b.kind;
  return address_kind::global;
}

address_kind classify(const ipv6_bytes& address) noexcept {
  for (const embedding& e : embeddings) {
    if (!inside(address, e.prefix)) continue;
    ipv4_bytes inner{};
    std::copy_n(address.begin() + static_cast<std::ptrdiff_t>(e.offset), inner.size(),
                inner.begin());
    return classify(inner);
  }
  for (const block& b : v6_blocks)
    if (inside(address, b)) return b.kind;
  return address_kind::global;
}

std::optional<address_kind> classify_host(std::string_view host) noexcept {
  const boost::urls::string_view text(host.data(), host.size());
  if (const auto v4 = boost::urls::parse_ipv4_address(text)) return classify(v4->to_bytes());
  if (const auto v6 = boost::urls::parse_ipv6_address(text)) return classify(v6->to_bytes());
  constexpr std::string_view local = "localhost";
  if (host.size() < local.size()) return std::nullopt;
  const std::size_t before = host.size() - local.size();
  if (text::same_ignoring_case(host.substr(before), local) &&
      (before == 0 || host[before - 1] == '.'))
    return address_kind::loopback;  // RFC 6761
  return std::nullopt;
}

}  // namespace ark::wire
