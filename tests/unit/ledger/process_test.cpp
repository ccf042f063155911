#include "ledger/process.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include "child.hpp"

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

TEST(process_liveness, of_this_process_and_of_a_dead_one) {
  const auto here = this_process();
  EXPECT_EQ(liveness_of(here, here), liveness::alive);
  auto earlier = here;
  earlier.start -= 1;
  EXPECT_EQ(liveness_of(earlier, here), liveness::dead) << "the pid was given to another";
  const pid_t child = testing::start_child([] { return ::pause(); });
  auto other = here;
  other.pid = child;
  other.start = 0;
  EXPECT_EQ(liveness_of(other, here), liveness::alive);
  ::kill(child, SIGKILL);
  siginfo_t info{};
  ASSERT_EQ(::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT), 0);
  EXPECT_EQ(liveness_of(other, here), liveness::dead) << "a zombie";
  EXPECT_EQ(testing::wait_for(child), -SIGKILL);
  EXPECT_EQ(liveness_of(other, here), liveness::dead);
}

TEST(process_liveness, is_unknown_elsewhere) {
  const auto here = this_process();
  for (const auto change :
       {&process_identity::boot_id, &process_identity::host, &process_identity::pid_space}) {
    auto other = here;
    other.*change = "other";
    EXPECT_EQ(liveness_of(other, here), liveness::unknown);
  }
  EXPECT_EQ(liveness_of({}, here), liveness::unknown);
  auto untold = here;
  untold.boot_id.clear();
  EXPECT_EQ(liveness_of(untold, untold), liveness::unknown);
}

}  // namespace
}  // namespace ark::detail
