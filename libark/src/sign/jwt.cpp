#include "sign/jwt.hpp"

#include "base/json.hpp"
#include "sign/canonical.hpp"
#include "sign/digest.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <climits>
#include <memory>
#include <new>

namespace ark::sign {
namespace {

struct free_with_openssl {
  void operator()(BIO* p) const { BIO_free(p); }
  void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
  void operator()(EVP_MD_CTX* p) const { EVP_MD_CTX_free(p); }
};
template <class T>
using openssl_ptr = std::unique_ptr<T, free_with_openssl>;

std::string signing_input(std::string_view header, std::string_view claims) {
  return base64url(header) + "." + base64url(claims);
}

/// Without one OpenSSL asks for the passphrase on the terminal.
int no_passphrase(char*, int, int, void*) { return -1; }

openssl_ptr<EVP_PKEY> read_rsa_key(const secret& pem) {
  const std::string_view text = pem.reveal_secret();
  if (text.empty() || text.size() > INT_MAX) return nullptr;
  const openssl_ptr<BIO> in(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  if (in == nullptr) throw std::bad_alloc();
  openssl_ptr<EVP_PKEY> key(PEM_read_bio_PrivateKey(in.get(), nullptr, no_passphrase, nullptr));
  if (key != nullptr && EVP_PKEY_is_a(key.get(), "RSA") != 1) key.reset();
  return key;
}

/// Empty if OpenSSL refuses the key, as it does below its security level.
std::string rsa_sha256(EVP_PKEY* key, std::string_view input) {
  const openssl_ptr<EVP_MD_CTX> context(EVP_MD_CTX_new());
  if (context == nullptr) throw std::bad_alloc();
  std::size_t size = 0;
  const auto* bytes = reinterpret_cast<const unsigned char*>(input.data());
  if (EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key) != 1 ||
      EVP_DigestSign(context.get(), nullptr, &size, bytes, input.size()) != 1)
    return {};
  std::string out(size, '\0');
  if (EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size, bytes,
                     input.size()) != 1)
    return {};
  out.resize(size);
  return out;
}

}  // namespace

result<secret> jwt_hs256(std::string_view header, std::string_view claims, const secret& key) {
  if (key.empty()) return error{.code = errc::auth, .message = "there is no key to sign with"};
  const std::string input = signing_input(header, claims);
  return joined({input, ".", base64url(hmac_sha256(key.reveal_secret(), input))});
}

result<secret> jwt_rs256(std::string_view header, std::string_view claims, const secret& pem) {
  const auto key = read_rsa_key(pem);
  const std::string input = signing_input(header, claims);
  const std::string signature = key ? rsa_sha256(key.get(), input) : std::string();
  // What OpenSSL says may quote the key; and nothing may be left for the next user of its queue.
  ERR_clear_error();
  if (signature.empty())
    return error{.code = errc::auth,
                 .message =
                     "the private key cannot sign: it must be an RSA key in PEM, without a "
                     "passphrase"};
  return joined({input, ".", base64url(signature)});
}

result<secret> api_key_token(const credentials& who, wire::wall_time at,
                             const api_key_token_options& options) {
  if (auto ok = check_credentials(who); !ok) return ok.error();
  const std::int64_t now_ms = at.time_since_epoch().count();
  std::string claims;
  json::writer(claims)
      .begin_object()
      .key("api_key")
      .string(who.id)
      .key("exp")
      .number(now_ms + options.valid_for.count())
      .key("timestamp")
      .number(now_ms)
      .end_object();
  return jwt_hs256(options.with_type ? R"({"alg":"HS256","sign_type":"SIGN","typ":"JWT"})"
                                     : R"({"alg":"HS256","sign_type":"SIGN"})",
                   claims, who.key);
}

result<secret> issuer_token(const credentials& who, wire::wall_time at,
                            std::chrono::seconds valid_for) {
  if (auto ok = check_credentials(who); !ok) return ok.error();
  const std::int64_t now_s = unix_seconds(at);
  std::string claims;
  json::writer(claims)
      .begin_object()
      .key("iss")
      .string(who.id)
      .key("exp")
      .number(now_s + valid_for.count())
      .key("nbf")
      .number(now_s - 5)
      .end_object();
  return jwt_hs256(R"({"alg":"HS256","typ":"JWT"})", claims, who.key);
}

}  // namespace ark::sign
