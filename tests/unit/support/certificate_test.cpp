#include "sim/certificate.hpp"

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace ark::testing {

namespace {
X509* parse(const std::string& pem) {
  BIO* bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  X509* out = PEM_read_bio_X509(bio, nullptr, nullptr, nullptr);
  BIO_free(bio);
  return out;
}
}  // namespace

TEST(certificate, is_signed_by_its_authority_for_loopback_names) {
  const auto made = make_certificate().value();
  X509* leaf = parse(made.certificate_pem);
  X509* ca = parse(made.ca_pem);
  ASSERT_NE(leaf, nullptr);
  ASSERT_NE(ca, nullptr);
  X509_STORE* store = X509_STORE_new();
  X509_STORE_add_cert(store, ca);
  X509_STORE_CTX* context = X509_STORE_CTX_new();
  X509_STORE_CTX_init(context, store, leaf, nullptr);
  EXPECT_EQ(X509_verify_cert(context), 1);
  EXPECT_EQ(X509_check_host(leaf, "localhost", 0, 0, nullptr), 1);
  EXPECT_EQ(X509_check_ip_asc(leaf, "127.0.0.1", 0), 1);
  EXPECT_EQ(X509_check_host(leaf, "example.com", 0, 0, nullptr), 0);
  X509_STORE_CTX_free(context);
  X509_STORE_free(store);
  X509_free(ca);
  X509_free(leaf);
  EXPECT_NE(made.key_pem.find("PRIVATE KEY"), std::string::npos);
}

TEST(certificate, each_is_new) {
  EXPECT_NE(make_certificate().value().ca_pem, make_certificate().value().ca_pem);
}

}  // namespace ark::testing
