#include "sign/digest.hpp"

#include "wire/base64.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <array>
#include <new>

namespace ark::sign {
namespace {

using digest_buffer = std::array<unsigned char, EVP_MAX_MD_SIZE>;

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string text_of(const digest_buffer& buffer, unsigned int size) {
  return {reinterpret_cast<const char*>(buffer.data()), size};
}

}  // namespace

// Both fail only when OpenSSL has no memory: a signature is never made of a part of the input.
std::string sha256(std::string_view bytes) {
  digest_buffer out;
  unsigned int size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), out.data(), &size, EVP_sha256(), nullptr) != 1)
    throw std::bad_alloc();
  return text_of(out, size);
}

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
  digest_buffer out;
  unsigned int size = 0;
  const char* start = key.empty() ? "" : key.data();  // a null key means "the one before"
  if (HMAC(EVP_sha256(), start, static_cast<int>(key.size()), bytes_of(bytes), bytes.size(),
           out.data(), &size) == nullptr)
    throw std::bad_alloc();
  std::string text = text_of(out, size);
  OPENSSL_cleanse(out.data(), out.size());
  return text;
}

std::string sha256_hex(std::string_view bytes) { return hex(sha256(bytes)); }

std::string hmac_sha256_hex(std::string_view key, std::string_view bytes) {
  const secret raw(hmac_sha256(key, bytes));
  return hex(raw.reveal_secret());
}

result<std::string> md5(std::string_view bytes) {
  digest_buffer out;
  unsigned int size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), out.data(), &size, EVP_md5(), nullptr) != 1)
    return error{.code = errc::unsupported,
                 .message =
                     "this system's OpenSSL does not offer MD5, which this vendor's "
                     "signature needs"};
  return text_of(out, size);
}

std::string hex(std::string_view bytes) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

std::string base64url(std::string_view bytes) {
  std::string out = wire::base64_encode(bytes);
  while (!out.empty() && out.back() == '=') out.pop_back();
  for (char& c : out) {
    if (c == '+') c = '-';
    if (c == '/') c = '_';
  }
  return out;
}

secret joined(std::initializer_list<std::string_view> parts) {
  std::size_t size = 0;
  for (const auto part : parts) size += part.size();
  std::string out;
  out.reserve(size);
  for (const auto part : parts) out += part;
  return secret(std::move(out));
}

secret derive_key(secret first, std::initializer_list<std::string_view> parts) {
  for (const auto part : parts) first = secret(hmac_sha256(first.reveal_secret(), part));
  return first;
}

}  // namespace ark::sign
