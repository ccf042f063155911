#include "sign/ed25519.hpp"

#include "base/text.hpp"
#include "wire/base64.hpp"

#include <gtest/gtest.h>
#include <string>

namespace ark::sign::ed25519_test {
namespace {

std::string bytes(std::string_view hex) {
  std::string out;
  for (std::size_t i = 0; i < hex.size(); i += 2)
    out += static_cast<char>(text::hex_value(hex[i]) * 16 + text::hex_value(hex[i + 1]));
  return out;
}

// RFC 8032, section 7.1, test 3.
const std::string key = bytes("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025");
const std::string message = bytes("af82");
const std::string signature_hex =
    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
    "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a";
const std::string signature = bytes(signature_hex);

std::string pem_of(std::string_view raw_key) {
  // The key's DER is always these 12 bytes and its own 32 (RFC 8410).
  return "-----BEGIN PUBLIC KEY-----\n" +
         wire::base64_encode(bytes("302a300506032b6570032100") + std::string(raw_key)) +
         "\n-----END PUBLIC KEY-----\n";
}

TEST(AnEd25519Signature, IsAcceptedInEachForm) {
  EXPECT_TRUE(check_ed25519(message, signature, key));
  EXPECT_TRUE(check_ed25519(message, signature_hex + "\n", key));
  EXPECT_TRUE(check_ed25519(message, " " + wire::base64_encode(signature) + "\n", pem_of(key)));
}

TEST(AnEd25519Signature, OfAnythingElseIsRefused) {
  EXPECT_EQ(check_ed25519("other", signature, key).error().code, errc::auth);
  EXPECT_EQ(check_ed25519("", signature, key).error().code, errc::auth);
  for (std::size_t i = 0; i < signature.size(); ++i) {
    std::string changed = signature;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_EQ(check_ed25519(message, changed, key).error().code, errc::auth) << i;
  }
  std::string other_key = key;
  other_key[5] = static_cast<char>(other_key[5] ^ 1);
  EXPECT_FALSE(check_ed25519(message, signature, other_key));
}

TEST(AnEd25519Signature, ThatCannotBeReadIsToldApart) {
  for (const std::string& wrong :
       {std::string{}, std::string("x"), signature.substr(1), signature_hex.substr(2),
        std::string(128, 'z'), std::string(200, 'A')})
    EXPECT_EQ(check_ed25519(message, wrong, key).error().code, errc::config) << wrong;
  for (const std::string& wrong : {std::string{}, std::string("no key"), key.substr(1),
                                   std::string("-----BEGIN PUBLIC KEY-----\nAAAA\n"
                                               "-----END PUBLIC KEY-----\n")})
    EXPECT_EQ(check_ed25519(message, signature, wrong).error().code, errc::config) << wrong;
}

}  // namespace
}  // namespace ark::sign::ed25519_test
