#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "os/os.hpp"
#include "tests/support/temporary_directory.hpp"

namespace ark::os {
namespace {

unsigned mode_of(const std::string& path) {
  struct stat info{};
  return ::lstat(path.c_str(), &info) == 0 ? info.st_mode & 07777U : 0;
}

struct file : ::testing::Test {
  testing::temporary_directory folder;
  const std::string path = folder.file("keys");
};

TEST_F(file, written_and_read_back) {
  const std::string bytes{"a\0b\n", 4};
  ASSERT_TRUE(write_file(path, bytes, 0640));
  EXPECT_EQ(*read_file(path, 100), bytes);
  EXPECT_EQ(mode_of(path), 0640u);
}

TEST_F(file, mode_is_exact_whatever_the_umask) {
  const auto old = ::umask(0777);
  const auto ok = write_file(path, "x", 0600);
  ::umask(old);
  ASSERT_TRUE(ok);
  EXPECT_EQ(mode_of(path), 0600u);
}

TEST_F(file, replaced_in_one_step_and_nothing_left_over) {
  ASSERT_TRUE(write_file(path, "first", 0644));
  ASSERT_TRUE(write_file(path, "second", 0600));
  EXPECT_EQ(*read_file(path, 100), "second");
  EXPECT_EQ(mode_of(path), 0600u);
  int names = 0;
  for (const auto& each : std::filesystem::directory_iterator(folder.path())) {
    EXPECT_EQ(each.path().string(), path);
    ++names;
  }
  EXPECT_EQ(names, 1);
}

TEST_F(file, writing_replaces_a_link_and_leaves_its_target) {
  const auto target = folder.file("target");
  ASSERT_TRUE(write_file(target, "kept", 0600));
  ASSERT_EQ(::symlink(target.c_str(), path.c_str()), 0);
  ASSERT_TRUE(write_file(path, "new", 0600));
  EXPECT_EQ(*read_file(target, 100), "kept");
  EXPECT_EQ(*read_file(path, 100), "new");
}

TEST_F(file, failed_write_leaves_nothing) {
  ASSERT_TRUE(make_private_directory(path));
  const auto failed = write_file(path, "x", 0600);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, errc::config);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()),
                          std::filesystem::directory_iterator{}),
            1);
}

TEST_F(file, write_into_no_folder_says_so) {
  const auto failed = write_file(folder.file("none/keys"), "x", 0600);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, errc::not_found);
}

TEST_F(file, missing_is_not_found_and_named) {
  const auto failed = read_file(path, 100);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, errc::not_found);
  EXPECT_NE(failed.error().message.find(path), std::string::npos);
  EXPECT_EQ(read_secret_file(path, 100).error().code, errc::not_found);
}

TEST_F(file, folder_is_not_a_file) {
  EXPECT_EQ(read_file(folder.path(), 100).error().code, errc::config);
}

TEST_F(file, limit_is_exact) {
  ASSERT_TRUE(write_file(path, std::string(100, 'x'), 0600));
  EXPECT_TRUE(read_file(path, 100));
  const auto failed = read_file(path, 99);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, errc::too_large);
  EXPECT_EQ(read_secret_file(path, 99).error().code, errc::too_large);
}

TEST_F(file, endless_file_is_bounded) {
  EXPECT_EQ(read_file("/dev/zero", 1 << 20).error().code, errc::too_large);
}

TEST_F(file, secret_with_mode_0600_is_read) {
  ASSERT_TRUE(write_file(path, "k", 0600));
  EXPECT_EQ(*read_secret_file(path, 100), "k");
  ASSERT_EQ(::chmod(path.c_str(), 0400), 0);
  EXPECT_EQ(*read_secret_file(path, 100), "k");
}

// S05
TEST_F(file, secret_that_others_may_read_is_refused) {
  for (const unsigned mode : {0604u, 0640u, 0644u, 0660u, 0601u, 0777u}) {
    ASSERT_TRUE(write_file(path, "sk-secret", mode));
    const auto refused = read_secret_file(path, 100);
    ASSERT_FALSE(refused) << mode;
    EXPECT_EQ(refused.error().code, errc::config);
    EXPECT_NE(refused.error().message.find("chmod 600 " + path), std::string::npos);
    EXPECT_EQ(refused.error().message.find("sk-secret"), std::string::npos);
  }
}

// S06
TEST_F(file, secret_behind_a_link_is_refused) {
  const auto target = folder.file("target");
  ASSERT_TRUE(write_file(target, "k", 0600));
  ASSERT_EQ(::symlink(target.c_str(), path.c_str()), 0);
  const auto refused = read_secret_file(path, 100);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::config);
  EXPECT_NE(refused.error().message.find("symbolic link"), std::string::npos);
}

// S06
TEST_F(file, secret_with_a_second_name_is_refused) {
  ASSERT_TRUE(write_file(path, "k", 0600));
  ASSERT_EQ(::link(path.c_str(), folder.file("other").c_str()), 0);
  EXPECT_EQ(read_secret_file(path, 100).error().code, errc::config);
}

TEST_F(file, secret_in_a_linked_folder_is_refused) {
  ASSERT_TRUE(make_private_directory(folder.file("real")));
  ASSERT_TRUE(write_file(folder.file("real/keys"), "k", 0600));
  ASSERT_EQ(::symlink(folder.file("real").c_str(), folder.file("ark").c_str()), 0);
  EXPECT_TRUE(read_secret_file(folder.file("real/keys"), 100));
  EXPECT_EQ(read_secret_file(folder.file("ark/keys"), 100).error().code, errc::config);
}

TEST_F(file, secret_in_a_folder_that_others_may_write_to_is_refused) {
  ASSERT_TRUE(make_private_directory(folder.file("open")));
  ASSERT_TRUE(write_file(folder.file("open/keys"), "k", 0600));
  ASSERT_EQ(::chmod(folder.file("open").c_str(), 0777), 0);
  EXPECT_EQ(read_secret_file(folder.file("open/keys"), 100).error().code, errc::config);
}

// S06
TEST_F(file, secret_of_another_user_is_refused) {
  if (::geteuid() != 0) GTEST_SKIP() << "skipped: only root can give a file away";
  ASSERT_TRUE(write_file(path, "k", 0600));
  ASSERT_EQ(::chown(path.c_str(), 12345, 12345), 0);
  EXPECT_EQ(read_secret_file(path, 100).error().code, errc::config);
}

TEST_F(file, pipe_in_the_place_of_a_secret_does_not_hang) {
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  EXPECT_EQ(read_secret_file(path, 100).error().code, errc::config);
}

TEST_F(file, private_directory_with_parents) {
  ASSERT_TRUE(make_private_directory(folder.file("a/b/c")));
  EXPECT_EQ(mode_of(folder.file("a")), 0700u);
  EXPECT_EQ(mode_of(folder.file("a/b/c")), 0700u);
  EXPECT_TRUE(make_private_directory(folder.file("a/b/c")));
}

TEST_F(file, private_directory_in_the_way_of_a_file) {
  ASSERT_TRUE(write_file(path, "x", 0600));
  EXPECT_EQ(make_private_directory(path).error().code, errc::config);
  EXPECT_FALSE(make_private_directory(path + "/below"));
}

}  // namespace
}  // namespace ark::os
