#include "cli/progress.hpp"

#include <gtest/gtest.h>

#include "tests/unit/cli/bench.hpp"

namespace ark::cli {
namespace {

std::string shown(bool terminal, bool quiet, bool json) {
  testing::cli_bench bench;
  input in{std::string{}};
  output out{bench.out};
  output err{bench.err, terminal};
  context ctx{bench.machine, in, out, err};
  ctx.flags.quiet = quiet;
  ctx.flags.json = json;
  {
    progress line{ctx, [] { return std::string{"waiting"}; }};
    line.stop();
    line.stop();
  }
  return bench.err;
}

TEST(progress, what_is_quick_shows_nothing) {
  EXPECT_EQ(shown(true, false, false), "");
  EXPECT_EQ(shown(false, false, false), "");
  EXPECT_EQ(shown(true, true, false), "");
  EXPECT_EQ(shown(true, false, true), "");
}

}  // namespace
}  // namespace ark::cli
