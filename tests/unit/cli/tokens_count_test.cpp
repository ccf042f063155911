#include "tests/unit/cli/tokens_bench.hpp"

namespace ark::cli {
namespace {

struct tokens_of_a_text : testing::tokens_bench {
  void SetUp() override { ASSERT_EQ(install(), 0) << bench.err; }
};

TEST_F(tokens_of_a_text, are_counted) {
  EXPECT_EQ(tokens({"count", "-e", "toy", "hello", "world"}), 0);
  EXPECT_EQ(bench.out, "2\n");
  EXPECT_EQ(bench.err, "");
  EXPECT_EQ(tokens({"count", "--encoding", "toy"}, "hello world\n"), 0);
  EXPECT_EQ(bench.out, "3\n");
  EXPECT_EQ(tokens({"count", "-e", "toy", "hello", "--json"}), 0);
  EXPECT_EQ(bench.out, R"({"count":1,"low":1,"high":1,"provenance":"exact","encoding":"toy"})"
                       "\n");
}

TEST_F(tokens_of_a_text, are_counted_up_to_a_limit) {
  EXPECT_EQ(tokens({"count", "-e", "toy", "--limit", "2", "hello world"}), 0);
  EXPECT_EQ(bench.out, "2\n");
  EXPECT_EQ(tokens({"count", "-e", "toy", "--limit", "1", "hello world"}), 1);
  EXPECT_EQ(bench.out, "more than 1\n");
  EXPECT_EQ(tokens({"count", "-e", "toy", "--limit", "1", "hello world", "--json"}), 1);
  EXPECT_EQ(bench.out,
            R"({"limit":1,"exceeded":true,"count":null,"provenance":"exact","encoding":"toy"})"
            "\n");
  EXPECT_EQ(tokens({"count", "-m", "nobody/knows", "--limit", "1", "hello world"}), 1);
  EXPECT_NE(bench.out.find("an estimate: over 1"), std::string::npos) << bench.out;
  EXPECT_EQ(tokens({"count", "-e", "toy", "--limit", "1", "--jsonl", "-"}, "{}"), 2);
}

TEST_F(tokens_of_a_text, have_ids_and_a_text) {
  EXPECT_EQ(tokens({"encode", "-e", "toy", "hello world"}), 0);
  EXPECT_EQ(bench.out, "259 264\n");
  EXPECT_EQ(tokens({"decode", "-e", "toy"}, bench.out), 0);
  EXPECT_EQ(bench.out, "hello world");
  EXPECT_EQ(tokens({"encode", "-e", "toy", "hello world", "--json"}), 0);
  EXPECT_EQ(bench.out, R"({"ids":[259,264],"encoding":"toy"})"
                       "\n");
  EXPECT_EQ(tokens({"decode", "-e", "toy", "[259,", "264]", "--json"}), 0);
  EXPECT_EQ(bench.out, R"({"text":"hello world"})"
                       "\n");
}

TEST_F(tokens_of_a_text, that_are_special_are_what_is_asked_for) {
  EXPECT_EQ(tokens({"encode", "-e", "toy", "<|end|>"}), 0);
  EXPECT_NE(bench.out, "300\n");
  EXPECT_EQ(tokens({"encode", "-e", "toy", "--special", "allow", "<|end|>"}), 0);
  EXPECT_EQ(bench.out, "300\n");
  EXPECT_EQ(tokens({"count", "-e", "toy", "--special", "refuse", "<|end|>"}), 2);
  EXPECT_EQ(bench.out, "");
  EXPECT_NE(bench.err.find("<|end|>"), std::string::npos);
}

TEST_F(tokens_of_a_text, are_none_without_a_vocabulary) {
  for (const char* verb : {"encode", "decode"}) {
    EXPECT_EQ(tokens({verb, "-m", "openai/gpt-4o", "1"}), 2);
    EXPECT_NE(bench.err.find("no ids without a vocabulary"), std::string::npos) << bench.err;
  }
}

TEST_F(tokens_of_a_text, are_told_from_what_are_no_ids) {
  for (const char* word : {"x", "1x", "-1", "99999999999", "1.5"}) {
    EXPECT_EQ(tokens({"decode", "-e", "toy"}, word), 2) << word;
    EXPECT_NE(bench.err.find("is no id"), std::string::npos) << bench.err;
  }
  EXPECT_EQ(tokens({"decode", "-e", "toy", "290"}), 2);
}

TEST_F(tokens_of_a_text, may_be_parts_of_a_character) {
  EXPECT_EQ(tokens({"decode", "-e", "toy", "228"}), 0);
  EXPECT_EQ(bench.out, "\xe4");
  EXPECT_NE(bench.err.find("not UTF-8"), std::string::npos);
  EXPECT_EQ(tokens({"decode", "-e", "toy", "228", "--json"}), 0);
  EXPECT_EQ(bench.out, "{\"text\":\"\xef\xbf\xbd\"}\n");
}

}  // namespace
}  // namespace ark::cli
