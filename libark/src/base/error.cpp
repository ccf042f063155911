#include <ark/result.hpp>
#include <ark/version.hpp>

#include <array>

namespace ark {

std::string_view version() noexcept { return ARK_VERSION; }

std::string_view to_string(errc code) noexcept {
  static constexpr std::array<std::string_view, 24> names = {
      "invalid_request", "auth",   "permission", "not_found",   "context_length", "content_filter",
      "rate_limit",      "quota",  "overloaded", "server",      "timeout",        "cancelled",
      "network",         "tls",    "truncated",  "protocol",    "too_large",      "no_candidate",
      "budget",          "ledger", "config",     "unsupported", "internal",       "circuit_open"};
  const auto i = static_cast<std::size_t>(code);
  return i < names.size() ? names[i] : "internal";
}

std::string_view to_string(retry_class value) noexcept {
  switch (value) {
    case retry_class::never:
      return "never";
    case retry_class::safe:
      return "safe";
    case retry_class::maybe_billed:
      return "maybe_billed";
    case retry_class::after:
      return "after";
  }
  return "never";
}

std::string to_string(const error& value) {
  std::string out{to_string(value.code)};
  out += ": ";
  out += value.message;
  if (value.http_status != 0) out += " [HTTP " + std::to_string(value.http_status) + "]";
  if (!value.vendor_code.empty()) out += " [" + value.vendor_code + "]";
  if (!value.request_id.empty()) out += " [request " + value.request_id + "]";
  return out;
}

exception::exception(ark::error value)
    : std::runtime_error(ark::to_string(value)), error_(std::move(value)) {}
exception::~exception() = default;

void throw_error(const error& value) { throw exception(value); }

}  // namespace ark
