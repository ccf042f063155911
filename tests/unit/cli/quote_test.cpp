#include <gtest/gtest.h>
#include <boost/json.hpp>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "tests/unit/cli/bench.hpp"

namespace ark::cli {
namespace {

struct a_quote : ::testing::Test {
  testing::cli_bench bench;

  boost::json::object first() {
    return boost::json::parse(bench.out.substr(0, bench.out.find('\n'))).as_object();
  }
};

TEST_F(a_quote, is_an_interval_for_each_model) {
  ASSERT_EQ(bench.run({"quote", "-m", "openai/gpt-4.1-mini", "-m", "deepseek/deepseek-chat",
                       "--max-tokens", "100", "--json", "How long is this?"}),
            0)
      << bench.err;
  const auto one = first();
  EXPECT_EQ(one.at("model"), "openai/gpt-4.1-mini");
  const auto& tokens = one.at("input_tokens").as_object();
  EXPECT_GT(tokens.at("low").as_int64(), 0);
  EXPECT_GT(tokens.at("high").as_int64(), tokens.at("low").as_int64());
  EXPECT_EQ(tokens.at("provenance"), "estimate") << "no vocabulary is installed here";
  EXPECT_EQ(one.at("max_output_tokens"), 100);
  EXPECT_EQ(one.at("cost").at("status"), "interval");
  // 100 tokens at 1.6 USD a million are in the upper end.
  EXPECT_GE(std::stod(std::string(one.at("cost").at("high").as_string())), 0.00016);
  EXPECT_LT(std::stod(std::string(one.at("cost").at("high").as_string())), 0.0003);
  EXPECT_NE(bench.out.find("deepseek/deepseek-chat"), std::string::npos);
  EXPECT_NE(bench.err.find("an estimate"), std::string::npos);
}

TEST_F(a_quote, takes_a_prompt_and_its_model) {
  const std::string path = bench.folder.file("ask.prompt");
  std::ofstream(path)
      << "---\nmodel: openai/gpt-4.1-mini\nparameters: {max_tokens: 7}\n---\n{{ q }}";
  ASSERT_EQ(bench.run({"quote", "-p", path, "--var", "q=hello", "--json"}), 0) << bench.err;
  EXPECT_EQ(first().at("model"), "openai/gpt-4.1-mini");
  EXPECT_EQ(first().at("max_output_tokens"), 7);
  EXPECT_EQ(bench.run({"quote", "-p", path}), 2) << "an input is missing";
}

TEST_F(a_quote, an_unknown_price_is_unknown) {
  ASSERT_EQ(bench.run({"quote", "-m", "openai/gpt-of-tomorrow", "hello"}), 0) << bench.err;
  EXPECT_NE(bench.out.find("cost unknown"), std::string::npos) << bench.out;
}

TEST_F(a_quote, says_what_does_not_fit) {
  std::string book;
  for (int i = 0; i < 400'000; ++i) book += "word ";
  EXPECT_EQ(bench.run({"quote", "-m", "openai/gpt-4o-mini", "-"}, book), 1) << bench.err;
  EXPECT_NE(bench.out.find("does not fit"), std::string::npos) << bench.out;
}

TEST_F(a_quote, without_keys_auto_has_nothing_to_choose_from) {
  EXPECT_NE(bench.run({"quote", "hello"}), 0);
  EXPECT_NE(bench.err.find("name a model"), std::string::npos) << bench.err;
}

TEST_F(a_quote, of_auto_lists_what_it_would_choose_from) {
  bench.machine.variables["OPENAI_API_KEY"] = "k";
  ASSERT_EQ(bench.run({"quote", "--most", "3", "--json", "hello"}), 0) << bench.err;
  EXPECT_EQ(std::count(bench.out.begin(), bench.out.end(), '\n'), 3);
  EXPECT_NE(bench.err.find("the 3 cheapest of"), std::string::npos) << bench.err;
  double before = 0;
  std::istringstream lines(bench.out);
  for (std::string line; std::getline(lines, line);) {
    const auto one = boost::json::parse(line).as_object();
    EXPECT_TRUE(one.at("model").as_string().starts_with("openai/")) << line;
    const double high = std::stod(std::string(one.at("cost").at("high").as_string()));
    EXPECT_GE(high, before);
    before = high;
  }
  // What `ark chat` would take is among them when all are shown.
  ASSERT_EQ(bench.run({"chat", "--explain", "--json", "hello"}), 0) << bench.err;
  const auto route = boost::json::parse(bench.out).as_object();
  const std::string chosen = "openai/" + std::string(route.at("model").as_string());
  ASSERT_EQ(bench.run({"quote", "-m", "auto", "--most", "1000", "--json", "hello"}), 0);
  EXPECT_NE(bench.out.find("\"" + chosen + "\""), std::string::npos) << chosen;
}

TEST_F(a_quote, a_named_model_stays_beside_autos_cheapest) {
  bench.machine.variables["OPENAI_API_KEY"] = "k";
  ASSERT_EQ(bench.run({"quote", "-m", "auto", "-m", "anthropic/claude-opus-4-1", "--most", "1",
                       "--json", "hello"}),
            0)
      << bench.err;
  EXPECT_EQ(first().at("model"), "anthropic/claude-opus-4-1");
  EXPECT_EQ(std::count(bench.out.begin(), bench.out.end(), '\n'), 2);
}

TEST_F(a_quote, counts_media_as_an_interval) {
  const std::string path = bench.folder.file("look.prompt");
  std::ofstream(path) << "---\nmodel: openai/gpt-4.1-mini\nparameters: {max_tokens: 7}\n---\n"
                         "{% image \"https://h.test/i.png\" %}What is it?";
  ASSERT_EQ(bench.run({"quote", "-p", path, "--json"}), 0) << bench.err;
  const auto with = first().at("input_tokens").as_object();
  EXPECT_EQ(with.at("media"), 49'152);
  EXPECT_LT(with.at("low").as_int64(), 100) << "an image may cost next to nothing";
  EXPECT_GT(with.at("high").as_int64(), 49'152);
  ASSERT_EQ(bench.run({"quote", "-p", path}), 0);
  EXPECT_NE(bench.err.find("0 to 49,152"), std::string::npos) << bench.err;
}

}  // namespace
}  // namespace ark::cli
