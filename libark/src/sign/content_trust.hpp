#pragma once
#include "wire/http_time.hpp"

#include <ark/result.hpp>

#include <string_view>

namespace ark::sign {

/// Why a certificate may be believed, beside the connection that brought it.
struct content_trust {
  std::string_view
      authorities;        ///< PEM; the chain must end in one of them. "": no chain is checked
  std::string_view host;  ///< a DNS name that the certificate must bear; "": any
};

/// `pem` is the certificate, and those between it and its authority if need be. errc::tls, with
/// what to do, when it is not valid at `at`, is not of these authorities or not of this host;
/// errc::config when `authorities` cannot be read. Pure: the system's authorities are not asked.
result<void> check_certificate(std::string_view pem, const content_trust& trust,
                               wire::wall_time at);

}  // namespace ark::sign
