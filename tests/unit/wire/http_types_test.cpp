#include "wire/http_types.hpp"

#include <gtest/gtest.h>

namespace ark::wire {
namespace {

TEST(http_types, header_names_compare_without_case) {
  const header_list headers{{"Retry-After", "3"}, {"x-empty", ""}, {"retry-after", "4"}};
  EXPECT_EQ(find_header(headers, "retry-AFTER"), "3");
  EXPECT_EQ(find_header(headers, "retry"), "");
  EXPECT_TRUE(has_header(headers, "X-Empty"));
  EXPECT_FALSE(has_header(headers, "x-emptier"));
}

TEST(http_types, origin_leaves_the_default_port_out) {
  EXPECT_EQ((origin{true, "api.example.com", 443}.to_string()), "https://api.example.com");
  EXPECT_EQ((origin{false, "api.example.com", 443}.to_string()), "http://api.example.com:443");
  EXPECT_EQ((origin{false, "::1", 80}.to_string()), "http://[::1]");
  EXPECT_EQ((origin{true, "::1", 8443}.to_string()), "https://[::1]:8443");
}

}  // namespace
}  // namespace ark::wire
