#include "client/key_file.hpp"

#include <gtest/gtest.h>

#include "os/os.hpp"
#include "tests/support/temporary_directory.hpp"

namespace ark {
namespace {

TEST(key_file, lines_comments_and_blanks) {
  const auto keys = parse_keys(
      "# my keys\n\n  openai = sk-abc==\r\ncustom@http://localhost:8000=local\nzhipu=\tid.secret\n",
      "keys");
  ASSERT_TRUE(keys) << keys.error().message;
  ASSERT_EQ(keys->size(), 3u);
  EXPECT_EQ((*keys)[0].name, "openai");
  EXPECT_EQ((*keys)[0].key.reveal_secret(), "sk-abc==");
  EXPECT_EQ((*keys)[1].name, "custom@http://localhost:8000");
  EXPECT_EQ((*keys)[2].key.reveal_secret(), "id.secret");
}

TEST(key_file, last_line_of_a_name_counts) {
  const auto keys = parse_keys("a = 1\nb = 2\na = 3\n", "keys");
  ASSERT_TRUE(keys);
  ASSERT_EQ(keys->size(), 2u);
  EXPECT_EQ((*keys)[1].key.reveal_secret(), "3");
}

TEST(key_file, wrong_lines_are_named_and_not_quoted) {
  for (const auto* text : {"a = 1\nsk-secret\n", "a = 1\n = sk-secret\n",
                           "a = 1\nb = sk-secret x\n", "a = 1\nb = \xc3\xa9sk-secret\n"}) {
    const auto keys = parse_keys(text, "keys");
    ASSERT_FALSE(keys) << text;
    EXPECT_EQ(keys.error().code, errc::config);
    EXPECT_EQ(keys.error().message.substr(0, 7), "keys:2:");
    EXPECT_EQ(keys.error().message.find("sk-secret"), std::string::npos);
  }
}

TEST(key_file, keys_that_cannot_be_keys) {
  EXPECT_FALSE(check_key(secret{""}));
  EXPECT_FALSE(check_key(secret{"a b"}));
  EXPECT_FALSE(check_key(secret{"a\r\nX-Header: b"}));
  EXPECT_TRUE(check_key(secret{"sk-proj_1.2=="}));
}

// S05
TEST(key_file, refused_when_others_may_read_it) {
  testing::temporary_directory folder;
  ASSERT_TRUE(os::write_file(folder.file("keys"), "a = sk-secret\n", 0644));
  const auto keys = read_keys(folder.file("keys"));
  ASSERT_FALSE(keys);
  EXPECT_EQ(keys.error().code, errc::config);
  ASSERT_TRUE(os::write_file(folder.file("keys"), "a = sk-secret\n", 0600));
  EXPECT_EQ(read_keys(folder.file("keys"))->size(), 1u);
}

TEST(key_file, fingerprints_tell_keys_apart_and_nothing_else) {
  const auto one = fingerprint(secret{"sk-a"});
  EXPECT_EQ(one.size(), 19u);
  EXPECT_NE(one, fingerprint(secret{"sk-b"}));
  EXPECT_EQ(one.find("sk-a"), std::string::npos);
  // printf abc | sha256sum
  EXPECT_EQ(fingerprint(secret{"abc"}), "sha256:ba7816bf8f01");
}

TEST(key_file, wiping_empties) {
  std::string text(100, 'k');
  wipe(text);
  EXPECT_EQ(text, "");
}

}  // namespace
}  // namespace ark
