#include "cli/key_command.hpp"

#include <gtest/gtest.h>

#include "os/os.hpp"
#include "tests/support/temporary_directory.hpp"

namespace ark::cli {
namespace {

using words = std::vector<std::string>;

std::string key(const std::string& command, const std::string& vendor = "openai") {
  const auto source = key_from_command(command, vendor);
  if (!source) return "error: " + source.error().message;
  const auto found = (*source)(vendor, "");
  if (!found) return "error: " + found.error().message;
  return *found ? std::string{(*found)->reveal_secret()} : "";
}

TEST(command_words, blanks_part_and_quotes_keep_together) {
  EXPECT_EQ(*command_words(" op  read\top://x/y "), (words{"op", "read", "op://x/y"}));
  EXPECT_EQ(*command_words(R"(a 'b c' "d 'e'" f' 'g "")"), (words{"a", "b c", "d 'e'", "f g", ""}));
  EXPECT_EQ(*command_words(R"(a $HOME \n `x` *)"), (words{"a", "$HOME", "\\n", "`x`", "*"}));
}

TEST(command_words, what_cannot_be_run_is_a_configuration_error) {
  for (const auto* text : {"pass 'show", "a \"b", "'", "", "  ", "'' x"}) {
    const auto parts = command_words(text);
    ASSERT_FALSE(parts) << text;
    EXPECT_EQ(parts.error().code, errc::config);
  }
  EXPECT_EQ(command_words("a 'b").error().message, "a quote (') is not closed; close it");
  EXPECT_EQ(key("cat 'x"),
            "error: vendors.openai.key_command: a quote (') is not closed; close it");
}

TEST(key_from_command, nothing_is_appended) {
  const testing::temporary_directory folder;
  const auto file = folder.file("a key");
  ASSERT_TRUE(os::write_file(file, "sk-of-file\nand more\n", 0600));
  EXPECT_EQ(key("cat '" + file + "'"), "sk-of-file");
  EXPECT_EQ(key("echo one"), "one");
}

TEST(key_from_command, vendor_goes_where_it_is_written) {
  EXPECT_EQ(key("printf {vendor}/key-{vendor}", "groq"), "groq/key-groq");
  EXPECT_EQ(key("printf %s '{vendor}'", "groq"), "groq");
}

TEST(key_from_command, what_is_no_key_is_told_without_it) {
  const auto said = key("echo two words");
  EXPECT_NE(said.find("'echo' is no key"), std::string::npos) << said;
  EXPECT_EQ(said.find("two"), std::string::npos) << said;
}

TEST(key_from_command, a_key_is_asked_for_once) {
  const testing::temporary_directory folder;
  const auto file = folder.file("key");
  ASSERT_TRUE(os::write_file(file, "first", 0600));
  const auto source = key_from_command("cat " + file, "openai");
  ASSERT_TRUE(source);
  EXPECT_EQ((*(*source)("openai", ""))->reveal_secret(), "first");
  ASSERT_TRUE(os::write_file(file, "second", 0600));
  EXPECT_EQ((*(*source)("openai", ""))->reveal_secret(), "first");
}

}  // namespace
}  // namespace ark::cli
