#pragma once
#include <ark/result.hpp>

#include <string>

namespace ark::testing {

/// A server's certificate and the authority that signed it, all PEM.
struct certificate {
  std::string certificate_pem;
  std::string key_pem;
  std::string ca_pem;
};

/// Makes an authority of its own and a certificate for localhost, 127.0.0.1 and ::1 (ECDSA P-256,
/// valid for a day). The authority's key is thrown away. errc::tls if OpenSSL refuses.
result<certificate> make_certificate();

}  // namespace ark::testing
