#include "sim/certificate.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <memory>

namespace ark::testing {

namespace {

template <auto Free>
struct deleter {
  template <class T>
  void operator()(T* p) const noexcept {
    Free(p);
  }
};
using key_ptr = std::unique_ptr<EVP_PKEY, deleter<EVP_PKEY_free>>;
using x509_ptr = std::unique_ptr<X509, deleter<X509_free>>;
using bio_ptr = std::unique_ptr<BIO, deleter<BIO_free_all>>;

constexpr long valid_seconds = 24 * 3600;
constexpr long clock_slack_seconds = 300;

bool add_extension(X509* target, X509* issuer, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, target, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value);
  const bool ok = extension && X509_add_ext(target, extension, -1) == 1;
  X509_EXTENSION_free(extension);
  return ok;
}

x509_ptr blank(EVP_PKEY* key, const char* name) {
  x509_ptr out(X509_new());
  unsigned char serial[8];
  if (!out || !key || RAND_bytes(serial, sizeof serial) != 1) return nullptr;
  long number = 0;
  for (const unsigned char byte : serial) number = (number << 8 | byte) & 0x7fffffffffffffff;
  X509_set_version(out.get(), 2);
  ASN1_INTEGER_set_int64(X509_get_serialNumber(out.get()), number);
  X509_gmtime_adj(X509_getm_notBefore(out.get()), -clock_slack_seconds);
  X509_gmtime_adj(X509_getm_notAfter(out.get()), valid_seconds);
  X509_set_pubkey(out.get(), key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(out.get()), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
  return out;
}

template <class Write>
std::string to_pem(const Write& write) {
  bio_ptr memory(BIO_new(BIO_s_mem()));
  if (!memory || write(memory.get()) != 1) return {};
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

std::string pem_of(X509* x) {
  return to_pem([&](BIO* out) { return PEM_write_bio_X509(out, x); });
}

}  // namespace

result<certificate> make_certificate() {
  const error failed{.code = errc::tls,
                     .message = "OpenSSL could not make the simulator's certificate"};
  const key_ptr ca_key(EVP_EC_gen("P-256"));
  const key_ptr key(EVP_EC_gen("P-256"));
  const x509_ptr ca = blank(ca_key.get(), "ark simulator authority");
  const x509_ptr leaf = blank(key.get(), "localhost");
  if (!ca || !leaf) return failed;
  X509_set_issuer_name(ca.get(), X509_get_subject_name(ca.get()));
  X509_set_issuer_name(leaf.get(), X509_get_subject_name(ca.get()));
  const bool made =
      add_extension(ca.get(), ca.get(), NID_basic_constraints, "critical,CA:TRUE") &&
      add_extension(ca.get(), ca.get(), NID_key_usage, "critical,keyCertSign") &&
      add_extension(ca.get(), ca.get(), NID_subject_key_identifier, "hash") &&
      X509_sign(ca.get(), ca_key.get(), EVP_sha256()) > 0 &&
      add_extension(leaf.get(), ca.get(), NID_basic_constraints, "critical,CA:FALSE") &&
      add_extension(leaf.get(), ca.get(), NID_ext_key_usage, "serverAuth") &&
      add_extension(leaf.get(), ca.get(), NID_authority_key_identifier, "keyid") &&
      add_extension(leaf.get(), ca.get(), NID_subject_alt_name,
                    "DNS:localhost,IP:127.0.0.1,IP:::1") &&
      X509_sign(leaf.get(), ca_key.get(), EVP_sha256()) > 0;
  if (!made) return failed;
  certificate out;
  out.certificate_pem = pem_of(leaf.get());
  out.ca_pem = pem_of(ca.get());
  out.key_pem = to_pem([&](BIO* bio) {
    return PEM_write_bio_PKCS8PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  });
  if (out.certificate_pem.empty() || out.ca_pem.empty() || out.key_pem.empty()) return failed;
  return out;
}

}  // namespace ark::testing
