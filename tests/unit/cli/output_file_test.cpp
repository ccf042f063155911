#include "cli/output_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "os/os.hpp"
#include "tests/support/temporary_directory.hpp"

namespace ark::cli {
namespace {

std::size_t files_in(const std::string& folder) {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
}

TEST(output_file, has_its_name_only_when_it_is_whole) {
  testing::temporary_directory folder;
  const auto path = folder.file("out.csv");
  auto file = output_file::make(path);
  ASSERT_TRUE(file);
  file->out().write("a,b\n");
  EXPECT_FALSE(std::filesystem::exists(path));
  ASSERT_TRUE(file->keep());
  EXPECT_EQ(os::read_file(path, 100).value(), "a,b\n");
  struct stat info{};
  ASSERT_EQ(::stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  EXPECT_EQ(files_in(folder.path()), 1u);
}

TEST(output_file, leaves_nothing_and_replaces_nothing_without_keep) {
  testing::temporary_directory folder;
  const auto path = folder.file("out.csv");
  ASSERT_TRUE(os::write_file(path, "old", 0644));
  {
    auto file = output_file::make(path);
    ASSERT_TRUE(file);
    file->out().write("new");
  }
  EXPECT_EQ(os::read_file(path, 100).value(), "old");
  EXPECT_EQ(files_in(folder.path()), 1u);
}

TEST(output_file, a_folder_that_is_not_there_is_an_error) {
  testing::temporary_directory folder;
  const auto file = output_file::make(folder.file("no/such/out.csv"));
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, errc::config);
}

}  // namespace
}  // namespace ark::cli
