#include "bench.hpp"
#include "eval/results_file.hpp"
#include "eval/suite.hpp"

#include <gtest/gtest.h>

namespace ark::testing {
namespace {

// Runs that ask somebody are in tests/integration/eval; here every answer is kept from before.
class eval_command : public ::testing::Test {
 protected:
  void SetUp() override {
    write("s.yaml",
          "name: demo\nprompts: [{id: p, messages: [{content: hi}]}]\nmodels: [custom/m]\n"
          "cases: [{id: one}, {id: two}]\n");
  }
  void write(const std::string& name, const std::string& text) {
    ASSERT_TRUE(os::write_file(bench_.folder.file(name), text, 0600));
  }
  std::string suite() const { return bench_.folder.file("s.yaml"); }
  void keep(eval::row_status one, eval::row_status two) {
    auto file = eval::results_file::open(suite() + ".results.jsonl",
                                         eval::load_suite(suite()).value(), true)
                    .value();
    ASSERT_TRUE(
        file.append({.prompt_id = "p", .model = "custom/m", .case_id = "one", .status = one}));
    ASSERT_TRUE(
        file.append({.prompt_id = "p", .model = "custom/m", .case_id = "two", .status = two}));
  }
  cli_bench bench_;
};

TEST_F(eval_command, tells_kept_answers_without_asking) {
  keep(eval::row_status::pass, eval::row_status::pass);
  EXPECT_EQ(bench_.run({"eval", "run", suite()}), 0) << bench_.err;
  EXPECT_NE(bench_.out.find("100.0%"), std::string::npos);
  EXPECT_NE(bench_.err.find("nothing is asked"), std::string::npos);
}

TEST_F(eval_command, a_wrong_answer_is_one) {
  keep(eval::row_status::pass, eval::row_status::fail);
  EXPECT_EQ(bench_.run({"eval", "run", suite(), "--json"}), 1);
  EXPECT_NE(bench_.out.find(R"("failed":1)"), std::string::npos);
  EXPECT_EQ(bench_.run({"eval", "run", suite(), "--filter", "one"}), 0);
}

TEST_F(eval_command, writes_junit) {
  keep(eval::row_status::pass, eval::row_status::fail);
  const std::string report = bench_.folder.file("r.xml");
  EXPECT_EQ(bench_.run({"eval", "run", suite(), "--junit", report}), 1);
  const auto xml = os::read_file(report, 1 << 20);
  ASSERT_TRUE(xml);
  EXPECT_NE(xml->find(R"(tests="2" failures="1")"), std::string::npos);
}

TEST_F(eval_command, a_mistake_is_two_and_says_where) {
  write("s.yaml", "prompts: [{messages: [{content: hi}]}]\nmodles: [x]\n");
  EXPECT_EQ(bench_.run({"eval", "run", suite()}), 2);
  EXPECT_NE(bench_.err.find("s.yaml:2:"), std::string::npos) << bench_.err;
  EXPECT_EQ(bench_.run({"eval", "run", bench_.folder.file("absent.yaml")}), 2);
  EXPECT_EQ(bench_.run({"eval", "run"}), 2);
  EXPECT_EQ(bench_.run({"eval", "run", suite(), "--concurrency", "0"}), 2);
}

TEST_F(eval_command, a_filter_that_fits_nothing_is_two) {
  EXPECT_EQ(bench_.run({"eval", "run", suite(), "--filter", "nothing"}), 2);
}

TEST_F(eval_command, results_of_another_suite_are_refused) {
  keep(eval::row_status::pass, eval::row_status::pass);
  write("s.yaml",
        "prompts: [{messages: [{content: new}]}]\nmodels: [custom/m]\ncases: [{id: one}]\n");
  EXPECT_EQ(bench_.run({"eval", "run", suite()}), 2);
  EXPECT_NE(bench_.err.find("--fresh"), std::string::npos);
}

}  // namespace
}  // namespace ark::testing
