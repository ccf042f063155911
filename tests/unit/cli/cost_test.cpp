#include <gtest/gtest.h>

#include "base/json.hpp"
#include "tests/unit/cli/bench.hpp"

namespace ark::cli::cost_test {
namespace {

struct a_cost : ::testing::Test {
  testing::cli_bench bench;

  std::string file(const std::string& text) {
    std::string path = bench.folder.file("cases.json");
    (void)os::write_file(path, text, 0600);
    return path;
  }
};

constexpr const char* one_case =
    R"({"id":"a","vendor":"openai","model":"gpt-4.1","currency":"USD","usage":)"
    R"({"prompt_tokens":1000,"completion_tokens":500,"total_tokens":1500},"prices":)"
    R"({"input":"2","output":"8"},"expected":{"total":"0.006"}})";

TEST_F(a_cost, is_one_line_of_json_for_each_case) {
  EXPECT_EQ(bench.run({"cost", "eval", "--cases",
                       file(std::string(R"({"cases":[)") + one_case + "," + one_case + "]}")}),
            0)
      << bench.err;
  const std::string line =
      R"({"id":"a","currency":"USD","total":"0.006","lines":[{"label":"input","quantity":"1000",)"
      R"("unit_price":"2","per":"1000000","amount":"0.002"},{"label":"output","quantity":"500",)"
      R"("unit_price":"8","per":"1000000","amount":"0.004"}],"status":"exact"})"
      "\n";
  EXPECT_EQ(bench.out, line + line);
}

TEST_F(a_cost, may_be_compared_with_what_is_expected) {
  const std::string right = std::string("[") + one_case + "]";
  EXPECT_EQ(bench.run({"cost", "eval", "--check", "--cases", file(right)}), 0) << bench.err;
  std::string wrong = right;
  wrong.replace(wrong.find("0.006"), 5, "0.007");
  EXPECT_EQ(bench.run({"cost", "eval", "--check", "--cases", file(wrong)}), 1);
  EXPECT_NE(bench.err.find("a: expected 0.007, got 0.006"), std::string::npos) << bench.err;
  EXPECT_NE(bench.out.find(R"("total":"0.006")"), std::string::npos);
  EXPECT_EQ(bench.run({"cost", "eval", "--cases", file(wrong)}), 0) << "only if asked";
}

TEST_F(a_cost, of_no_cases_is_wrong_usage) {
  EXPECT_EQ(bench.run({"cost", "eval", "--cases", bench.folder.file("none.json")}), 2);
  EXPECT_EQ(bench.run({"cost", "eval", "--cases", file("no json")}), 2);
  EXPECT_NE(bench.err.find("is no JSON"), std::string::npos) << bench.err;
  EXPECT_EQ(bench.run({"cost", "eval", "--cases", file("{}")}), 2);
  EXPECT_EQ(bench.run({"cost", "eval"}), 2);
}

}  // namespace
}  // namespace ark::cli::cost_test
