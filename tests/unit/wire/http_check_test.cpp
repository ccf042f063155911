#include "wire/http_check.hpp"

#include <gtest/gtest.h>

namespace ark::wire {
namespace {

// T20
TEST(http_check, values_stay_one_line) {
  for (const std::string_view value : {"", "Bearer sk-abc", "a\tb", "caf\xC3\xA9", "\x80\xFF"})
    EXPECT_TRUE(check_header({"Authorization", std::string(value)})) << value;
  for (const std::string& value :
       {std::string("sk-x\r\nX-Evil: 1"), std::string("a\n"), std::string("a\r"),
        std::string("a\0b", 3), std::string("\x1b[31m"), std::string("\x7f")}) {
    const auto checked = check_header({"Authorization", value, true});
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().code, errc::invalid_request);
    EXPECT_NE(checked.error().message.find("Authorization"), std::string::npos);
    EXPECT_EQ(checked.error().message.find("sk-x"), std::string::npos);
  }
}

TEST(http_check, names_are_tokens) {
  for (const std::string_view name : {"X-Api-Key", "x_y", "a!#$%&'*+.^`|~9"})
    EXPECT_TRUE(check_header({std::string(name), "v"})) << name;
  for (const std::string_view name : {"", "a b", "a:", "a\r\nHost", "a\n", "\xC3\xA9", "(x)"})
    EXPECT_FALSE(check_header({std::string(name), "v"})) << name;
}

// T21
TEST(http_check, requests) {
  http_request good{"POST", "/v1/chat?a=b%20c", {{"a", "b"}}, "\r\n any body \n"};
  EXPECT_TRUE(check_request(good));
  for (const std::string_view target :
       {"", "v1", "http://h/", "/a b", "/a\r\nHost: evil", "/a#f", "/\xC3\xA9", "/a\x7f"}) {
    http_request bad = good;
    bad.target = target;
    EXPECT_FALSE(check_request(bad)) << target;
  }
  http_request bad = good;
  bad.method = "GET /x";
  EXPECT_FALSE(check_request(bad));
  bad = good;
  bad.headers.push_back({"Idempotency-Key", "a\r\nHost: evil"});
  EXPECT_FALSE(check_request(bad));
}

}  // namespace
}  // namespace ark::wire
