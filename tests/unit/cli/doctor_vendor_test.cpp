#include <gtest/gtest.h>

#include "cli/doctor.hpp"
#include "client/client_state.hpp"
#include "tests/unit/cli/bench.hpp"

// Servers that answer: tests/integration/cli.
namespace ark::cli {
namespace {

TEST(doctor_vendor, without_a_key_is_a_problem_once) {
  testing::cli_bench bench;
  bench.machine.variables["ARK_OPENAI_BASE_URL"] = "http://127.0.0.1:1/v1";
  EXPECT_EQ(bench.run({"doctor", "openai", "--yes"}), 1);
  EXPECT_NE(bench.out.find("problem  key"), std::string::npos) << bench.out;
  EXPECT_EQ(bench.out.find("warning  key"), std::string::npos) << bench.out;
  EXPECT_NE(bench.out.find("problem  network"), std::string::npos) << bench.out;
  EXPECT_EQ(bench.out.find("  call "), std::string::npos) << bench.out;
}

TEST(doctor_vendor, has_no_address_and_is_not_called) {
  testing::cli_bench bench;
  EXPECT_EQ(bench.run({"doctor", "custom", "--yes"}), 1);
  EXPECT_NE(bench.out.find("problem  base URL"), std::string::npos) << bench.out;
  EXPECT_EQ(bench.out.find("network"), std::string::npos) << bench.out;
}

}  // namespace
}  // namespace ark::cli
