#include <gtest/gtest.h>

#include "tests/unit/cli/bench.hpp"

namespace ark::cli {
namespace {

struct cache_why : ::testing::Test {
  testing::cli_bench bench;
  std::string file(const std::string& name, const std::string& text) {
    const auto path = bench.folder.file(name);
    EXPECT_TRUE(os::write_file(path, text, 0600));
    return path;
  }
  static std::string asking(const std::string& system) {
    return R"({"messages":[{"role":"system","content":")" + system +
           R"("},{"role":"user","content":"hi"}]})";
  }
};

TEST_F(cache_why, shows_the_first_difference_and_the_exact_money) {
  const std::string rules(4000, 'r');
  const auto a = file("a.json", asking("It is 09:00. " + rules));
  const auto b = file("b.json", asking("It is 10:00. " + rules));
  ASSERT_EQ(bench.run({"cache", "why", a, b, "-m", "openai/gpt-5-mini"}), 0) << bench.err;
  EXPECT_NE(bench.out.find("messages[0] (system), byte 6"), std::string::npos) << bench.out;
  EXPECT_NE(bench.out.find("$.messages[0].content"), std::string::npos) << bench.out;
  EXPECT_NE(bench.out.find("09:00"), std::string::npos);
  // 0.25 and 0.025 USD for a million: 0.000000225 a token.
  ASSERT_EQ(bench.run({"--json", "cache", "why", a, b, "-m", "openai/gpt-5-mini"}), 0);
  const auto lost_at = bench.out.find("\"lost\":");
  ASSERT_NE(lost_at, std::string::npos) << bench.out;
  const auto lost = std::stoll(bench.out.substr(lost_at + 7));
  EXPECT_NEAR(static_cast<double>(lost), 1000, 20);
  const auto extra = amount::parse("0.000000225")->times_ratio(lost, 1);
  EXPECT_NE(bench.out.find("\"value\":\"" + extra->to_string() + "\",\"currency\":\"USD\""),
            std::string::npos)
      << bench.out << extra->to_string();
}

TEST_F(cache_why, takes_lines_of_one_file_and_files_of_many_lines) {
  const auto lines = file("calls.jsonl", asking("x") + "\n" + asking("x") + "\n");
  EXPECT_EQ(bench.run({"cache", "why", lines + ":1", lines + ":2", "-m", "openai/gpt-5-mini"}), 0)
      << bench.err;
  EXPECT_NE(bench.out.find("the same to the last byte"), std::string::npos) << bench.out;
  const auto pretty = file("pretty.json", "{\n  \"prompt\": \"x\"\n}\n");
  EXPECT_EQ(bench.run({"cache", "why", pretty, pretty, "-m", "openai/gpt-5-mini"}), 0) << bench.err;
  EXPECT_EQ(bench.run({"cache", "why", lines, lines, "-m", "openai/gpt-5-mini"}), 2);
  EXPECT_NE(bench.err.find("name one by its line"), std::string::npos);
  EXPECT_EQ(bench.run({"cache", "why", lines + ":1", lines + ":9", "-m", "openai/gpt-5-mini"}), 2);
  EXPECT_NE(bench.err.find("has no line 9"), std::string::npos);
}

TEST_F(cache_why, says_what_is_missing) {
  const auto a = file("a.json", asking("x"));
  EXPECT_EQ(bench.run({"cache", "why", a, a}), 2);
  EXPECT_NE(bench.err.find("-m"), std::string::npos);
  EXPECT_NE(bench.run({"cache", "why", "/no/such", a, "-m", "openai/gpt-5-mini"}), 0);
  const auto b = file("b.json", asking("y"));
  EXPECT_EQ(bench.run({"cache", "why", a, b, "-m", "openai/no-such-model-1"}), 0) << bench.err;
  EXPECT_NE(bench.out.find("not known"), std::string::npos) << bench.out;
}

}  // namespace
}  // namespace ark::cli
