#include "cli/reachable.hpp"

#include <gtest/gtest.h>

// Servers that answer: tests/integration/cli.
namespace ark::cli {
namespace {

TEST(reachable, wrong_addresses_are_told_without_connecting) {
  const auto refused = reach("ftp://h/", {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::config);
}

}  // namespace
}  // namespace ark::cli
