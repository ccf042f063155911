#include <gtest/gtest.h>

#include "os/os.hpp"

namespace ark::os {
namespace {

TEST(process, prints_what_it_is_told) {
  EXPECT_EQ(*run_program({"printf", "%s|%s", "a b", "$HOME;x"}, 100, 5000), "a b|$HOME;x");
}

TEST(process, its_input_is_empty) { EXPECT_EQ(*run_program({"cat"}, 100, 5000), ""); }

TEST(process, missing_program) {
  const auto failed = run_program({"no-such-program-of-ark"}, 100, 5000);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, errc::config);
  EXPECT_NE(failed.error().message.find("no-such-program-of-ark"), std::string::npos);
  EXPECT_FALSE(run_program({}, 100, 5000));
}

TEST(process, failing_program_does_not_leak_what_it_printed) {
  const auto failed = run_program({"sh", "-c", "echo sk-secret; exit 3"}, 100, 5000);
  ASSERT_FALSE(failed);
  EXPECT_NE(failed.error().message.find("exit code 3"), std::string::npos);
  EXPECT_EQ(failed.error().message.find("sk-secret"), std::string::npos);
}

TEST(process, endless_output_is_bounded) {
  const auto failed = run_program({"yes"}, 1000, 5000);
  ASSERT_FALSE(failed);
  EXPECT_NE(failed.error().message.find("too much"), std::string::npos);
}

TEST(process, slow_program_is_killed) {
  const auto begin = std::chrono::steady_clock::now();
  const auto failed = run_program({"sleep", "30"}, 1000, 50);
  ASSERT_FALSE(failed);
  EXPECT_NE(failed.error().message.find("longer than 50 ms"), std::string::npos);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds{10});
}

}  // namespace
}  // namespace ark::os
