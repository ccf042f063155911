#include <ark/ledger.hpp>

#include <gtest/gtest.h>

namespace ark::testing {
namespace {

TEST(pg_absent, a_build_without_libpq_says_so) {
  const auto opened = ledger::open({.path = "postgresql://ark@db/usage"});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, errc::unsupported);
  EXPECT_NE(opened.error().message.find("without PostgreSQL"), std::string::npos);
}

}  // namespace
}  // namespace ark::testing
