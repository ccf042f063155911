#include "tests/unit/cli/tokens_bench.hpp"

namespace ark::cli {
namespace {

struct tokens_of_rows : testing::tokens_bench {
  void SetUp() override { ASSERT_EQ(install(), 0) << bench.err; }
};

TEST_F(tokens_of_rows, are_a_row_for_each) {
  const auto file = write("rows.jsonl", R"({"id":"a","text":"hello world"})"
                                        "\n\n"
                                        R"({"id":2,"text":""})");
  EXPECT_EQ(tokens({"count", "--encoding", "toy", "--jsonl", file}), 0);
  EXPECT_EQ(bench.out, R"({"id":"a","count":2})"
                       "\n"
                       R"({"id":2,"count":0})"
                       "\n");
  EXPECT_EQ(
      tokens({"encode", "--encoding", "toy", "--jsonl", "-"}, R"({"id":"a","text":"hello world"})"),
      0);
  EXPECT_EQ(bench.out, R"({"id":"a","ids":[259,264]})"
                       "\n");
  EXPECT_EQ(tokens({"decode", "--encoding", "toy", "--jsonl", "-"}, bench.out), 0);
  EXPECT_EQ(bench.out, R"({"id":"a","text":"hello world"})"
                       "\n");
}

TEST_F(tokens_of_rows, go_on_after_one_that_is_wrong) {
  EXPECT_EQ(tokens({"count", "-e", "toy", "--jsonl", "-"},
                   "{\"id\":1,\"text\":\"hello\"}\nnonsense\n{\"id\":3}\n"
                   "{\"id\":4,\"text\":\"hello\"}\n"),
            2);
  EXPECT_EQ(bench.out.find("{\"id\":1,\"count\":1}\n{\"id\":null,\"line\":2,\"error\":"), 0U)
      << bench.out;
  EXPECT_NE(bench.out.find("{\"id\":3,\"line\":3,\"error\":"), std::string::npos);
  EXPECT_TRUE(bench.out.ends_with("{\"id\":4,\"count\":1}\n"));
  EXPECT_NE(bench.err.find("2 of 4 rows are wrong; the first is standard input:2: "),
            std::string::npos)
      << bench.err;
}

TEST_F(tokens_of_rows, that_are_refused_keep_their_id) {
  EXPECT_EQ(tokens({"count", "-e", "toy", "--special", "refuse", "--jsonl", "-"},
                   R"({"id":"x","text":"<|end|>"})"),
            2);
  EXPECT_EQ(bench.out.find(R"({"id":"x","line":1,"error":{"code":"invalid_request")"), 0U);
}

TEST_F(tokens_of_rows, are_said_to_be_estimates) {
  EXPECT_EQ(tokens({"count", "-m", "nobody/knows", "--jsonl", "-"}, R"({"id":1,"text":"hello"})"),
            0);
  EXPECT_NE(bench.out.find(R"("provenance":"estimate"})"), std::string::npos) << bench.out;
  EXPECT_NE(bench.err.find("note: estimates: "), std::string::npos) << bench.err;
}

TEST_F(tokens_of_rows, need_a_file_that_is_there) {
  EXPECT_EQ(tokens({"count", "-e", "toy", "--jsonl", bench.folder.file("none")}), 2);
  EXPECT_NE(bench.err.find("none"), std::string::npos);
}

}  // namespace
}  // namespace ark::cli
