#include "cli/exit_code.hpp"

namespace ark::cli {

exit_code exit_code_of(const error& failure) noexcept {
  // The same code may come from the vendor (with an HTTP status) or from before sending.
  const bool from_vendor = failure.http_status != 0;
  switch (failure.code) {
    case errc::cancelled:
      return exit_code::interrupted;
    case errc::no_candidate:
    case errc::budget:
      return exit_code::no;
    case errc::config:
    case errc::unsupported:
      return exit_code::usage;
    case errc::invalid_request:
    case errc::auth:
    case errc::not_found:
    case errc::context_length:
      return from_vendor ? exit_code::vendor : exit_code::usage;
    case errc::permission:
    case errc::content_filter:
    case errc::rate_limit:
    case errc::quota:
    case errc::overloaded:
    case errc::server:
    case errc::timeout:
    case errc::network:
    case errc::tls:
    case errc::truncated:
    case errc::protocol:
    case errc::too_large:
    case errc::ledger:
    case errc::internal:
    case errc::circuit_open:
      return exit_code::vendor;
  }
  return exit_code::vendor;
}

}  // namespace ark::cli
