#include "bench.hpp"

#include <gtest/gtest.h>

namespace ark::testing {
namespace {

// A simulator that runs is in tests/integration; here is what ends before it listens.

TEST(sim_command, tells_the_grammar_of_faults) {
  cli_bench bench;
  EXPECT_EQ(bench.run({"sim", "--faults"}), 0);
  EXPECT_NE(bench.out.find("status=503@nth=2"), std::string::npos);
}

TEST(sim_command, mistakes_are_two_and_named) {
  cli_bench bench;
  EXPECT_EQ(bench.run({"sim", "--fault", "stauts=503"}), 2);
  EXPECT_NE(bench.err.find("stauts"), std::string::npos);
  EXPECT_EQ(bench.run({"sim", "--latency", "soon"}), 2);
  EXPECT_EQ(bench.run({"sim", "--port", "70000"}), 2);
  EXPECT_EQ(bench.run({"sim", "--port", "x"}), 2);
}

}  // namespace
}  // namespace ark::testing
