#include "cli/options.hpp"

#include <gtest/gtest.h>
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "tests/unit/cli/bench.hpp"

namespace ark::cli {
namespace {

using words = std::vector<std::string>;

/// What the parser says against `line`; "" if nothing. `describe` tells it what there is.
std::string complaint(const std::function<void(option_set)>& describe, const std::string& line) {
  CLI::App app{"x", "ark"};
  describe(option_set{app});
  try {
    app.parse(line);
    return {};
  } catch (const CLI::ParseError& failure) {
    return failure.what();
  }
}

TEST(options, every_type_is_read) {
  std::string text;
  int whole = 0;
  std::int64_t large = 0;
  std::uint64_t natural = 0;
  double real = 0;
  std::optional<std::int64_t> maybe_large;
  std::optional<double> maybe_real;
  words many;
  bool flag = false;
  const auto describe = [&](option_set set) {
    set.add_option("TEXT", text, "Text");
    set.add_option("--whole", whole, "Whole");
    set.add_option("--large", large, "Large");
    set.add_option("--natural", natural, "Natural");
    set.add_option("--real", real, "Real");
    set.add_option("--maybe-large", maybe_large, "Maybe large");
    set.add_option("--maybe-real", maybe_real, "Maybe real");
    set.add_option("-m,--many", many, "Many").one_value_each();
    set.add_flag("-f,--flag", flag, "Flag");
  };
  EXPECT_EQ(complaint(describe,
                      "--whole -7 --large 9223372036854775807 --natural 18446744073709551615 "
                      "--real 0.5 --maybe-large 4 --maybe-real 0.25 -m a --many b -f word"),
            "");
  EXPECT_EQ(text, "word");
  EXPECT_EQ(whole, -7);
  EXPECT_EQ(large, INT64_MAX);
  EXPECT_EQ(natural, UINT64_MAX);
  EXPECT_EQ(real, 0.5);
  EXPECT_EQ(maybe_large, 4);
  EXPECT_EQ(maybe_real, 0.25);
  EXPECT_EQ(many, (words{"a", "b"}));
  EXPECT_TRUE(flag);
  EXPECT_EQ(complaint(describe, "--whole 2147483648"), "Could not convert: --whole = 2147483648");
  EXPECT_EQ(complaint(describe, "--maybe-real much"), "Could not convert: --maybe-real = much");
}

TEST(options, what_is_not_given_keeps_its_value) {
  int whole = 20;
  std::optional<double> maybe;
  words many{"day"};
  bool flag = false;
  const auto describe = [&](option_set set) {
    set.add_option("--whole", whole, "Whole").between(1, 30);
    set.add_option("--maybe", maybe, "Maybe").positive();
    set.add_option("--many", many, "Many").delimiter(',').one_value_each();
    set.add_flag("--flag", flag, "Flag");
  };
  EXPECT_EQ(complaint(describe, ""), "");
  EXPECT_EQ(whole, 20);
  EXPECT_EQ(maybe, std::nullopt);
  EXPECT_EQ(many, words{"day"});
  EXPECT_FALSE(flag);
  EXPECT_EQ(complaint(describe, "--many hour"), "");
  EXPECT_EQ(many, words{"hour"});
}

TEST(options, numbers_over_zero) {
  std::optional<std::int64_t> n;
  const auto describe = [&](option_set set) { set.add_option("-n", n, "N").positive(); };
  EXPECT_EQ(complaint(describe, "-n 1"), "");
  EXPECT_EQ(n, 1);
  for (const std::string refused : {"0", "-1", "abc", "1x", "inf", "nan"}) {
    EXPECT_EQ(complaint(describe, "-n " + refused),
              "-n: must be more than 0, not '" + refused + "'");
  }
}

TEST(options, numbers_from_zero_on) {
  double t = 1;
  const auto describe = [&](option_set set) { set.add_option("-t", t, "T").not_negative(); };
  EXPECT_EQ(complaint(describe, "-t 0"), "");
  EXPECT_EQ(t, 0);
  EXPECT_EQ(complaint(describe, "-t -0.5"), "-t: must be 0 or more, not '-0.5'");
}

TEST(options, numbers_between) {
  int n = 0;
  const auto describe = [&](option_set set) { set.add_option("-n", n, "N").between(1, 16); };
  EXPECT_EQ(complaint(describe, "-n 1"), "");
  EXPECT_EQ(complaint(describe, "-n 16"), "");
  EXPECT_EQ(n, 16);
  EXPECT_EQ(complaint(describe, "-n 0"), "-n: Value 0 not in range 1 to 16");
  EXPECT_EQ(complaint(describe, "-n 17"), "-n: Value 17 not in range 1 to 16");
}

TEST(options, words_of_a_list) {
  std::string word;
  const auto describe = [&](option_set set) {
    set.add_option("--word", word, "Word").one_of({"low", "high"});
  };
  EXPECT_EQ(complaint(describe, "--word high"), "");
  EXPECT_EQ(word, "high");
  EXPECT_EQ(complaint(describe, "--word High"), "--word: High not in {low,high}");
}

TEST(options, required_and_the_name_of_the_value) {
  std::string word;
  const auto describe = [&](option_set set) {
    set.add_option("--word", word, "Word").type_name("WORD").required();
  };
  EXPECT_EQ(complaint(describe, "--word a"), "");
  EXPECT_EQ(complaint(describe, ""), "--word is required");
  EXPECT_EQ(complaint(describe, "--word"), "--word: 1 required WORD missing");
}

TEST(options, one_value_each_leaves_the_next_word) {
  words tags;
  words rest;
  const auto greedy = [&](option_set set) {
    set.add_option("TEXT", rest, "Text");
    set.add_option("--tag", tags, "Tag");
  };
  EXPECT_EQ(complaint(greedy, "--tag a b"), "");
  EXPECT_EQ(tags, (words{"a", "b"}));
  EXPECT_TRUE(rest.empty());
  const auto modest = [&](option_set set) {
    set.add_option("TEXT", rest, "Text");
    set.add_option("--tag", tags, "Tag").one_value_each();
  };
  EXPECT_EQ(complaint(modest, "--tag a b"), "");
  EXPECT_EQ(tags, words{"a"});
  EXPECT_EQ(rest, words{"b"});
}

TEST(options, a_delimiter_divides) {
  words by;
  const auto divided = [&](option_set set) {
    set.add_option("--by", by, "By").delimiter(',').one_value_each();
  };
  EXPECT_EQ(complaint(divided, "--by day,model --by tag"), "");
  EXPECT_EQ(by, (words{"day", "model", "tag"}));
  const auto whole = [&](option_set set) { set.add_option("--by", by, "By"); };
  EXPECT_EQ(complaint(whole, "--by day,model"), "");
  EXPECT_EQ(by, words{"day,model"});
}

TEST(options, what_a_check_refuses_is_wrong_usage) {
  const std::pair<words, std::string> cases[] = {
      {{"chat", "x", "--max-tokens", "0"}, "--max-tokens: must be more than 0, not '0'"},
      {{"chat", "x", "--temperature", "-1"}, "--temperature: must be 0 or more, not '-1'"},
      {{"chat", "x", "--reasoning", "lots"}, "--reasoning: lots not in {none,minimal,"},
      {{"eval", "run", "x", "--concurrency", "0"}, "--concurrency: Value 0 not in range 1 to 4096"},
      {{"keys", "set"}, "VENDOR is required"},
  };
  testing::cli_bench bench;
  for (const auto& [arguments, message] : cases) {
    EXPECT_EQ(bench.run(arguments), static_cast<int>(exit_code::usage)) << bench.err;
    EXPECT_TRUE(bench.err.starts_with("error: " + message)) << bench.err;
    EXPECT_EQ(bench.out, "");
  }
}

}  // namespace
}  // namespace ark::cli
