#include "sign/sealed_content.hpp"

#include "sign/digest.hpp"
#include "tests/support/wrapping_vendor.hpp"
#include "tests/unit/sign/sign_support.hpp"
#include "wire/base64.hpp"

namespace ark::sign {
namespace {

std::string unhex(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2)
    out += static_cast<char>(std::stoi(std::string(text.substr(i, 2)), nullptr, 16));
  return out;
}

void check_agreement(json::element root) {
  const auto in = member(root, "inputs"), expected = member(root, "expected");
  const auto agreed = agree_on_key(text(in, "certificate_pem"),
                                   secret(unhex(text(in, "ephemeral_private_key_hex"))));
  ASSERT_TRUE(agreed) << agreed.error().message;
  EXPECT_EQ(hex(agreed->content.key.reveal_secret()), text(expected, "key_hex"));
  EXPECT_EQ(hex(agreed->content.nonce), text(expected, "nonce_hex"));
  EXPECT_EQ(agreed->session_token, text(expected, "x_session_token"));
}

TEST(sealed_content, shared_vectors) {
  ARK_SHARED_OR_SKIP(path, "vectors/volcengine-ark-e2e.json");
  json::reader reader;
  const std::string bytes = test::read_file(path);
  const auto root = reader.parse(bytes).value();
  check_agreement(root);
  const auto expected = member(root, "expected");
  const content_key with{secret(unhex(text(expected, "key_hex"))),
                         unhex(text(expected, "nonce_hex"))};
  std::size_t count = 0;
  for (const auto c : member(expected, "ciphertexts").get_array()) {
    EXPECT_EQ(seal_content(with, text(c, "plaintext")).value(), text(c, "ciphertext_b64"));
    EXPECT_EQ(open_content(with, text(c, "ciphertext_b64")).value(), text(c, "plaintext"));
    ++count;
  }
  EXPECT_EQ(count, 4u);
  const auto several = member(expected, "non_stream_concatenation");
  EXPECT_EQ(open_content(with, text(several, "ciphertext")).value(), text(several, "plaintext"));

  const auto enclave = member(root, "aicc");
  const auto facts = read_certificate(text(enclave, "certificate_pem")).value();
  EXPECT_EQ(facts.ring_id, "ring-0001");
  EXPECT_EQ(facts.key_id, "key-0001");
  EXPECT_EQ(facts.expires, at_unix(2335219200));
}

const content_key& some_key() {
  static const content_key key{secret(std::string(32, 'k')), std::string(12, 'n')};
  return key;
}

TEST(sealed_content, comes_back_in_one_piece_and_in_several) {
  std::string all, sealed;
  for (const std::string part : {"", "a", "four", "twelve bytes", "and some more text than that"}) {
    const auto unit = seal_content(some_key(), part).value();
    EXPECT_EQ(open_content(some_key(), unit).value(), part);
    all += part;
    sealed += unit;
  }
  EXPECT_EQ(open_content(some_key(), sealed).value(), all);
  // 2 and 5 bytes more than a multiple of three: no padding marks where the first one ends.
  const auto unmarked =
      seal_content(some_key(), "ab").value() + seal_content(some_key(), "cdefg").value();
  ASSERT_EQ(unmarked.find('='), std::string::npos);
  EXPECT_EQ(open_content(some_key(), unmarked).value(), "abcdefg");
  // Only the last of a run may be longer than what is searched.
  const std::string tail(29999, 't');
  EXPECT_EQ(open_content(some_key(), unmarked + seal_content(some_key(), tail).value()).value(),
            "abcdefg" + tail);
}

TEST(sealed_content, opens_nothing_that_was_changed) {
  const auto sealed = seal_content(some_key(), "a text to hide").value();
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    expect_refused(open_content(some_key(), changed).error(), errc::protocol, "hide");
  }
  const content_key other{secret(std::string(32, 'x')), some_key().nonce};
  expect_refused(open_content(other, sealed).error(), errc::protocol);
  for (const std::string& bad :
       {std::string(), std::string("plain text"), sealed.substr(0, sealed.size() - 4),
        sealed + "AAAA", sealed + "=", "====" + sealed, std::string(40000, 'A')})
    expect_refused(open_content(some_key(), bad).error(), errc::protocol, "hide");
}

// A certificate of P-256 whose private key nobody uses, and the values of the shared vector.
constexpr std::string_view certificate =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBGTCBwaADAgECAgEBMAoGCCqGSM49BAMCMBcxFTATBgNVBAMMDGFyay1lMmUt\n"
    "dGVzdDAeFw0yNDAxMDEwMDAwMDBaFw00NDAxMDEwMDAwMDBaMBcxFTATBgNVBAMM\n"
    "DGFyay1lMmUtdGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABJhCJVhdIoXB\n"
    "OAM9YUDjzvi5GFlwTlPDE/i2NrpPlnZJlzQUT0b9GadnpUUofEOWuXtp3Tj6rqiY\n"
    "GtwaT+2bQB4wCgYIKoZIzj0EAwIDRwAwRAIgJcVV945aekXzpqoC56kYuK5yBpGQ\n"
    "oH5tUogsAITbLoMCICHyN4hp3FyJclJtpbBqSWVjJJ/YuMWrxN5sEnyVDfWt\n"
    "-----END CERTIFICATE-----\n";

TEST(sealed_content, agrees_on_a_key) {
  std::string scalar(32, '\0');
  for (std::size_t i = 0; i < scalar.size(); ++i) scalar[i] = static_cast<char>(i);
  const auto agreed = agree_on_key(certificate, secret(scalar)).value();
  EXPECT_EQ(hex(agreed.content.key.reveal_secret()),
            "09b1fa5b7fe5e8bbcbd59bf713f595a9645c5de32c75973b945dc0c756492da8");
  EXPECT_EQ(hex(agreed.content.nonce), "2fd22e73dc47c5359af7c946");
  EXPECT_EQ(agreed.session_token,
            "BHpZMYCGDEA3yDwSdJhFyO4UJN0pf63LiV41glXSx9KyqMolWA8mJv5XkGL/"
            "G5n/kcJKDaBvsytb4gFIySSfVlA=");
  for (const std::string& bad : {std::string(), std::string(31, 'k'), std::string(33, 'k'),
                                 std::string(32, '\0'), std::string(32, '\xff')})
    expect_refused(agree_on_key(certificate, secret(bad)).error(), errc::invalid_request);
  EXPECT_EQ(read_certificate(certificate).value().ring_id, "");
}

TEST(sealed_content, refuses_keys_that_are_none) {
  const content_key bad[] = {{secret(), std::string(12, 'n')},
                             {secret(std::string(16, 'k')), std::string(12, 'n')},
                             {secret(std::string(32, 'k')), ""}};
  for (const auto& key : bad) {
    expect_refused(seal_content(key, "text").error(), errc::invalid_request);
    expect_refused(open_content(key, seal_content(some_key(), "text").value()).error(),
                   errc::protocol);
  }
  for (const std::string_view pem : {"", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n"}) {
    expect_refused(agree_on_key(pem, secret(std::string(32, 'k'))).error(), errc::protocol);
    expect_refused(read_certificate(pem).error(), errc::protocol);
  }
}

TEST(sealed_content, shared_vectors_of_a_key_that_is_wrapped) {
  ARK_SHARED_OR_SKIP(path, "vectors/dashscope-encryption.json");
  json::reader reader;
  const std::string bytes = test::read_file(path);
  const auto root = reader.parse(bytes).value();
  const auto in = member(root, "inputs"), expected = member(root, "expected");
  const content_key with{secret(unhex(text(in, "aes_key_hex"))), unhex(text(in, "iv_hex"))};
  EXPECT_EQ(seal_content(with, text(in, "plaintext_input_json")).value(),
            text(expected, "input_field"));
  EXPECT_EQ(open_content(with, text(expected, "input_field")).value(),
            text(in, "plaintext_input_json"));
  EXPECT_EQ(wire::base64_encode(with.nonce), text(expected, "iv_b64"));
  const testing::wrapping_vendor vendor;
  const auto wrapped = wrap_key(vendor.public_key(), with.key);
  ASSERT_TRUE(wrapped) << wrapped.error().message;
  EXPECT_EQ(vendor.unwrap(*wrapped), text(expected, "rsa_plaintext"));
  EXPECT_NE(wrap_key(vendor.public_key(), with.key).value(), *wrapped) << "the padding is random";
}

TEST(sealed_content, keys_are_wrapped_for_rsa_keys_only) {
  // A point of P-256 as a public key.
  constexpr std::string_view point =
      "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/m47"
      "n60p8D54WK84zV2sxXs7LtkBoN79R9Q==";
  for (const std::string_view no_key :
       {std::string_view("no base64"), std::string_view(""), std::string_view("bm8ga2V5"), point}) {
    const auto wrapped = wrap_key(no_key, secret(std::string(32, 'k')));
    ASSERT_FALSE(wrapped) << no_key;
    EXPECT_EQ(wrapped.error().code, errc::protocol);
  }
}

}  // namespace
}  // namespace ark::sign
