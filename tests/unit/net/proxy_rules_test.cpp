#include "net/proxy_rules.hpp"

#include <gtest/gtest.h>

namespace ark::net {
namespace {

bool direct(std::string_view list, std::string host, std::uint16_t port = 443) {
  return bypasses_proxy(list, {.tls = true, .host = std::move(host), .port = port});
}

TEST(proxy_rules, names_and_what_is_below_them) {
  for (const auto* list : {"corp.test", ".corp.test", "*.corp.test", "a, Corp.Test ,b"}) {
    EXPECT_TRUE(direct(list, "api.corp.test")) << list;
    EXPECT_TRUE(direct(list, "corp.test")) << list;
    EXPECT_FALSE(direct(list, "evilcorp.test")) << list;
    EXPECT_FALSE(direct(list, "corp.test.evil")) << list;
  }
}

TEST(proxy_rules, addresses) {
  EXPECT_TRUE(direct("127.0.0.1,::1", "127.0.0.1"));
  EXPECT_TRUE(direct("127.0.0.1,::1", "::1"));
  EXPECT_FALSE(direct("127.0.0.1", "127.0.0.10"));
  EXPECT_FALSE(direct("10.0.0.0/8", "10.1.2.3"));
}

TEST(proxy_rules, ports) {
  EXPECT_TRUE(direct("host:8080", "host", 8080));
  EXPECT_FALSE(direct("host:8080", "host", 443));
  EXPECT_TRUE(direct("[::1]:8080", "::1", 8080));
  EXPECT_FALSE(direct("host:x", "host"));
}

TEST(proxy_rules, everything_and_nothing) {
  EXPECT_TRUE(direct("*", "any"));
  for (const auto* list : {"", " , ,", ".", ":443", "*."})
    EXPECT_FALSE(direct(list, "any")) << list;
}

}  // namespace
}  // namespace ark::net
