#include <gtest/gtest.h>

#include "base/json.hpp"
#include "tests/unit/cli/bench.hpp"

namespace ark::cli {
namespace {

struct rows_offline : ::testing::Test {
  bool told(const std::string& text) const { return bench.out.find(text) != std::string::npos; }
  testing::cli_bench bench;
};

TEST_F(rows_offline, are_all_sound) {
  EXPECT_EQ(bench.run({"doctor", "--offline"}), 0) << bench.out;
  for (const auto* what : {"vendor openai", "vendor custom", "no base URL is set", "verified: "})
    EXPECT_TRUE(told(what)) << what;
  EXPECT_EQ(bench.out.find("problem"), std::string::npos) << bench.out;
  bench.run({"doctor", "--offline", "--json"});
  EXPECT_TRUE(json::is_valid(bench.out));
}

TEST_F(rows_offline, say_where_the_key_comes_from_and_never_which_it_is) {
  EXPECT_EQ(bench.run({"doctor", "openai", "--offline"}), 0);
  EXPECT_TRUE(told("warning  key")) << bench.out;
  EXPECT_TRUE(told("OPENAI_API_KEY")) << bench.out;
  bench.machine.variables["OPENAI_API_KEY"] = "sk-hunter2";
  EXPECT_EQ(bench.run({"doctor", "openai", "--offline"}), 0);
  EXPECT_TRUE(told("from environment OPENAI_API_KEY")) << bench.out;
  EXPECT_FALSE(told("hunter2"));
  bench.machine.variables["ARK_OPENAI_BASE_URL"] = "http://127.0.0.1:1/v1";
  EXPECT_EQ(bench.run({"doctor", "openai", "--offline"}), 0);
  EXPECT_TRUE(told("warning  key")) << "the vendor's own key does not go there\n" << bench.out;
  EXPECT_TRUE(told("from the settings")) << bench.out;
}

TEST_F(rows_offline, tell_prices_and_what_they_were_verified_against) {
  bench.run({"doctor", "anthropic", "--offline"});
  EXPECT_TRUE(told("with prices, the newest of 20")) << bench.out;
  EXPECT_TRUE(told("no live call")) << bench.out;
  EXPECT_TRUE(told("read on 20")) << bench.out;
  bench.run({"doctor", "vllm", "--offline"});
  EXPECT_TRUE(told("warning  prices")) << bench.out;
  EXPECT_EQ(bench.run({"doctor", "custom", "--offline"}), 1) << "it was asked for by name";
  EXPECT_TRUE(told("vendors.custom.base_url")) << bench.out;
}

}  // namespace
}  // namespace ark::cli
