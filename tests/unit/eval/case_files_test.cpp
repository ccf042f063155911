#include "eval/case_files.hpp"

#include <gtest/gtest.h>

namespace ark::eval {

TEST(case_files, csv_columns_are_variables) {
  const auto cases =
      read_cases("id,question,answer\nq1,\"What, now?\",42\n,again,7\n", "c.csv").value();
  ASSERT_EQ(cases.size(), 2u);
  EXPECT_EQ(cases[0].id, "q1");
  EXPECT_EQ(cases[0].vars, (variables{{"question", "What, now?"}, {"answer", "42"}}));
  EXPECT_EQ(cases[1].place, "c.csv:3");
}

TEST(case_files, csv_column_expect_is_an_assertion) {
  const auto cases =
      read_cases("q,expect\nx,icontains: New York\ny,\nz,is-json\n", "c.csv").value();
  ASSERT_EQ(cases.at(0).assertions.size(), 1u);
  EXPECT_EQ(cases[0].assertions[0].type, "icontains");
  EXPECT_EQ(cases[0].assertions[0].value, R"("New York")");
  EXPECT_EQ(cases[0].assertions[0].place, "c.csv:2: expect");
  EXPECT_TRUE(cases[1].assertions.empty());
  EXPECT_EQ(cases[2].assertions.at(0).value, "");
}

TEST(case_files, csv_mistakes_have_file_and_line) {
  EXPECT_EQ(read_cases("a,b\n1\n", "c.csv").error().message.substr(0, 8), "c.csv:2:");
  EXPECT_EQ(read_cases("a,a\n", "c.csv").error().message.substr(0, 8), "c.csv:1:");
  EXPECT_EQ(read_cases("a\n\"x", "c.csv").error().message.substr(0, 8), "c.csv:2:");
}

TEST(case_files, jsonl_lines_are_cases) {
  const auto cases = read_cases(
                         "{\"id\":\"a\",\"vars\":{\"x\":\"1\",\"n\":{\"k\":[1,2]}},\"expect\":[{"
                         "\"type\":\"contains\",\"value\":\"z\"}]}\n\n"
                         "{\"vars\":{\"x\":\"2\"},\"threshold\":0.5}\n",
                         "c.jsonl")
                         .value();
  ASSERT_EQ(cases.size(), 2u);
  EXPECT_EQ(cases[0].vars.at("n"), R"({"k":[1,2]})");
  EXPECT_EQ(cases[0].assertions.at(0).place, "c.jsonl:1: expect[0]");
  EXPECT_EQ(cases[1].threshold, 0.5);
}

TEST(case_files, jsonl_mistakes_have_the_line_of_the_file) {
  const auto r = read_cases("{\"id\":\"a\"}\n{\"idd\":\"b\"}\n", "c.jsonl");
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().message.substr(0, 10), "c.jsonl:2:");
  EXPECT_FALSE(read_cases("x", "c.txt"));
}

TEST(case_files, a_line_that_is_no_json_is_called_that) {
  const auto r = read_cases("{\"id\":\"a\"}\n{\"id\":\"b\"\n", "c.jsonl");
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().message.substr(0, 20), "c.jsonl:2: not JSON:");
}

TEST(case_files, a_line_that_is_too_long_has_its_place_and_advice) {
  const std::string big = R"({"vars":{"x":")" + std::string(5u << 20, 'x') + "\"}}";
  const auto r = read_cases("{}\n" + big + "\n", "c.jsonl");
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().message.substr(0, 10), "c.jsonl:2:");
  EXPECT_NE(r.error().message.find("CSV"), std::string::npos);
  EXPECT_EQ(r.error().message.find("JSONL"), std::string::npos);
  EXPECT_TRUE(read_cases("x\n" + std::string(5u << 20, 'x') + "\n", "c.csv")) << "as is advised";
}

}  // namespace ark::eval
