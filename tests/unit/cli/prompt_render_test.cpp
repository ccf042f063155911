#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>

#include "base/json.hpp"
#include "tests/unit/cli/bench.hpp"

namespace ark::cli {
namespace {

struct prompt_commands : ::testing::Test {
  testing::cli_bench bench;
  const std::string dir = bench.folder.file("prompts");

  void write(const std::string& name, std::string_view text, int seconds_ago = 60) {
    const std::filesystem::path path = dir + "/" + name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
    std::filesystem::last_write_time(
        path, std::filesystem::file_time_type::clock::now() - std::chrono::seconds(seconds_ago));
  }
  int run(std::vector<std::string> arguments, const std::string& standard_in = "") {
    arguments.insert(arguments.begin(), "prompt");
    arguments.insert(arguments.end(), {"-d", dir});
    return bench.run(arguments, standard_in);
  }
  bool says(std::string_view text) const { return bench.out.find(text) != std::string::npos; }

  static constexpr std::string_view ask =
      "---\ndescription: Asks\ninputs:\n  q: string\n  n?: integer\ndefaults: {n: 3}\n"
      "tests:\n  - {name: one, inputs: {q: hi}, contains: [\"hi 3\"]}\n---\n"
      "{% system %}be brief{% endsystem %}{% user %}{{ q }} {{ n }}{% enduser %}\n";
};

TEST_F(prompt_commands, render_shows_messages_and_segments) {
  write("ask.prompt", ask);
  EXPECT_EQ(run({"render", "ask", "--var", "q=why", "--var", "n=4"}), 0) << bench.err;
  EXPECT_EQ(bench.out, "== system\nbe brief\n== user\nwhy 4\n");
  EXPECT_EQ(run({"render", dir + "/ask.prompt", "--vars", "-", "--segments"}, R"({"q": "why"})"),
            0);
  EXPECT_TRUE(says("q") && says("\"why\"") && says("(the prompt)")) << bench.out;
  EXPECT_EQ(run({"render", "ask", "--var", "q=why", "--json"}), 0);
  EXPECT_TRUE(json::is_valid(bench.out));
  EXPECT_TRUE(says(R"({"message":1,"part":0,"variable":"q","text":"why"})")) << bench.out;
}

TEST_F(prompt_commands, mistakes_are_told) {
  write("ask.prompt", ask);
  for (const std::vector<std::string>& wrong :
       {std::vector<std::string>{"render", "ask"},
        {"render", "ask", "--var", "n=four", "--var", "q=x"},
        {"render", "ask", "--var", "q"},
        {"render", "ask", "--var", "x=1", "--var", "q=y"},
        {"render", "ask", "--vars", "/no/such/file"}})
    EXPECT_NE(run(wrong), 0) << wrong.back();
  EXPECT_EQ(run({"render", "aks", "--var", "q=x"}), 2) << bench.err;
  EXPECT_NE(bench.err.find("did you mean \"ask\"?"), std::string::npos) << bench.err;
}

TEST_F(prompt_commands, labels_keep_versions) {
  write("ask.prompt", ask);
  EXPECT_EQ(run({"label", "ask", "production"}), 0) << bench.err;
  EXPECT_EQ(run({"diff", "ask"}), 0) << "nothing changed";
  write("ask.prompt", std::string(ask) + "more\n", 30);
  EXPECT_EQ(run({"diff", "ask"}), 1);
  EXPECT_TRUE(says("--- ask@production\n+++ ask\n") && says("\n+more\n")) << bench.out;
  EXPECT_EQ(run({"render", "ask@production", "--var", "q=why"}), 0);
  EXPECT_FALSE(says("more"));
  EXPECT_EQ(run({"list"}), 0);
  EXPECT_TRUE(says("Asks")) << bench.out;
  EXPECT_EQ(run({"show", "ask"}), 0);
  EXPECT_TRUE(says("production") && says("(required)")) << bench.out;
  EXPECT_EQ(run({"show", "ask", "--json"}), 0);
  EXPECT_TRUE(json::is_valid(bench.out));
  EXPECT_EQ(run({"label", "ask", "production", "--remove"}), 0);
  EXPECT_EQ(run({"render", "ask@production", "--var", "q=why"}), 2);
}

TEST_F(prompt_commands, check_lint_and_test_say_no) {
  write("ask.prompt", ask);
  EXPECT_EQ(run({"test"}), 0) << bench.err;
  EXPECT_EQ(bench.out, "passed  ask: one\n");
  EXPECT_EQ(run({"check", "ask"}), 0) << bench.out;
  EXPECT_EQ(run({"check", "ask", "--var", "q=some words that are many", "--max-tokens", "2"}), 1);
  EXPECT_TRUE(says("an estimate")) << bench.out;
  write("bad.prompt", "---\ninputs: {q: string}\ntests: [{contains: [x]}]\n---\n{{ quesiton }}");
  EXPECT_EQ(run({"lint"}), 1);
  EXPECT_TRUE(says("bad:5: error: the body reads \"quesiton\"")) << bench.out;
  EXPECT_EQ(run({"test"}), 1);
  write("broken.prompt", "{% if %}");
  EXPECT_EQ(run({"list"}), 1);
  EXPECT_TRUE(says("cannot be read")) << bench.out;
}

TEST_F(prompt_commands, chat_takes_a_prompt) {
  write("ask.prompt", ask);
  bench.machine.variables["OPENAI_API_KEY"] = "sk-x";
  EXPECT_EQ(bench.run({"chat", "-p", "ask", "-d", dir, "--var", "q=hi", "--explain"}), 0)
      << bench.err;
  EXPECT_EQ(bench.out.substr(0, 7), "openai/");
  EXPECT_EQ(bench.run({"chat", "-p", "ask", "-d", dir, "--explain"}), 2) << "an input is missing";
  EXPECT_EQ(bench.run({"chat", "-p", "ask", "-d", dir, "-s", "x", "--var", "q=hi"}), 2);
}

}  // namespace
}  // namespace ark::cli
