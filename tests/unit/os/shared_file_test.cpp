#include "os/shared_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>

#include "tests/support/temporary_directory.hpp"

namespace ark::os::shared_file_test {
namespace {

using testing::temporary_directory;

TEST(shared_file, two_that_open_it_see_one_memory) {
  const temporary_directory dir;
  const auto a = shared_file::open(dir.file("s"), 4096);
  const auto b = shared_file::open(dir.file("s"), 4096);
  ASSERT_TRUE(a && b);
  static_cast<char*>(a->memory())[100] = 'x';
  EXPECT_EQ(static_cast<char*>(b->memory())[100], 'x');
  EXPECT_EQ(static_cast<char*>(b->memory())[101], 0);
}

TEST(shared_file, is_its_owners_alone_and_has_its_blocks) {
  const temporary_directory dir;
  ASSERT_TRUE(shared_file::open(dir.file("s"), 65'536));
  struct stat info{};
  ASSERT_EQ(::stat(dir.file("s").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600U);
  EXPECT_EQ(info.st_size, 65'536);
  EXPECT_GE(info.st_blocks * 512, 65'536) << "a full disk must not kill who writes";
}

TEST(shared_file, survives_a_process_that_is_killed) {
  const temporary_directory dir;
  const auto child = ::fork();
  if (child == 0) {
    const auto s = shared_file::open(dir.file("s"), 4096);
    if (s) static_cast<std::atomic<int>*>(s->memory())->store(7);
    ::kill(::getpid(), SIGKILL);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  ASSERT_TRUE(WIFSIGNALED(status));
  const auto s = shared_file::open(dir.file("s"), 4096);
  ASSERT_TRUE(s);
  EXPECT_EQ(static_cast<std::atomic<int>*>(s->memory())->load(), 7);
}

TEST(shared_file, refuses_links_other_sizes_and_folders) {
  const temporary_directory dir;
  std::ofstream(dir.file("short")) << "not ours";
  std::filesystem::create_symlink(dir.file("short"), dir.file("link"));
  for (const char* name : {"short", "link", "no/such/folder", ""}) {
    const auto r = shared_file::open(*name ? dir.file(name) : dir.path(), 4096);
    ASSERT_FALSE(r) << name;
    EXPECT_EQ(r.error().code, errc::config);
    EXPECT_NE(r.error().message.find("cannot share"), std::string::npos);
  }
  std::ifstream in(dir.file("short"));
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), "not ours") << "untouched";
}

}  // namespace
}  // namespace ark::os::shared_file_test
