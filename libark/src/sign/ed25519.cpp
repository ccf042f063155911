#include "sign/ed25519.hpp"

#include "base/text.hpp"
#include "wire/base64.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <memory>
#include <string>

namespace ark::sign {
namespace {

constexpr std::size_t key_bytes = 32, signature_bytes = 64;

struct free_ed25519 {
  void operator()(BIO* p) const { BIO_free(p); }
  void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
  void operator()(EVP_MD_CTX* p) const { EVP_MD_CTX_free(p); }
};
template <class T>
using ed25519_ptr = std::unique_ptr<T, free_ed25519>;

const unsigned char* octets(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string_view without_space(std::string_view text) {
  constexpr std::string_view space = " \t\r\n";
  const auto begin = text.find_first_not_of(space);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(space) - begin + 1);
}

/// Without one OpenSSL asks for the passphrase on the terminal.
int no_passphrase_for_key(char*, int, int, void*) { return -1; }

ed25519_ptr<EVP_PKEY> read_public_key(std::string_view text) {
  if (text.size() == key_bytes)
    return ed25519_ptr<EVP_PKEY>(
        EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, octets(text), text.size()));
  if (text.size() > 100'000) return nullptr;
  const ed25519_ptr<BIO> in(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  if (in == nullptr) return nullptr;
  ed25519_ptr<EVP_PKEY> key(PEM_read_bio_PUBKEY(in.get(), nullptr, no_passphrase_for_key, nullptr));
  if (key != nullptr && EVP_PKEY_is_a(key.get(), "ED25519") != 1) key.reset();
  return key;
}

std::string from_hex(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    const int high = text::hex_value(text[i]), low = text::hex_value(text[i + 1]);
    if (high < 0 || low < 0) return {};
    out += static_cast<char>(high * 16 + low);
  }
  return out;
}

/// Its 64 bytes, or "".
std::string read_signature(std::string_view text) {
  if (text.size() == signature_bytes) return std::string(text);
  const std::string_view written = without_space(text);
  if (written.size() == 2 * signature_bytes) return from_hex(written);
  const auto decoded = wire::base64_decode(written);
  return decoded && decoded->size() == signature_bytes ? *decoded : std::string{};
}

error unreadable(const char* what) { return {.code = errc::config, .message = what}; }

}  // namespace

result<void> check_ed25519(std::string_view message, std::string_view signature,
                           std::string_view public_key) {
  const ed25519_ptr<EVP_PKEY> key = read_public_key(public_key);
  ERR_clear_error();
  if (key == nullptr)
    return unreadable(
        "the public key is no Ed25519 key: give PEM, as `openssl pkey -pubout` writes it");
  const std::string bytes = read_signature(signature);
  if (bytes.empty())
    return unreadable("the signature is none of Ed25519: 64 bytes, or those in base64 or hex");
  const ed25519_ptr<EVP_MD_CTX> context(EVP_MD_CTX_new());
  const bool valid =
      context != nullptr &&
      EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
      EVP_DigestVerify(context.get(), octets(bytes), bytes.size(), octets(message),
                       message.size()) == 1;
  ERR_clear_error();
  if (valid) return {};
  return error{.code = errc::auth,
               .message = "the signature is not that key's of this file: one of them was changed"};
}

}  // namespace ark::sign
