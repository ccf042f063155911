#include "sign/digest.hpp"

#include <gtest/gtest.h>

namespace ark::sign {
namespace {

// FIPS 180-4, RFC 1321 and RFC 4231 (cases 1 and 2).
TEST(digest, published_values) {
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex(md5("").value()), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(hex(md5("abc").value()), "900150983cd24fb0d6963f7d28e17f72");
  EXPECT_EQ(hmac_sha256_hex(std::string(20, '\x0b'), "Hi There"),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(hmac_sha256_hex("Jefe", "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(digest, an_empty_key_is_a_key) {
  EXPECT_EQ(hmac_sha256_hex({}, ""),
            "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST(digest, hex_and_base64url) {
  EXPECT_EQ(hex("\x01\xab\xff"), "01abff");
  EXPECT_EQ(base64url(""), "");
  EXPECT_EQ(base64url("\xfb\xff\xfe"), "-__-");
  EXPECT_EQ(base64url("f"), "Zg");
}

TEST(digest, keys_are_bound_to_each_part_in_turn) {
  const secret key = derive_key(joined({"AW", "S4"}), {"a", "b"});
  EXPECT_EQ(key.reveal_secret(), hmac_sha256(hmac_sha256("AWS4", "a"), "b"));
  EXPECT_EQ(derive_key(joined({"k"}), {}).reveal_secret(), "k");
  EXPECT_TRUE(joined({}).empty());
}

}  // namespace
}  // namespace ark::sign
