#include "cli/command.hpp"

#include <gtest/gtest.h>
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "tests/unit/cli/bench.hpp"

namespace ark::cli {
namespace {

TEST(command, verbs_options_and_the_action_that_was_asked_for) {
  struct options {
    int n = 0;
  };
  CLI::App app{"x", "ark"};
  action chosen;
  command top{*app.add_subcommand("count", "Count"), chosen};
  auto up = top.verb("up", "Upwards");
  auto o = up.options<options>();
  up.parameters().add_option("-n", o->n, "How far");
  up.run([o](context&) { return o->n == 3 ? exit_code::ok : exit_code::no; });
  top.verb("down", "Downwards").run([](context&) { return exit_code::usage; });
  app.parse("count up -n 3");
  ASSERT_TRUE(chosen);
  testing::cli_bench bench;
  input in{std::string{}};
  output out{bench.out};
  context ctx{bench.machine, in, out, out};
  EXPECT_EQ(chosen(ctx), exit_code::ok);
}

TEST(command, verb_is_required) {
  CLI::App app{"x", "ark"};
  action chosen;
  command top{*app.add_subcommand("count", "Count"), chosen};
  top.verb("up", "Upwards").run([](context&) { return exit_code::ok; });
  EXPECT_THROW(app.parse("count"), CLI::ParseError);
  EXPECT_FALSE(chosen);
}

}  // namespace
}  // namespace ark::cli
