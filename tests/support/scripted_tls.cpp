#include "tests/support/scripted_tls.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <unistd.h>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

namespace ark::testing {

struct key_deleter {
  void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
};
struct certificate_deleter {
  void operator()(X509* p) const { X509_free(p); }
};
using key_ptr = std::unique_ptr<EVP_PKEY, key_deleter>;
using certificate_ptr = std::unique_ptr<X509, certificate_deleter>;

namespace {

void add_extension(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* made = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
  if (made == nullptr) throw std::runtime_error("bad certificate extension");
  X509_add_ext(certificate, made, -1);
  X509_EXTENSION_free(made);
}

certificate_ptr make_certificate(EVP_PKEY* key, const std::string& name, X509* issuer,
                                 EVP_PKEY* issuer_key, bool expired) {
  static long serial = ::getpid() * 1000L;
  certificate_ptr made(X509_new());
  X509* const c = made.get();
  X509_set_version(c, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(c), ++serial);
  constexpr long day = 24 * 3600;
  X509_gmtime_adj(X509_getm_notBefore(c), expired ? -10 * day : -day);
  X509_gmtime_adj(X509_getm_notAfter(c), expired ? -5 * day : day);
  X509_set_pubkey(c, key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(c), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509_set_issuer_name(c, X509_get_subject_name(issuer != nullptr ? issuer : c));
  if (issuer == nullptr) {
    add_extension(c, c, NID_basic_constraints, "critical,CA:TRUE");
    add_extension(c, c, NID_key_usage, "critical,keyCertSign,digitalSignature");
  }
  if (issuer != nullptr || issuer_key == key) {
    const std::string number = name == "localhost" ? ",IP:127.0.0.1" : "";
    add_extension(c, issuer != nullptr ? issuer : c, NID_subject_alt_name, "DNS:" + name + number);
  }
  X509_sign(c, issuer_key, EVP_sha256());
  return made;
}

}  // namespace

struct test_authority::parts {
  key_ptr key{EVP_EC_gen("P-256")};
  certificate_ptr certificate =
      make_certificate(key.get(), "Test authority", nullptr, key.get(), false);
};

test_authority::test_authority() : parts_(std::make_unique<parts>()) {
  char name[] = "/tmp/ark-test-ca-XXXXXX";
  const int fd = ::mkstemp(name);
  if (fd < 0) throw std::runtime_error("no temporary file");
  file_ = name;
  FILE* const out = ::fdopen(fd, "w");
  PEM_write_X509(out, parts_->certificate.get());
  std::fclose(out);
}

test_authority::~test_authority() { ::unlink(file_.c_str()); }

server_tls::~server_tls() { SSL_CTX_free(static_cast<SSL_CTX*>(context_)); }

std::shared_ptr<const server_tls> test_authority::server(const certificate_options& options) const {
  const key_ptr key(EVP_EC_gen("P-256"));
  const bool own = options.self_signed;
  const certificate_ptr certificate =
      make_certificate(key.get(), options.host, own ? nullptr : parts_->certificate.get(),
                       own ? key.get() : parts_->key.get(), options.expired);
  SSL_CTX* const context = SSL_CTX_new(TLS_server_method());
  SSL_CTX_use_certificate(context, certificate.get());
  SSL_CTX_use_PrivateKey(context, key.get());
  if (options.max_tls_version != 0) {
    SSL_CTX_set_security_level(context, 0);  // OpenSSL 3 refuses TLS 1.1 otherwise
    SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context, options.max_tls_version);
  }
  return std::make_shared<server_tls>(context);
}

void* accept_tls(const server_tls& tls, int fd) {
  SSL* const ssl = SSL_new(static_cast<SSL_CTX*>(tls.context()));
  SSL_set_fd(ssl, fd);
  if (SSL_accept(ssl) == 1) return ssl;
  SSL_free(ssl);
  return nullptr;
}

}  // namespace ark::testing
