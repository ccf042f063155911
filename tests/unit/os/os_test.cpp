#include "os/os.hpp"

#include <gtest/gtest.h>

#include <set>

#include "tests/support/fake_os.hpp"

namespace ark::os {
namespace {

TEST(os, random_numbers_differ) {
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 64; ++i) seen.insert(real().random_u64());
  EXPECT_EQ(seen.size(), 64u);
}

TEST(os, steady_clock_does_not_go_back) {
  const auto before = real().steady_now();
  EXPECT_LE(before, real().steady_now());
}

TEST(os, wall_clock_is_of_this_century) {
  EXPECT_GT(real().wall_now().time_since_epoch(), std::chrono::hours{24 * 365 * 50});
}

TEST(os, environment_of_the_real_system) {
  ASSERT_EQ(::setenv("ARK_OS_TEST_VARIABLE", "x", 1), 0);
  EXPECT_EQ(real().environment("ARK_OS_TEST_VARIABLE"), "x");
  EXPECT_EQ(real().environment_names("ARK_OS_TEST_"),
            std::vector<std::string>{"ARK_OS_TEST_VARIABLE"});
  ASSERT_EQ(::unsetenv("ARK_OS_TEST_VARIABLE"), 0);
  EXPECT_EQ(real().environment("ARK_OS_TEST_VARIABLE"), std::nullopt);
}

TEST(os, xdg_folders_come_from_their_variables) {
  testing::fake_system s;
  s.variables = {{"HOME", "/home/u"},
                 {"XDG_CONFIG_HOME", "/c"},
                 {"XDG_STATE_HOME", "/s"},
                 {"XDG_CACHE_HOME", "/k"}};
  EXPECT_EQ(config_directory(s), "/c/ark");
  EXPECT_EQ(state_directory(s), "/s/ark");
  EXPECT_EQ(cache_directory(s), "/k/ark");
}

TEST(os, xdg_folders_default_to_home_and_ignore_relative_paths) {
  testing::fake_system s;
  s.variables = {{"HOME", "/home/u"}, {"XDG_CONFIG_HOME", "relative"}, {"XDG_CACHE_HOME", ""}};
  EXPECT_EQ(config_directory(s), "/home/u/.config/ark");
  EXPECT_EQ(state_directory(s), "/home/u/.local/state/ark");
  EXPECT_EQ(data_directory(s), "/home/u/.local/share/ark");
  EXPECT_EQ(cache_directory(s), "/home/u/.cache/ark");
}

TEST(os, no_home_no_folder) {
  testing::fake_system s;
  EXPECT_EQ(config_directory(s), "");
}

TEST(fake_os, is_deterministic_and_moves_only_when_told) {
  testing::fake_system a, b;
  EXPECT_EQ(a.random_u64(), b.random_u64());
  EXPECT_NE(a.random_u64(), a.random_u64());
  const auto then = a.steady_now();
  EXPECT_EQ(a.steady_now(), then);
  a.advance(std::chrono::seconds{3});
  EXPECT_EQ(a.steady_now() - then, std::chrono::seconds{3});
  EXPECT_EQ(a.wall_now() - b.wall_now(), std::chrono::seconds{3});
}

}  // namespace
}  // namespace ark::os
