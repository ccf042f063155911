#include "ledger/process.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

namespace ark::detail {
namespace {

TEST(process_start, is_field_22_whatever_the_name_is) {
  std::string rest;
  for (int field = 4; field <= 52; ++field) rest += " " + std::to_string(field * 100);
  EXPECT_EQ(start_in_stat("77 (cat) S" + rest), 2200);
  EXPECT_EQ(start_in_stat("77 (a) b) (c) S" + rest), 2200);
  EXPECT_EQ(start_in_stat("77 (cat) S 1 2"), 0);
  EXPECT_EQ(start_in_stat(""), 0);
}

TEST(process_identity, of_this_process) {
  const auto self = this_process();
  EXPECT_EQ(self.pid, ::getpid());
  EXPECT_FALSE(self.host.empty());
  EXPECT_EQ(self.boot_id.find('\n'), std::string::npos);
}

}  // namespace
}  // namespace ark::detail
