#include <gtest/gtest.h>

#include "base/json.hpp"
#include "tests/unit/cli/bench.hpp"

namespace ark::cli {
namespace {

struct a_config : ::testing::Test {
  testing::cli_bench bench;
};

TEST_F(a_config, set_writes_a_private_file_and_get_reads_it) {
  EXPECT_EQ(bench.run({"config", "set", "model", "openai/gpt-5"}), 0);
  EXPECT_EQ(*os::read_file(bench.config_file(), 1000), "model: openai/gpt-5\n");
  EXPECT_EQ(bench.run({"config", "get", "model"}), 0);
  EXPECT_EQ(bench.out, "openai/gpt-5\n");
}

TEST_F(a_config, set_keeps_what_people_wrote) {
  bench.write_config("# mine\nmodel: a # why\nledger:\n  path: /x\n");
  EXPECT_EQ(bench.run({"config", "set", "model", "b"}), 0);
  EXPECT_EQ(*os::read_file(bench.config_file(), 1000),
            "# mine\nmodel: b # why\nledger:\n  path: /x\n");
}

TEST_F(a_config, set_refuses_what_would_be_wrong_and_changes_nothing) {
  bench.write_config("model: a\n");
  EXPECT_EQ(bench.run({"config", "set", "timeouts.total_ms", "soon"}), 2);
  EXPECT_EQ(bench.run({"config", "set", "modle", "b"}), 2);
  EXPECT_EQ(bench.run({"config", "set", "vendors.custom.base_url", "https://k@evil/"}), 2);
  EXPECT_EQ(*os::read_file(bench.config_file(), 1000), "model: a\n");
}

TEST_F(a_config, explain_tells_file_and_line) {
  bench.write_config("\nmodel: a/b\n");
  EXPECT_EQ(bench.run({"config", "explain"}), 0);
  EXPECT_NE(bench.out.find("user file (" + bench.config_file() + ":2)"), std::string::npos);
  EXPECT_EQ(bench.run({"config", "explain", "--all"}), 0);
  EXPECT_NE(bench.out.find("ARK_TIMEOUTS_TOTAL_MS"), std::string::npos);
  EXPECT_EQ(bench.run({"config", "explain", "--json"}), 0);
  EXPECT_TRUE(json::is_valid(bench.out));
}

// T18
TEST_F(a_config, passwords_of_proxies_are_never_shown) {
  bench.write_config("proxy: http://user:hunter2@proxy:3128\n");
  EXPECT_EQ(bench.run({"config", "explain"}), 0);
  EXPECT_EQ((bench.out + bench.err).find("hunter2"), std::string::npos);
  EXPECT_EQ(bench.run({"config", "get", "proxy"}), 0);
  EXPECT_EQ((bench.out + bench.err).find("hunter2"), std::string::npos);
}

TEST_F(a_config, check_names_every_mistake) {
  EXPECT_EQ(bench.run({"config", "check"}), 0);
  bench.write_config("modle: a\ntimeouts: {total_ms: x}\n");
  EXPECT_EQ(bench.run({"config", "check"}), 2);
  EXPECT_NE(bench.err.find(":1:1: modle"), std::string::npos);
  EXPECT_NE(bench.err.find(":2:"), std::string::npos);
  EXPECT_EQ(bench.run({"config", "check", bench.config_file()}), 2);
}

TEST_F(a_config, what_is_not_set) {
  EXPECT_EQ(bench.run({"config", "get", "proxy"}), 1);
  EXPECT_EQ(bench.out, "");
}

}  // namespace
}  // namespace ark::cli
