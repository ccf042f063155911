#pragma once
#include <ark/secret.hpp>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <memory>
#include <string>

namespace ark::sign {

/// Made when the tests run: no private key lies in the tree.
struct rsa_pair {
  std::shared_ptr<EVP_PKEY> key;
  secret pem;

  bool verifies(const std::string& input, const std::string& signature) const {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                          &EVP_MD_CTX_free);
    const auto bytes = [](const std::string& s) {
      return reinterpret_cast<const unsigned char*>(s.data());
    };
    return EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1 &&
           EVP_DigestVerify(context.get(), bytes(signature), signature.size(), bytes(input),
                            input.size()) == 1;
  }
};

inline secret pem_of(EVP_PKEY* key, const std::string& passphrase) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), &BIO_free);
  const auto* words = reinterpret_cast<const unsigned char*>(passphrase.data());
  PEM_write_bio_PrivateKey(out.get(), key, passphrase.empty() ? nullptr : EVP_aes_128_cbc(),
                           passphrase.empty() ? nullptr : words,
                           static_cast<int>(passphrase.size()), nullptr, nullptr);
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return secret(std::string(text, static_cast<std::size_t>(size)));
}

/// The same pair for all tests of a run: making one takes half a second.
inline const rsa_pair& some_rsa_pair() {
  static const rsa_pair pair = [] {
    rsa_pair out;
    out.key = {EVP_RSA_gen(2048), &EVP_PKEY_free};
    out.pem = pem_of(out.key.get(), "");
    return out;
  }();
  return pair;
}

inline secret make_ec_pem() {
  const std::shared_ptr<EVP_PKEY> key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
  return pem_of(key.get(), "");
}

}  // namespace ark::sign
