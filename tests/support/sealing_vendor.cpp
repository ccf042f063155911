#include "tests/support/sealing_vendor.hpp"

#include "wire/base64.hpp"

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <array>

namespace ark::testing {
namespace {

constexpr long new_year_2026 = 1'767'225'600;
constexpr int tag_bytes = 16;

std::string pem_of(X509* certificate) {
  BIO* out = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(out, certificate);
  char* data = nullptr;
  const long size = BIO_get_mem_data(out, &data);
  std::string text(data, static_cast<std::size_t>(size));
  BIO_free(out);
  return text;
}

void extend(X509* to, int kind, const std::string& value) {
  X509_EXTENSION* made = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str());
  X509_add_ext(to, made, -1);
  X509_EXTENSION_free(made);
}

X509* new_certificate(const char* subject, EVP_PKEY* key, const certificate_plan& plan) {
  X509* out = X509_new();
  X509_set_version(out, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(out), 1);
  ASN1_TIME_set(X509_getm_notBefore(out), new_year_2026 + plan.begins.count());
  ASN1_TIME_set(X509_getm_notAfter(out), new_year_2026 + plan.ends.count());
  X509_set_pubkey(out, key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(out), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(subject), -1, -1, 0);
  return out;
}

unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

std::string unpacked(std::string_view base64) {
  const auto bytes = wire::base64_decode(base64);
  return bytes ? *bytes : std::string{};
}

EVP_PKEY* peer_key(std::string point) {
  OSSL_PARAM params[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, const_cast<char*>("P-256"), 0),
      OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()),
      OSSL_PARAM_construct_end()};
  EVP_PKEY* out = nullptr;
  EVP_PKEY_CTX* context = EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr);
  if (EVP_PKEY_fromdata_init(context) == 1)
    EVP_PKEY_fromdata(context, &out, EVP_PKEY_PUBLIC_KEY, params);
  EVP_PKEY_CTX_free(context);
  return out;
}

/// Key and nonce: 44 bytes.
std::string agreed(EVP_PKEY* own, std::string_view session_token) {
  EVP_PKEY* peer = peer_key(unpacked(session_token));
  std::string shared(32, '\0'), out(44, '\0');
  std::size_t size = shared.size();
  EVP_PKEY_CTX* derive = EVP_PKEY_CTX_new(own, nullptr);
  EVP_PKEY_derive_init(derive);
  EVP_PKEY_derive_set_peer(derive, peer);
  EVP_PKEY_derive(derive, bytes_of(shared), &size);
  EVP_PKEY_CTX_free(derive);
  EVP_PKEY_free(peer);

  EVP_KDF* kind = EVP_KDF_fetch(nullptr, "HKDF", nullptr);
  EVP_KDF_CTX* hkdf = EVP_KDF_CTX_new(kind);
  OSSL_PARAM params[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, const_cast<char*>("SHA256"), 0),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, shared.data(), shared.size()),
      OSSL_PARAM_construct_end()};
  EVP_KDF_derive(hkdf, bytes_of(out), out.size(), params);
  EVP_KDF_CTX_free(hkdf);
  EVP_KDF_free(kind);
  return out;
}

}  // namespace

struct sealing_vendor::keys {
  EVP_PKEY* own = EVP_EC_gen("P-256");
  EVP_PKEY* authority = EVP_EC_gen("P-256");
  ~keys() {
    EVP_PKEY_free(own);
    EVP_PKEY_free(authority);
  }
};

sealing_vendor::sealing_vendor(const certificate_plan& plan) : keys_(std::make_unique<keys>()) {
  X509* root = new_certificate(plan.authority.c_str(), keys_->authority, {.ends = plan.ends});
  X509_set_issuer_name(root, X509_get_subject_name(root));
  extend(root, NID_basic_constraints, "critical,CA:TRUE");
  X509_sign(root, keys_->authority, EVP_sha256());
  X509* leaf = new_certificate("test enclave", keys_->own, plan);
  X509_set_issuer_name(leaf, X509_get_subject_name(root));
  std::string names;
  for (const std::string& name : plan.dns_names) names += (names.empty() ? "DNS:" : ",DNS:") + name;
  if (!names.empty()) extend(leaf, NID_subject_alt_name, names);
  X509_sign(leaf, keys_->authority, EVP_sha256());
  certificate_ = pem_of(leaf);
  authority_ = pem_of(root);
  X509_free(leaf);
  X509_free(root);
}

sealing_vendor::~sealing_vendor() = default;

std::string sealing_vendor::open(std::string_view session_token, std::string_view base64) const {
  const std::string with = agreed(keys_->own, session_token);
  std::string sealed = unpacked(base64);
  if (sealed.size() < tag_bytes) return "?";
  const auto size = static_cast<int>(sealed.size()) - tag_bytes;
  std::string out(static_cast<std::size_t>(size), '\0');
  int written = 0;
  std::array<unsigned char, 16> end{};
  EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
  const auto* key = reinterpret_cast<const unsigned char*>(with.data());
  EVP_DecryptInit_ex(context, EVP_aes_256_gcm(), nullptr, key, key + 32);
  EVP_DecryptUpdate(context, bytes_of(out), &written, bytes_of(sealed), size);
  EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, tag_bytes, sealed.data() + size);
  const bool good = EVP_DecryptFinal_ex(context, end.data(), &written) == 1;
  EVP_CIPHER_CTX_free(context);
  return good ? out : "?";
}

std::string sealing_vendor::seal(std::string_view session_token, std::string_view plain) const {
  const std::string with = agreed(keys_->own, session_token);
  std::string out(plain.size() + tag_bytes, '\0');
  int written = 0;
  EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
  const auto* key = reinterpret_cast<const unsigned char*>(with.data());
  EVP_EncryptInit_ex(context, EVP_aes_256_gcm(), nullptr, key, key + 32);
  EVP_EncryptUpdate(context, bytes_of(out), &written,
                    reinterpret_cast<const unsigned char*>(plain.data()),
                    static_cast<int>(plain.size()));
  EVP_EncryptFinal_ex(context, bytes_of(out) + written, &written);
  EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, tag_bytes, out.data() + plain.size());
  EVP_CIPHER_CTX_free(context);
  return wire::base64_encode(out);
}

}  // namespace ark::testing
