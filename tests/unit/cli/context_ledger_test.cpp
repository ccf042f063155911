#include <gtest/gtest.h>

#include "cli/context.hpp"
#include "tests/support/fake_os.hpp"
#include "tests/support/temporary_directory.hpp"

namespace ark::cli {
namespace {

TEST(context_ledger, is_the_one_that_the_flag_names) {
  testing::temporary_directory folder;
  std::string nothing, out_text, err_text;
  input in{nothing};
  output out{out_text}, err{err_text};
  context ctx{os::real(), in, out, err};
  ctx.flags.ledger_file = folder.file("mine.db");
  EXPECT_EQ(ctx.open_ledger(true).error().code, errc::not_found);
  const auto book = ctx.open_ledger(false);
  ASSERT_TRUE(book && *book);
  EXPECT_TRUE(std::filesystem::exists(folder.file("mine.db")));
}

TEST(context_ledger, is_none_when_the_user_wants_none) {
  std::string nothing, out_text, err_text;
  input in{nothing};
  output out{out_text}, err{err_text};
  context ctx{os::real(), in, out, err};
  ctx.flags.no_ledger = true;
  const auto book = ctx.open_ledger(false);
  ASSERT_TRUE(book);
  EXPECT_FALSE(*book);
}

}  // namespace
}  // namespace ark::cli
