#include "tests/support/wrapping_vendor.hpp"

#include "wire/base64.hpp"

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

namespace ark::testing {
namespace wrapping {

constexpr int gcm_tag_bytes = 16, key_bits = 2048;

const unsigned char* raw(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* raw(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

struct cipher {
  EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
  cipher() = default;
  cipher(const cipher&) = delete;
  cipher& operator=(const cipher&) = delete;
  ~cipher() { EVP_CIPHER_CTX_free(context); }
};

}  // namespace wrapping

using namespace wrapping;

struct wrapping_vendor::keys {
  EVP_PKEY* pair = EVP_RSA_gen(key_bits);
  keys() = default;
  keys(const keys&) = delete;
  keys& operator=(const keys&) = delete;
  ~keys() { EVP_PKEY_free(pair); }
};

wrapping_vendor::wrapping_vendor() : keys_(std::make_unique<keys>()) {
  std::string der(static_cast<std::size_t>(i2d_PUBKEY(keys_->pair, nullptr)), '\0');
  unsigned char* at = raw(der);
  i2d_PUBKEY(keys_->pair, &at);
  public_key_ = wire::base64_encode(der);
}

wrapping_vendor::~wrapping_vendor() = default;

std::string wrapping_vendor::unwrap(std::string_view base64) const {
  const auto bytes = wire::base64_decode(base64);
  std::string out(key_bits / 8, '\0');
  std::size_t size = out.size();
  EVP_PKEY_CTX* context = EVP_PKEY_CTX_new(keys_->pair, nullptr);
  const bool is_read = bytes && EVP_PKEY_decrypt_init(context) == 1 &&
                       EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1 &&
                       EVP_PKEY_decrypt(context, raw(out), &size, raw(*bytes), bytes->size()) == 1;
  EVP_PKEY_CTX_free(context);
  return is_read ? out.substr(0, size) : "?";
}

std::string wrapping_vendor::open(std::string_view key, std::string_view nonce,
                                  std::string_view base64) {
  const auto bytes = wire::base64_decode(base64);
  if (!bytes || bytes->size() < gcm_tag_bytes || key.size() != 32 || nonce.size() != 12) return "?";
  const std::size_t size = bytes->size() - gcm_tag_bytes;
  std::string out(size, '\0'), tag = bytes->substr(size);
  int written = 0;
  const cipher c;
  EVP_DecryptInit_ex(c.context, EVP_aes_256_gcm(), nullptr, raw(key), raw(nonce));
  EVP_DecryptUpdate(c.context, raw(out), &written, raw(*bytes), static_cast<int>(size));
  EVP_CIPHER_CTX_ctrl(c.context, EVP_CTRL_GCM_SET_TAG, gcm_tag_bytes, tag.data());
  return EVP_DecryptFinal_ex(c.context, raw(out) + size, &written) == 1 ? out : "?";
}

std::string wrapping_vendor::seal(std::string_view key, std::string_view nonce,
                                  std::string_view plain) {
  std::string out(plain.size() + gcm_tag_bytes, '\0');
  int written = 0;
  const cipher c;
  EVP_EncryptInit_ex(c.context, EVP_aes_256_gcm(), nullptr, raw(key), raw(nonce));
  EVP_EncryptUpdate(c.context, raw(out), &written, raw(plain), static_cast<int>(plain.size()));
  EVP_EncryptFinal_ex(c.context, raw(out) + plain.size(), &written);
  EVP_CIPHER_CTX_ctrl(c.context, EVP_CTRL_GCM_GET_TAG, gcm_tag_bytes, raw(out) + plain.size());
  return wire::base64_encode(out);
}

}  // namespace ark::testing
