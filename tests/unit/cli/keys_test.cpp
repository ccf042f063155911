#include <gtest/gtest.h>
#include <sys/stat.h>

#include <set>

#include "base/json.hpp"
#include "tests/unit/cli/bench.hpp"

namespace ark::cli {
namespace {

struct a_keys : ::testing::Test {
  testing::cli_bench bench;
  const std::string file = bench.folder.file(".config/ark/keys");

  void expect_no(const std::string& secret) {
    EXPECT_EQ((bench.out + bench.err).find(secret), std::string::npos) << bench.out << bench.err;
  }
};

TEST_F(a_keys, set_from_standard_input_list_and_remove) {
  EXPECT_EQ(bench.run({"keys", "set", "openai"}, "sk-very-secret\n"), 0) << bench.err;
  expect_no("sk-very-secret");
  struct stat info{};
  ASSERT_EQ(::stat(file.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
  EXPECT_EQ(bench.run({"keys", "list"}), 0);
  EXPECT_NE(bench.out.find("openai"), std::string::npos);
  EXPECT_NE(bench.out.find("sha256:"), std::string::npos);
  expect_no("sk-very-secret");
  EXPECT_EQ(bench.run({"keys", "list", "--json"}), 0);
  EXPECT_TRUE(json::is_valid(bench.out));
  expect_no("sk-very-secret");
  EXPECT_EQ(bench.run({"keys", "remove", "openai"}), 0);
  EXPECT_EQ(os::read_file(file, 1000)->find("sk-"), std::string::npos);
  EXPECT_EQ(bench.run({"keys", "remove", "openai"}), 2);
}

TEST_F(a_keys, a_key_is_never_an_argument) {
  EXPECT_EQ(bench.run({"keys", "set", "openai", "sk-very-secret"}), 2);
}

TEST_F(a_keys, empty_and_impossible_keys_are_refused) {
  EXPECT_EQ(bench.run({"keys", "set", "openai"}, ""), 2);
  EXPECT_EQ(bench.run({"keys", "set", "openai"}, "two words\n"), 2);
  expect_no("two words");
  EXPECT_EQ(bench.run({"keys", "set", "opnai"}, "k\n"), 2);
  EXPECT_NE(bench.err.find("did you mean 'openai'?"), std::string::npos);
}

TEST_F(a_keys, file_that_others_can_read_is_refused) {
  ASSERT_EQ(bench.run({"keys", "set", "openai"}, "sk-very-secret\n"), 0);
  ASSERT_EQ(::chmod(file.c_str(), 0644), 0);
  EXPECT_EQ(bench.run({"keys", "list"}), 2);
  EXPECT_NE(bench.err.find("chmod 600"), std::string::npos);
  expect_no("sk-very-secret");
  EXPECT_EQ(bench.run({"keys", "set", "groq"}, "x\n"), 2);
}

TEST_F(a_keys, environment_is_listed_without_the_key) {
  bench.machine.variables["OPENAI_API_KEY"] = "sk-from-environment";
  EXPECT_EQ(bench.run({"keys", "list"}), 0);
  EXPECT_NE(bench.out.find("environment OPENAI_API_KEY"), std::string::npos);
  expect_no("sk-from-environment");
}

TEST_F(a_keys, columns_are_as_wide_as_their_cells) {
  bench.machine.variables["OPENAI_API_KEY"] = "sk-x";
  ASSERT_EQ(bench.run({"keys", "set", "custom@http://a-long-host.example:8000"}, "sk-y\n"), 0);
  ASSERT_EQ(bench.run({"keys", "list"}), 0);
  std::set<std::size_t> columns;
  for (std::size_t at = 0; (at = bench.out.find("sha256:", at)) != std::string::npos; ++at) {
    columns.insert(at - bench.out.rfind('\n', at));
  }
  EXPECT_EQ(columns.size(), 1u) << bench.out;
  EXPECT_NE(bench.out.find("custom at http://a-long-host.example:8000  sha256:"), std::string::npos)
      << bench.out;
}

TEST_F(a_keys, with_an_address_of_its_own_the_key_is_bound_to_it) {
  bench.write_config("vendors: {openai: {base_url: 'http://127.0.0.1:9/v1'}}\n");
  EXPECT_EQ(bench.run({"keys", "set", "openai"}, "sk-local\n"), 0);
  EXPECT_NE(os::read_file(file, 1000)->find("openai@http://127.0.0.1:9 = "), std::string::npos);
}

}  // namespace
}  // namespace ark::cli
