#include "wire/base64.hpp"

#include <gtest/gtest.h>

#include <random>

namespace ark::wire {
namespace {

TEST(base64, vectors_of_rfc_4648) {
  const std::pair<std::string_view, std::string_view> cases[] = {{"", ""},
                                                                 {"f", "Zg=="},
                                                                 {"fo", "Zm8="},
                                                                 {"foo", "Zm9v"},
                                                                 {"foob", "Zm9vYg=="},
                                                                 {"fooba", "Zm9vYmE="},
                                                                 {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : cases) {
    EXPECT_EQ(base64_encode(bytes), text);
    EXPECT_EQ(base64_decode(text).value(), bytes);
  }
}

TEST(base64, refuses_what_is_not_strict) {
  for (const std::string_view text : {"Zg", "Zg=", "Zg===", "Z===", "====", "=", "Zm9v=", "Zm=v",
                                      "Zg==Zg==", "Zm9v\n", "Zm 9", "Zh==", "Zm9=", "Zm-v", "Zm_v",
                                      "Zm\xff"
                                      "v"})
    EXPECT_FALSE(base64_decode(text)) << text;
}

TEST(base64, says_where) {
  EXPECT_NE(base64_decode("Zm9vZ!9v").error().message.find("offset 5"), std::string::npos);
}

TEST(base64, random_bytes_come_back) {
  std::mt19937 random(3);
  for (int i = 0; i < 200; ++i) {
    std::string bytes(random() % 100, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    std::string text = "head:";
    append_base64(text, bytes);
    EXPECT_EQ(text.substr(0, 5), "head:");
    EXPECT_EQ(base64_decode(std::string_view(text).substr(5)).value(), bytes);
  }
}

}  // namespace
}  // namespace ark::wire
