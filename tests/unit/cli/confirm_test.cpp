#include "cli/confirm.hpp"

#include <gtest/gtest.h>

#include "tests/support/fake_os.hpp"

namespace ark::cli {
namespace {

TEST(confirm, without_a_terminal_nobody_is_asked) {
  testing::fake_system machine;
  std::string out_text, err_text;
  input in{std::string("y\n")};
  output out{out_text}, err{err_text, true};
  context ctx{machine, in, out, err};
  EXPECT_NE(refusal_of(ctx, "Do it").find("--yes"), std::string::npos);
  EXPECT_EQ(err_text, "");
}

}  // namespace
}  // namespace ark::cli
