#include "sign/sealed_content.hpp"

#include "sign/digest.hpp"
#include "wire/base64.hpp"

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <algorithm>
#include <array>
#include <chrono>
#include <climits>
#include <ctime>
#include <memory>
#include <new>
#include <optional>

namespace ark::sign {
namespace {

constexpr std::size_t key_size = 32, nonce_size = 12, tag_size = 16, point_size = 65;
/// In which the end of one sealed text is searched by trial: every trial decrypts.
constexpr std::size_t most_searched = 12u << 10;

struct openssl_free {
  void operator()(BIO* p) const { BIO_free(p); }
  void operator()(X509* p) const { X509_free(p); }
  void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
  void operator()(EC_GROUP* p) const { EC_GROUP_free(p); }
  void operator()(EC_POINT* p) const { EC_POINT_clear_free(p); }
  void operator()(BIGNUM* p) const { BN_clear_free(p); }
  void operator()(EVP_CIPHER_CTX* p) const { EVP_CIPHER_CTX_free(p); }
  void operator()(EVP_PKEY_CTX* p) const { EVP_PKEY_CTX_free(p); }
  void operator()(GENERAL_NAMES* p) const { GENERAL_NAMES_free(p); }
};
template <class T>
using owned = std::unique_ptr<T, openssl_free>;

template <class T>
owned<T> not_null(T* made) {
  if (made == nullptr) throw std::bad_alloc();
  return owned<T>(made);
}

error refused(errc code, std::string_view why) {
  ERR_clear_error();
  return {.code = code, .message = std::string(why)};
}

error bad_certificate() {
  return refused(
      errc::protocol,
      "the certificate for encrypted content is not one with a P-256 key: fetch it again");
}

owned<X509> parse_certificate(std::string_view pem) {
  if (pem.empty() || pem.size() > INT_MAX) return nullptr;
  const auto in = not_null(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return owned<X509>(PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr));
}

/// The certificate's public key as a point that is known to lie on the curve.
owned<EC_POINT> public_point(std::string_view pem, const EC_GROUP* curve) {
  const auto certificate = parse_certificate(pem);
  EVP_PKEY* key = certificate ? X509_get0_pubkey(certificate.get()) : nullptr;
  std::array<char, 32> name{};
  std::array<unsigned char, 160> bytes{};
  std::size_t size = 0;
  if (key == nullptr || EVP_PKEY_get_group_name(key, name.data(), name.size(), nullptr) != 1 ||
      std::string_view(name.data()) != "prime256v1" ||
      EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, bytes.data(), bytes.size(),
                                      &size) != 1)
    return nullptr;
  auto point = not_null(EC_POINT_new(curve));
  if (EC_POINT_oct2point(curve, point.get(), bytes.data(), size, nullptr) != 1) return nullptr;
  return point;
}

/// RFC 5869 with neither salt nor information.
content_key expand(const secret& shared) {
  const secret pseudo_random(hmac_sha256(std::string(32, '\0'), shared.reveal_secret()));
  const secret first(hmac_sha256(pseudo_random.reveal_secret(), "\x01"));
  const secret input = joined({first.reveal_secret(), "\x02"});
  const secret second(hmac_sha256(pseudo_random.reveal_secret(), input.reveal_secret()));
  return {first, std::string(second.reveal_secret().substr(0, nonce_size))};
}

const unsigned char* raw(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* raw(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

bool is_usable(const content_key& with, std::size_t size) {
  return with.key.reveal_secret().size() == key_size && with.nonce.size() == nonce_size &&
         size <= INT_MAX;
}

/// `sealed` is cipher text and tag. Nothing unless every byte is authentic.
std::optional<std::string> open_unit(const content_key& with, std::string_view sealed) {
  if (sealed.size() < tag_size) return std::nullopt;
  const std::size_t size = sealed.size() - tag_size;
  std::string tag(sealed.substr(size));
  std::string plain(size, '\0');
  int written = 0, rest = 0;
  std::array<unsigned char, 16> end{};
  const auto context = not_null(EVP_CIPHER_CTX_new());
  const bool is_authentic =
      EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, raw(with.key.reveal_secret()),
                         raw(with.nonce)) == 1 &&
      EVP_DecryptUpdate(context.get(), raw(plain), &written, raw(sealed), static_cast<int>(size)) ==
          1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, tag_size, tag.data()) == 1 &&
      EVP_DecryptFinal_ex(context.get(), end.data(), &rest) == 1;
  if (is_authentic) return plain;
  OPENSSL_cleanse(plain.data(), plain.size());
  ERR_clear_error();
  return std::nullopt;
}

/// The first text of several and its length in `size`. Base64 joins without padding only what is a
/// multiple of three bytes.
std::optional<std::string> open_first(const content_key& with, std::string_view run,
                                      std::size_t& size) {
  const std::size_t most = std::min(run.size(), most_searched);
  for (size = 18; size <= most; size += 3)
    if (auto unit = open_unit(with, run.substr(0, size))) return unit;
  size = run.size();
  return open_unit(with, run);
}

/// Opens texts that follow each other without a mark between them; nearly always there is one.
bool open_run(const content_key& with, std::string_view base64, std::string& out) {
  const auto bytes = wire::base64_decode(base64);
  if (!bytes) return false;
  if (const auto whole = open_unit(with, *bytes)) {
    out += *whole;
    return true;
  }
  for (std::string_view run = *bytes; !run.empty();) {
    std::size_t size = 0;
    const auto unit = open_first(with, run, size);
    if (!unit) return false;
    out += *unit;
    run.remove_prefix(size);
  }
  return true;
}

wire::wall_time time_of(const ASN1_TIME* at) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(at, &parts) != 1) return {};
  using namespace std::chrono;
  const sys_days day = year(parts.tm_year + 1900) / (parts.tm_mon + 1) / parts.tm_mday;
  return day + hours(parts.tm_hour) + minutes(parts.tm_min) + seconds(parts.tm_sec);
}

}  // namespace

result<key_agreement> agree_on_key(std::string_view certificate_pem, const secret& ephemeral) {
  const auto curve = not_null(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
  const auto theirs = public_point(certificate_pem, curve.get());
  if (!theirs) return bad_certificate();
  const std::string_view scalar = ephemeral.reveal_secret();
  const auto number = not_null(
      BN_bin2bn(raw(scalar), static_cast<int>(std::min(scalar.size(), key_size)), nullptr));
  if (scalar.size() != key_size || BN_is_zero(number.get()) ||
      BN_cmp(number.get(), EC_GROUP_get0_order(curve.get())) >= 0)
    return refused(errc::invalid_request, "the ephemeral key is no private key of P-256");
  BN_set_flags(number.get(), BN_FLG_CONSTTIME);

  const auto ours = not_null(EC_POINT_new(curve.get()));
  const auto common = not_null(EC_POINT_new(curve.get()));
  const auto x = not_null(BN_new());
  std::string shared(key_size, '\0'), point(point_size, '\0');
  if (EC_POINT_mul(curve.get(), ours.get(), number.get(), nullptr, nullptr, nullptr) != 1 ||
      EC_POINT_mul(curve.get(), common.get(), nullptr, theirs.get(), number.get(), nullptr) != 1 ||
      EC_POINT_get_affine_coordinates(curve.get(), common.get(), x.get(), nullptr, nullptr) != 1 ||
      BN_bn2binpad(x.get(), raw(shared), key_size) != static_cast<int>(key_size) ||
      EC_POINT_point2oct(curve.get(), ours.get(), POINT_CONVERSION_UNCOMPRESSED, raw(point),
                         point.size(), nullptr) != point_size)
    return bad_certificate();
  return key_agreement{expand(secret(std::move(shared))), wire::base64_encode(point)};
}

result<certificate_facts> read_certificate(std::string_view pem) {
  const auto certificate = parse_certificate(pem);
  if (!certificate) return bad_certificate();
  certificate_facts out{
      .ring_id = {}, .key_id = {}, .expires = time_of(X509_get0_notAfter(certificate.get()))};
  const owned<GENERAL_NAMES> names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate.get(), NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type != GEN_DNS) continue;
    const std::string text(reinterpret_cast<const char*>(ASN1_STRING_get0_data(name->d.dNSName)),
                           static_cast<std::size_t>(ASN1_STRING_length(name->d.dNSName)));
    if (text.starts_with("ring.")) out.ring_id = text.substr(5);
    if (text.starts_with("key.")) out.key_id = text.substr(4);
  }
  return out;
}

result<std::string> seal_content(const content_key& with, std::string_view plain) {
  std::string out(plain.size() + tag_size, '\0');
  int written = 0, rest = 0;
  const auto context = not_null(EVP_CIPHER_CTX_new());
  if (!is_usable(with, plain.size()) ||
      EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, raw(with.key.reveal_secret()),
                         raw(with.nonce)) != 1 ||
      EVP_EncryptUpdate(context.get(), raw(out), &written, raw(plain),
                        static_cast<int>(plain.size())) != 1 ||
      EVP_EncryptFinal_ex(context.get(), raw(out) + written, &rest) != 1 ||
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, tag_size,
                          out.data() + plain.size()) != 1)
    return refused(errc::invalid_request,
                   "the content cannot be encrypted: agree on a new key for this request");
  return wire::base64_encode(out);
}

result<std::string> open_content(const content_key& with, std::string_view sealed) {
  std::string out;
  bool is_whole = !sealed.empty() && is_usable(with, sealed.size());
  while (is_whole && !sealed.empty()) {
    // Padding can only end a text.
    const auto padding = sealed.find('=');
    const auto after =
        padding == std::string_view::npos ? padding : sealed.find_first_not_of('=', padding);
    is_whole = open_run(with, sealed.substr(0, after), out);
    sealed.remove_prefix(after == std::string_view::npos ? sealed.size() : after);
  }
  if (is_whole) return out;
  OPENSSL_cleanse(out.data(), out.size());
  return refused(errc::protocol,
                 "the encrypted content is not authentic or not whole: it cannot be shown");
}

result<std::string> wrap_key(std::string_view public_key, const secret& key) {
  const auto der = wire::base64_decode(public_key);
  const unsigned char* at = der ? raw(*der) : nullptr;
  const owned<EVP_PKEY> theirs(
      at == nullptr ? nullptr : d2i_PUBKEY(nullptr, &at, static_cast<long>(der->size())));
  const error unusable = refused(
      errc::protocol, "the key for encrypted content is not a public RSA key: fetch it again");
  if (!theirs || EVP_PKEY_get_base_id(theirs.get()) != EVP_PKEY_RSA) return unusable;
  const secret plain(wire::base64_encode(key.reveal_secret()));
  const std::string_view bytes = plain.reveal_secret();
  const auto context = not_null(EVP_PKEY_CTX_new(theirs.get(), nullptr));
  std::size_t size = static_cast<std::size_t>(EVP_PKEY_get_size(theirs.get()));
  std::string out(size, '\0');
  if (EVP_PKEY_encrypt_init(context.get()) != 1 ||
      EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) != 1 ||
      EVP_PKEY_encrypt(context.get(), raw(out), &size, raw(bytes), bytes.size()) != 1) {
    ERR_clear_error();
    return unusable;
  }
  out.resize(size);
  return wire::base64_encode(out);
}

}  // namespace ark::sign
