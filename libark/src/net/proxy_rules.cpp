#include "net/proxy_rules.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <charconv>

namespace ark::net {
namespace {

/// Takes ":443" off the end of `entry`; false if it names another port. An IPv6 address has colons
/// of its own: with a port it stands in brackets.
bool take_port(std::string_view& entry, std::uint16_t wanted) noexcept {
  const auto colon = entry.rfind(':');
  const bool has_port = colon != std::string_view::npos &&
                        (entry.find(':') == colon || (colon > 0 && entry[colon - 1] == ']'));
  if (!has_port) return true;
  std::uint16_t port = 0;
  const auto digits = entry.substr(colon + 1);
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  entry = entry.substr(0, colon);
  return failed == std::errc{} && end == digits.data() + digits.size() && port == wanted;
}

bool matches(std::string_view entry, const wire::origin& to) noexcept {
  if (entry == "*") return true;
  if (!take_port(entry, to.port)) return false;
  if (entry.starts_with('[') && entry.ends_with(']')) entry = entry.substr(1, entry.size() - 2);
  if (entry.starts_with("*.")) entry.remove_prefix(1);
  if (entry.starts_with('.')) entry.remove_prefix(1);
  if (entry.empty() || entry.size() > to.host.size()) return false;
  const std::string_view host = to.host;
  const auto before = host.size() - entry.size();
  if (!text::same_ignoring_case(host.substr(before), entry)) return false;
  return before == 0 || host[before - 1] == '.';
}

}  // namespace

bool bypasses_proxy(std::string_view no_proxy, const wire::origin& to) noexcept {
  constexpr std::string_view between = ", \t";
  while (true) {
    const auto begin = no_proxy.find_first_not_of(between);
    if (begin == std::string_view::npos) return false;
    no_proxy.remove_prefix(begin);
    const auto end = std::min(no_proxy.find_first_of(between), no_proxy.size());
    if (matches(no_proxy.substr(0, end), to)) return true;
    no_proxy.remove_prefix(end);
  }
}

}  // namespace ark::net
