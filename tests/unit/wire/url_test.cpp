#include "wire/url.hpp"

#include <gtest/gtest.h>

namespace ark::wire {
namespace {

TEST(url, base_urls) {
  const auto plain = parse_base_url("https://API.Example.com/v1/").value();
  EXPECT_EQ(plain, (base_url{{true, "api.example.com", 443}, "/v1"}));
  EXPECT_EQ(plain.to_string(), "https://api.example.com/v1");
  EXPECT_EQ(parse_base_url("http://localhost:11434").value(),
            (base_url{{false, "localhost", 11434}, ""}));
  EXPECT_EQ(parse_base_url("HTTPS://h:/").value(), (base_url{{true, "h", 443}, ""}));
  EXPECT_EQ(parse_base_url("https://h:8443//a//").value().path, "//a");
  // A WebSocket begins as HTTP.
  EXPECT_EQ(parse_base_url("wss://h/v1").value(), parse_base_url("https://h/v1").value());
  EXPECT_EQ(parse_base_url("WS://h").value(), parse_base_url("http://h").value());
  EXPECT_EQ(parse_base_url("https://[2001:DB8:0::1]:1/x").value(),
            (base_url{{true, "2001:db8::1", 1}, "/x"}));
  EXPECT_EQ(parse_base_url("https://example.com./").value().origin.host, "example.com");
}

// T05, T07
TEST(url, refuses_base_urls_that_hide_something) {
  for (const std::string_view text : {"",
                                      "api.example.com",
                                      "//h/v1",
                                      "/v1",
                                      "ftp://h/",
                                      "file:///etc/passwd",
                                      "gopher://h/",
                                      "https:h",
                                      "https://",
                                      "https:///v1",
                                      "https://key@evil/",
                                      "https://user:pw@h/",
                                      "https://api.example.com@evil.test/",
                                      "https://@h/",
                                      "https://h/?a=b",
                                      "https://h/#f",
                                      "https://h/../x",
                                      "https://h/a/./b",
                                      "https://h/%2e%2e/x",
                                      "https://h/./",
                                      "https://h/./x",
                                      "https://h/x/%2E",
                                      "https://h/.%2e",
                                      "https://h:0/",
                                      "https://h:65536/",
                                      "https://h:99999999999/",
                                      "https://h:x/",
                                      "https://h /",
                                      "https://h\r\nX: 1/",
                                      "https://h/a b",
                                      "https://a..b/",
                                      "https://.h/",
                                      "https://%68/",
                                      "https://h\\@evil/",
                                      "https://b\xC3\xBC.de/",
                                      "https://[::1/",
                                      "https://[::1%25eth0]/",
                                      "https://[fe80::1%eth0]/",
                                      "https://[1.2.3.4]/",
                                      "https://[v1.x]/",
                                      "https://a,b/"}) {
    const auto parsed = parse_base_url(text);
    EXPECT_FALSE(parsed) << text << " -> " << parsed->to_string();
    EXPECT_TRUE(parsed || parsed.error().code == errc::config) << text;
  }
  EXPECT_FALSE(parse_base_url("https://" + std::string(300, 'a') + "/"));
  EXPECT_FALSE(parse_base_url(std::string("https://h\0/x", 12)));
}

// T11
TEST(url, odd_spellings_of_addresses_come_out_plain) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"2130706433", "127.0.0.1"},
      {"0x7f.1", "127.0.0.1"},
      {"127.1", "127.0.0.1"},
      {"0177.0.0.01", "127.0.0.1"},
      {"0x7F000001", "127.0.0.1"},
      {"10.65535", "10.0.255.255"},
      {"1.2.3.4.", "1.2.3.4"},
      {"0", "0.0.0.0"},
      {"0xA9FEA9FE", "169.254.169.254"},
      {"127.0x", "127.0.0.0"},
      {"[::]", "::"},
      {"[0:0:0:0:0:0:0:1]", "::1"},
      {"[::FFFF:1.2.3.4]", "::ffff:1.2.3.4"}};
  for (const auto& [odd, plain] : cases) {
    const auto host = normalise_host(odd);
    ASSERT_TRUE(host) << odd;
    EXPECT_EQ(*host, plain) << odd;
  }
}

TEST(url, refuses_what_ends_in_a_number_and_is_no_address) {
  for (const std::string_view host : {"256.1.1.1", "1.2.3.4.5", "1.2.3.256", "4294967296", "a.1",
                                      "1..2", "09", "1.2.65536", "0x.0x.0x.0x1g.1", "-1.2.3.4"})
    EXPECT_FALSE(normalise_host(host)) << host;
  EXPECT_EQ(normalise_host("1.example").value(), "1.example");
  EXPECT_EQ(normalise_host("0xg").value(), "0xg");
}

TEST(url, proxies) {
  const auto p = parse_proxy_url("http://me:p%40ss@proxy.local:3128/").value();
  EXPECT_EQ(p.origin, (origin{false, "proxy.local", 3128}));
  EXPECT_EQ(p.user, "me");
  EXPECT_EQ(p.password.reveal_secret(), "p@ss");
  EXPECT_EQ(parse_proxy_url("proxy:8080").value().origin, (origin{false, "proxy", 8080}));
  EXPECT_TRUE(parse_proxy_url("https://proxy").value().origin.tls);
  for (const std::string_view text :
       {"", "socks5://h:1", "http://h/x", "http://h?x", "http://", "h:x", "h:12x"})
    EXPECT_FALSE(parse_proxy_url(text)) << text;
}

TEST(url, an_error_never_shows_a_password) {
  const auto failed = parse_proxy_url("http://me:hunter2@h:99999");
  ASSERT_FALSE(failed);
  EXPECT_EQ(to_string(failed.error()).find("hunter2"), std::string::npos);
  const auto base = parse_base_url("https://me:hunter2@h/");
  EXPECT_EQ(to_string(base.error()).find("hunter2"), std::string::npos);
}

// T23, T24
TEST(url, segments_cannot_leave_their_place) {
  EXPECT_EQ(encode_segment("../../v1/files").value(), "..%2F..%2Fv1%2Ffiles");
  EXPECT_EQ(encode_segment("x?api-version=1&").value(), "x%3Fapi-version%3D1%26");
  EXPECT_EQ(encode_segment("a b%2F\r\n\xC3\xBC").value(), "a%20b%252F%0D%0A%C3%BC");
  EXPECT_EQ(encode_segment("gpt-4o_mini.~").value(), "gpt-4o_mini.~");
  for (const std::string_view text : {"", ".", ".."}) EXPECT_FALSE(encode_segment(text));
}

TEST(url, queries) {
  std::string target = "/x";
  append_query(target, "a", "1&b=2");
  append_query(target, "c d", "#");
  EXPECT_EQ(target, "/x?a=1%26b%3D2&c%20d=%23");
}

}  // namespace
}  // namespace ark::wire
