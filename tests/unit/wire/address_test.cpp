#include "wire/address.hpp"

#include <gtest/gtest.h>

namespace ark::wire {
namespace {

using kind = address_kind;

// T08, T09
TEST(address, kinds) {
  const std::pair<std::string_view, kind> cases[] = {
      {"8.8.8.8", kind::global},
      {"0.0.0.0", kind::unspecified},
      {"0.1.2.3", kind::unspecified},
      {"10.255.0.1", kind::private_},
      {"100.63.255.255", kind::global},
      {"100.64.0.0", kind::private_},
      {"100.127.255.255", kind::private_},
      {"100.128.0.0", kind::global},
      {"127.0.0.1", kind::loopback},
      {"127.255.255.255", kind::loopback},
      {"169.254.169.254", kind::link_local},
      {"172.15.255.255", kind::global},
      {"172.16.0.1", kind::private_},
      {"172.31.255.255", kind::private_},
      {"172.32.0.0", kind::global},
      {"192.168.1.1", kind::private_},
      {"192.167.1.1", kind::global},
      {"198.19.255.255", kind::reserved},
      {"224.0.0.1", kind::reserved},
      {"255.255.255.255", kind::reserved},
      {"223.255.255.255", kind::global},
      {"::", kind::unspecified},
      {"::1", kind::loopback},
      {"::2", kind::reserved},
      {"2606:4700::1", kind::global},
      {"2001:4860:4860::8888", kind::global},
      {"2001::1", kind::reserved},
      {"2001:db8::1", kind::reserved},
      {"fc00::1", kind::private_},
      {"fdff::1", kind::private_},
      {"fe80::1", kind::link_local},
      {"febf::1", kind::link_local},
      {"ff02::1", kind::reserved},
      {"::ffff:127.0.0.1", kind::loopback},
      {"::ffff:8.8.8.8", kind::global},
      {"64:ff9b::10.0.0.1", kind::private_},
      {"2002:7f00:1::", kind::loopback},
      {"::127.0.0.1", kind::reserved},
  };
  for (const auto& [text, expected] : cases) {
    const auto found = classify_host(text);
    ASSERT_TRUE(found) << text;
    EXPECT_EQ(to_string(*found), to_string(expected)) << text;
  }
}

TEST(address, names) {
  EXPECT_EQ(classify_host("localhost"), kind::loopback);
  EXPECT_EQ(classify_host("API.LocalHost"), kind::loopback);
  EXPECT_EQ(classify_host("notlocalhost"), std::nullopt);
  EXPECT_EQ(classify_host("localhost.example.com"), std::nullopt);
  EXPECT_EQ(classify_host("api.example.com"), std::nullopt);
  EXPECT_EQ(classify_host(""), std::nullopt);
}

}  // namespace
}  // namespace ark::wire
