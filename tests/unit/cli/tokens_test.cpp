#include "tests/unit/cli/tokens_bench.hpp"

namespace ark::cli {
namespace {

struct tokens_command : testing::tokens_bench {};

TEST_F(tokens_command, installs_and_lists) {
  EXPECT_EQ(tokens({"list"}), 0);
  EXPECT_NE(bench.err.find("no vocabulary is installed"), std::string::npos);
  ASSERT_EQ(install(), 0) << bench.err;
  EXPECT_EQ(bench.out.find("toy: 301 ids, 1 added tokens, "), 0U) << bench.out;
  EXPECT_NE(bench.out.find(bench.folder.file(".local/share/ark/tokens")), std::string::npos);
  EXPECT_EQ(tokens({"list"}), 0);
  EXPECT_NE(bench.out.find("toy.tiktoken"), std::string::npos) << bench.out;
  EXPECT_EQ(tokens({"list", "--json"}), 0);
  EXPECT_EQ(bench.out.find(R"([{"name":"toy","ids":301,"added_tokens":1,"bytes":)"), 0U);
  EXPECT_NE(bench.out.find(R"("source":"toy.tiktoken","source_sha256":")"), std::string::npos);
}

TEST_F(tokens_command, installs_where_xdg_says) {
  bench.machine.variables["XDG_DATA_HOME"] = bench.folder.file("xdg");
  ASSERT_EQ(install(), 0) << bench.err;
  EXPECT_TRUE(os::read_file(bench.folder.file("xdg/ark/tokens/toy.bpe"), 1u << 24));
}

TEST_F(tokens_command, says_what_is_wrong_with_a_file) {
  const auto ranks = testing::toy_ranks();
  const auto file = write("cl100k_base.tiktoken", ranks.substr(0, ranks.size() - 5));
  EXPECT_EQ(tokens({"install", file}), 2);
  EXPECT_NE(bench.err.find("cl100k_base.tiktoken: rank file, line 265"), std::string::npos)
      << bench.err;
  EXPECT_EQ(tokens({"install", bench.folder.file("none")}), 2);
  EXPECT_EQ(tokens({"install", file, "--special", "x"}), 2);
  EXPECT_NE(bench.err.find("TEXT=ID"), std::string::npos);
  bench.machine.variables.clear();
  EXPECT_EQ(tokens({"list"}), 2);
  EXPECT_NE(bench.err.find("XDG_DATA_HOME"), std::string::npos);
}

TEST_F(tokens_command, lists_a_damaged_vocabulary_as_a_failed_check) {
  ASSERT_EQ(install(), 0);
  write(".local/share/ark/tokens/bad.bpe", "nonsense");
  EXPECT_EQ(tokens({"list"}), 1);
  EXPECT_NE(bench.out.find("damaged"), std::string::npos) << bench.out;
  EXPECT_NE(bench.err.find("install it again"), std::string::npos);
  EXPECT_EQ(tokens({"list", "--json"}), 1);
  EXPECT_NE(bench.out.find(R"("problem":")"), std::string::npos);
}

TEST_F(tokens_command, offers_the_installed_names_to_shells) {
  ASSERT_EQ(install(), 0);
  EXPECT_EQ(bench.run({"complete", "encodings"}), 0);
  EXPECT_EQ(bench.out, "toy\n");
}

TEST_F(tokens_command, counts_by_a_models_vocabulary_or_estimates) {
  ASSERT_EQ(install(), 0);
  EXPECT_EQ(tokens({"count", "-m", "openai/gpt-4o", "hello world"}), 0);
  EXPECT_NE(bench.out.find("), an estimate"), std::string::npos) << bench.out;
  EXPECT_NE(bench.err.find("o200k_base, which is not installed"), std::string::npos) << bench.err;
  EXPECT_EQ(tokens({"count", "-m", "openai/gpt-4oo", "hello world"}), 0);
  EXPECT_NE(bench.err.find("did you mean 'openai/gpt-4o'"), std::string::npos) << bench.err;
  EXPECT_EQ(tokens({"count", "-m", "anthropic/claude-haiku-4-5", "hello world", "--json"}), 0);
  EXPECT_NE(bench.out.find(R"("provenance":"estimate","encoding":null,"reason":")"),
            std::string::npos)
      << bench.out;
  // The user's "toy" under the name that gpt-4o has; also by an id without a vendor.
  ASSERT_EQ(tokens({"install", bench.folder.file(".local/share/ark/tokens/toy.bpe"), "--name",
                    "o200k_base"}),
            0)
      << bench.err;
  for (const char* model : {"openai/gpt-4o", "gpt-4o"}) {
    EXPECT_EQ(tokens({"count", "-m", model, "hello world"}), 0);
    EXPECT_EQ(bench.out, "2\n") << bench.err;
  }
}

TEST_F(tokens_command, knows_the_users_rows_of_models) {
  ASSERT_EQ(install(), 0);
  (void)os::make_private_directory(bench.folder.file("rows"));
  write("rows/mine.textproto",
        R"(vendor: "ollama" currency: "USD" model { id: "m:8b" mode: chat encoding: "toy" })");
  bench.write_config("model_directories: [" + bench.folder.file("rows") + "]\n");
  EXPECT_EQ(tokens({"count", "-m", "ollama/m:8b", "hello world"}), 0) << bench.err;
  EXPECT_EQ(bench.out, "2\n");
  EXPECT_EQ(bench.run({"models", "show", "ollama/m:8b"}), 0);
  EXPECT_NE(bench.out.find("toy"), std::string::npos) << bench.out;
}

TEST_F(tokens_command, needs_one_vocabulary) {
  EXPECT_EQ(tokens({"count", "x"}), 2);
  EXPECT_EQ(tokens({"count", "-e", "toy", "-m", "openai/gpt-4o", "x"}), 2);
  EXPECT_EQ(tokens({"count", "-e", "toy", "x"}), 2);
  EXPECT_NE(bench.err.find(R"(no vocabulary "toy" is installed)"), std::string::npos);
}

}  // namespace
}  // namespace ark::cli
