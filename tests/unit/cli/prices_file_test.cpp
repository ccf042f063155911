#include "cli/prices_file.hpp"

#include <gtest/gtest.h>

#include "os/os.hpp"
#include "sign/digest.hpp"
#include "tests/support/temporary_directory.hpp"

namespace ark::cli::prices_file_test {
namespace {

constexpr const char* text_list =
    R"(vendor: "openai" currency: "USD" model { id: "m" mode: chat source: "s" date: "2026-01-01"
       price { dimension: input unit: Mtok amount: "2" } })";
constexpr const char* json_list =
    R"({"vendor":"openai","currency":"USD","model":[{"id":"m","mode":"chat","source":"s",
        "date":"2026-01-01","price":[{"dimension":"input","unit":"Mtok","amount":"2"}]}]})";

struct a_price_file : ::testing::Test {
  testing::temporary_directory folder;

  std::string put(const std::string& name, const std::string& text) {
    std::string path = folder.file(name);
    EXPECT_TRUE(os::write_file(path, text, 0600));
    return path;
  }
  std::string failure(const std::string& name, const std::string& text) {
    const auto read = read_price_files(put(name, text), {});
    return read ? "none" : read.error().message;
  }
};

TEST_F(a_price_file, is_text_or_json) {
  for (const auto& [name, text] : {std::pair<const char*, std::string>{"a.textproto", text_list},
                                   {"a.json", json_list},
                                   {"b.json", "{\"file\":[" + std::string(json_list) + "]}"}}) {
    const auto read = read_price_files(put(name, text), {});
    ASSERT_TRUE(read) << read.error().message;
    ASSERT_EQ(read->size(), 1U);
    EXPECT_EQ((*read)[0].list.models.at(0).prices.at(0).value.to_string(), "2");
  }
  const auto all = read_price_files(folder.path(), {});
  ASSERT_TRUE(all);
  EXPECT_EQ(all->size(), 3U);
}

TEST_F(a_price_file, is_kept_as_it_was_read) {
  const auto read = read_price_files(put("a.json", json_list), {});
  const auto again = read_price_files(put("b.textproto", price_file_text((*read)[0].rows)), {});
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ((*again)[0].list.models.at(0).hash, (*read)[0].list.models.at(0).hash);
}

// L18: a price file has prices only: no address, no key, no command.
TEST_F(a_price_file, has_prices_and_nothing_else) {
  EXPECT_NE(failure("a.json", R"({"vendor":"openai","currency":"USD","base_url":"https://evil"})")
                .find("base_url"),
            std::string::npos);
  EXPECT_NE(failure("a.textproto", R"(vendor: "openai" currency: "USD" base_url: "https://evil")")
                .find("base_url"),
            std::string::npos);
  EXPECT_NE(failure("b.textproto", R"(vendor: "v" currency: "USD" model { id: "m" mode: chat
                                       price { dimension: input unit: Mtok amount: "2" } })")
                .find("source"),
            std::string::npos)
      << "prices without a source";
  EXPECT_NE(failure("c.json", R"({"vendor":"v","currency":"USD","model":[{"id":"m","mode":"chat",
      "source":"s","date":"2026-01-01","price":[{"dimension":"input","unit":"Mtok","amount":"-2"}]}]})")
                .find("negative"),
            std::string::npos);
  EXPECT_NE(failure("d.json", "no json").find("is no price list"), std::string::npos);
}

TEST_F(a_price_file, must_have_the_hash_that_was_given) {
  const std::string path = put("a.textproto", text_list);
  EXPECT_TRUE(read_price_files(path, {.sha256 = sign::sha256_hex(text_list)}));
  const auto other = read_price_files(path, {.sha256 = sign::sha256_hex("x")});
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, errc::auth);
  EXPECT_EQ(read_price_files(path, {.sha256 = "12"}).error().code, errc::config);
  EXPECT_FALSE(read_price_files(folder.path(), {.sha256 = sign::sha256_hex("x")}))
      << "a directory has no hash";
}

TEST_F(a_price_file, must_have_the_signature_that_was_given) {
  // RFC 8032, section 7.1, test 2: the message is the byte 0x72, "r".
  const std::string key = put("key.pem",
                              "-----BEGIN PUBLIC KEY-----\n"
                              "MCowBQYDK2VwAyEAPUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=\n"
                              "-----END PUBLIC KEY-----\n");
  const std::string signature =
      put("sig",
          "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
          "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
  const price_proof proof{.signature_file = signature, .public_key_file = key};
  const auto right = check_proof("r", proof);
  EXPECT_TRUE(right) << (right ? "" : right.error().message);
  EXPECT_EQ(check_proof("s", proof).error().code, errc::auth);
  EXPECT_FALSE(check_proof("r", {.signature_file = signature}));
  EXPECT_FALSE(check_proof("r", {.public_key_file = key}));
  EXPECT_EQ(check_proof("r", {.signature_file = "/nowhere/x", .public_key_file = key}).error().code,
            errc::not_found);
}

}  // namespace
}  // namespace ark::cli::prices_file_test
