#include <gtest/gtest.h>

#include "tests/unit/cli/bench.hpp"

namespace ark::cli::prompt_test {
namespace {

struct a_prompt_eval : ::testing::Test {
  testing::cli_bench bench;

  int run(const std::string& cases) {
    const std::string path = bench.folder.file("cases.jsonl");
    (void)os::write_file(path, cases, 0600);
    return bench.run({"prompt", "eval", "--cases", path});
  }
};

TEST_F(a_prompt_eval, is_one_line_for_each_case_in_their_order) {
  EXPECT_EQ(run(R"({"id": "a", "template": "{{ x|upper }}", "context": {"x": "hi"}})"
                "\n\n"
                R"({"id": "b", "template": "{{ 1 // 0 }}"})"
                "\n"
                R"({"id": "c", "template": "{% if %}", "env": {"profile": "hf"}})"),
            0)
      << bench.err;
  EXPECT_EQ(bench.out.find(R"({"id":"a","output":"HI"})"
                           "\n"
                           R"({"id":"b","error":{"phase":"render",)"
                           R"("class":"ZeroDivisionError","line":1,)"),
            0U)
      << bench.out;
  EXPECT_NE(bench.out.find(R"({"id":"c","error":{"phase":"parse","class":"TemplateSyntaxError",)"),
            std::string::npos)
      << bench.out;
}

TEST_F(a_prompt_eval, answers_a_line_that_is_no_case) {
  EXPECT_EQ(run("nonsense\n"), 0);
  EXPECT_NE(bench.out.find(R"("phase":"read")"), std::string::npos);
}

TEST_F(a_prompt_eval, says_which_file_it_cannot_read) {
  EXPECT_EQ(bench.run({"prompt", "eval", "--cases", "/nowhere/cases.jsonl"}), 2);
  EXPECT_NE(bench.err.find("/nowhere/cases.jsonl cannot be read"), std::string::npos) << bench.err;
}

}  // namespace
}  // namespace ark::cli::prompt_test
