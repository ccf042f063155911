#include "wire/http_types.hpp"

#include "base/text.hpp"

namespace ark::wire {

std::string_view find_header(const header_list& headers, std::string_view name) noexcept {
  for (const header_field& field : headers)
    if (text::same_ignoring_case(field.name, name)) return field.value;
  return {};
}

bool has_header(const header_list& headers, std::string_view name) noexcept {
  for (const header_field& field : headers)
    if (text::same_ignoring_case(field.name, name)) return true;
  return false;
}

std::string origin::to_string() const {
  std::string out = tls ? "https://" : "http://";
  const bool v6 = host.find(':') != std::string::npos;
  if (v6) out += '[';
  out += host;
  if (v6) out += ']';
  if (port != (tls ? 443 : 80)) out += ":" + std::to_string(port);
  return out;
}

}  // namespace ark::wire
