#include "net/failures.hpp"
#include "net/tls.hpp"

namespace ark::net {

result<std::unique_ptr<tls_context>> make_tls_context(const network_options&) {
  return failure(
      errc::unsupported, retry_class::never,
      "This build of libark has no TLS; build it with -Dtls=true or use an http:// URL.");
}

}  // namespace ark::net
