#include "sign/content_trust.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <chrono>
#include <climits>
#include <memory>
#include <new>

namespace ark::sign {
namespace {

struct trust_free {
  void operator()(BIO* p) const { BIO_free(p); }
  void operator()(X509* p) const { X509_free(p); }
  void operator()(X509_STORE* p) const { X509_STORE_free(p); }
  void operator()(X509_STORE_CTX* p) const { X509_STORE_CTX_free(p); }
  void operator()(STACK_OF(X509) * p) const { sk_X509_pop_free(p, X509_free); }
};
template <class T>
using trust_owned = std::unique_ptr<T, trust_free>;
using certificates = trust_owned<STACK_OF(X509)>;

template <class T>
trust_owned<T> trust_not_null(T* made) {
  if (made == nullptr) throw std::bad_alloc();
  return trust_owned<T>(made);
}

error not_trusted(std::string_view why) {
  ERR_clear_error();
  return {.code = errc::tls,
          .retry = retry_class::never,
          .message = "the certificate for encrypted content " + std::string(why)};
}

/// All certificates of a PEM text, in their order.
certificates read_all(std::string_view pem) {
  certificates all = trust_not_null(sk_X509_new_null());
  if (pem.size() > INT_MAX) return all;
  const auto in = trust_not_null(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  while (X509* next = PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr))
    if (sk_X509_push(all.get(), next) == 0) X509_free(next);
  ERR_clear_error();  // the end of the text is told as an error
  return all;
}

result<void> check_dates(const X509* leaf, std::time_t at) {
  std::time_t when = at;
  if (X509_cmp_time(X509_get0_notBefore(leaf), &when) >= 0)
    return not_trusted("is not valid yet: look at this machine's clock");
  if (X509_cmp_time(X509_get0_notAfter(leaf), &when) <= 0)
    return not_trusted("has expired: leave it out, so that the vendor's is fetched, or renew it");
  return {};
}

result<void> check_chain(STACK_OF(X509) * chain, std::string_view authorities, std::time_t at) {
  const auto trusted = read_all(authorities);
  if (sk_X509_num(trusted.get()) == 0)
    return error{.code = errc::config,
                 .message = "the authorities for encrypted content are no PEM certificates"};
  const auto store = trust_not_null(X509_STORE_new());
  for (int i = 0; i < sk_X509_num(trusted.get()); ++i)
    X509_STORE_add_cert(store.get(), sk_X509_value(trusted.get(), i));
  const auto context = trust_not_null(X509_STORE_CTX_new());
  if (X509_STORE_CTX_init(context.get(), store.get(), sk_X509_value(chain, 0), chain) != 1)
    throw std::bad_alloc();
  // The certificate itself, or an authority between, may be the one that is trusted.
  X509_STORE_CTX_set_flags(context.get(), X509_V_FLAG_PARTIAL_CHAIN);
  X509_STORE_CTX_set_time(context.get(), 0, at);
  if (X509_verify_cert(context.get()) == 1) return {};
  return not_trusted(std::string("is not of the authorities that were given (") +
                     X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get())) + ")");
}

}  // namespace

result<void> check_certificate(std::string_view pem, const content_trust& trust,
                               wire::wall_time at) {
  const auto all = read_all(pem);
  if (sk_X509_num(all.get()) == 0) return not_trusted("is no PEM certificate");
  X509* leaf = sk_X509_value(all.get(), 0);
  const std::time_t when = std::chrono::system_clock::to_time_t(at);
  if (auto ok = check_dates(leaf, when); !ok) return ok;
  if (!trust.authorities.empty())
    if (auto ok = check_chain(all.get(), trust.authorities, when); !ok) return ok;
  if (trust.host.empty() ||
      X509_check_host(leaf, trust.host.data(), trust.host.size(), 0, nullptr) == 1)
    return {};
  return not_trusted("does not bear the name that was asked for");
}

}  // namespace ark::sign
