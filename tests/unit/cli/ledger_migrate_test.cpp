#include <gtest/gtest.h>

#include "tests/unit/cli/bench.hpp"

namespace ark::testing {
namespace {

TEST(ledger_migrate, needs_a_server_to_copy_to) {
  cli_bench bench;
  EXPECT_EQ(bench.run({"ledger", "migrate"}), 2);
  EXPECT_NE(bench.err.find("--to"), std::string::npos);
  EXPECT_NE(bench.run({"ledger", "migrate", "--to", "/tmp/other.sqlite"}), 0);
  EXPECT_NE(bench.err.find("postgresql://"), std::string::npos);
}

TEST(ledger_migrate, a_password_in_the_name_is_refused_and_not_repeated) {
  cli_bench bench;
  EXPECT_NE(bench.run({"--ledger", "postgresql://ark:s3cret@localhost/x", "ledger", "list"}), 0);
  EXPECT_EQ((bench.err + bench.out).find("s3cret"), std::string::npos);
}

}  // namespace
}  // namespace ark::testing
