#include <ark/keys.hpp>

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "os/os.hpp"
#include "tests/support/temporary_directory.hpp"

namespace ark {
namespace {

std::string ask(const key_source& source, std::string_view vendor, std::string_view variable = "") {
  const auto key = source(vendor, variable);
  if (!key) return "(error) " + key.error().message;
  return *key ? std::string{(*key)->reveal_secret()} : "(none)";
}

TEST(keys, from_the_variable_that_the_row_names) {
  ASSERT_EQ(::setenv("ARK_KEYS_TEST_VARIABLE", "sk-1", 1), 0);
  const auto source = keys_from_environment();
  EXPECT_EQ(ask(source, "any", "ARK_KEYS_TEST_VARIABLE"), "sk-1");
  ASSERT_EQ(::setenv("ARK_KEYS_TEST_VARIABLE", "sk-2", 1), 0);
  EXPECT_EQ(ask(source, "any", "ARK_KEYS_TEST_VARIABLE"), "sk-2");
  ASSERT_EQ(::setenv("ARK_KEYS_TEST_VARIABLE", "", 1), 0);
  EXPECT_EQ(ask(source, "any", "ARK_KEYS_TEST_VARIABLE"), "(none)");
  ASSERT_EQ(::unsetenv("ARK_KEYS_TEST_VARIABLE"), 0);
  EXPECT_EQ(ask(source, "any", "ARK_KEYS_TEST_VARIABLE"), "(none)");
  EXPECT_EQ(ask(source, "any", ""), "(none)");
}

TEST(keys, from_a_map) {
  const auto source = keys_from_map({{"a", secret{"1"}}});
  EXPECT_EQ(ask(source, "a"), "1");
  EXPECT_EQ(ask(source, "b"), "(none)");
}

TEST(keys, from_a_file_at_each_use) {
  testing::temporary_directory folder;
  const auto path = folder.file("keys");
  const auto source = keys_from_file(path);
  EXPECT_EQ(ask(source, "a"), "(none)");
  ASSERT_TRUE(os::write_file(path, "a = 1\n", 0600));
  EXPECT_EQ(ask(source, "a"), "1");
  ASSERT_TRUE(os::write_file(path, "a = 2\n", 0600));
  EXPECT_EQ(ask(source, "a"), "2");
  EXPECT_EQ(ask(source, "b"), "(none)");
  ASSERT_TRUE(os::write_file(path, "a = 2\n", 0604));
  EXPECT_EQ(source("a", "").error().code, errc::config);
}

TEST(keys, from_a_command_once) {
  testing::temporary_directory folder;
  const auto script = folder.file("give key");
  std::ofstream{script} << "#!/bin/sh\necho asked >> '" << folder.file("log")
                        << "'\n[ \"$1\" = bad ] && exit 1\necho \"key-of-$1\"\necho more\n";
  std::filesystem::permissions(script, std::filesystem::perms::owner_all);
  const auto source = keys_from_command({script});
  EXPECT_EQ(ask(source, "openai"), "key-of-openai");
  EXPECT_EQ(ask(source, "openai"), "key-of-openai");
  EXPECT_EQ(source("bad", "").error().code, errc::config);
  EXPECT_EQ(source("bad", "").error().code, errc::config);
  EXPECT_EQ(*os::read_file(folder.file("log"), 1000), "asked\nasked\nasked\n");
}

TEST(keys, from_a_command_without_a_shell) {
  EXPECT_EQ(ask(keys_from_command({"printf", "%s"}), "$HOME"), "$HOME");
  EXPECT_FALSE(keys_from_command({"no-such-program-of-ark"})("x", ""));
  // What was printed, "sk secret", has a blank: told, and not quoted.
  const auto failed = keys_from_command({"printf", "sk %s"})("secret", "");
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().message.find("sk secret"), std::string::npos);
}

TEST(keys, first_that_has_one_wins) {
  const auto source = first_of({{},
                                keys_from_map({{"a", secret{"1"}}}),
                                keys_from_map({{"a", secret{"2"}}, {"b", secret{"3"}}})});
  EXPECT_EQ(ask(source, "a"), "1");
  EXPECT_EQ(ask(source, "b"), "3");
  EXPECT_EQ(ask(source, "c"), "(none)");
}

TEST(keys, source_that_fails_is_passed_over_and_told_last) {
  const auto fails = [](std::string_view, std::string_view) -> result<std::optional<secret>> {
    return error{.code = errc::config, .message = "unreadable"};
  };
  const auto source = first_of({fails, keys_from_map({{"a", secret{"1"}}})});
  EXPECT_EQ(ask(source, "a"), "1");
  EXPECT_EQ(ask(source, "b"), "(error) unreadable");
}

}  // namespace
}  // namespace ark
