#include "installed.hpp"

#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "support.hpp"

namespace bpe::test {
namespace {

class installed_files : public testing::Test {
 protected:
  installed_files() { std::filesystem::create_directory(folder_); }
  ~installed_files() override { std::filesystem::remove_all(folder_); }

  void write(const std::string& name, std::string_view text) {
    std::ofstream(folder_ + "/" + name) << text;
  }

  const std::string folder_ =
      (std::filesystem::temp_directory_path() / ("bpe-installed-" + std::to_string(::getpid())))
          .string();
};

TEST_F(installed_files, none_is_no_failure) {
  EXPECT_FALSE(installed_in(folder_, "small").has_value());
}

TEST_F(installed_files, an_unreadable_one_fails_the_test_that_asks) {
  write("small.bpe", small_vocabulary().compiled().substr(0, 1000));
  EXPECT_NONFATAL_FAILURE((void)installed_in(folder_, "small"), "cut short");
  std::filesystem::create_directory(folder_ + "/folder.json");
  EXPECT_NONFATAL_FAILURE((void)installed_in(folder_, "folder"), "cannot read");
  std::filesystem::create_symlink("nowhere", folder_ + "/link.tiktoken");
  EXPECT_NONFATAL_FAILURE((void)installed_in(folder_, "link"), "cannot open");
}

TEST_F(installed_files, a_source_comes_before_a_compiled_file) {
  write("small.bpe", small_vocabulary().compiled());
  EXPECT_EQ(installed_in(folder_, "small")->size(), 5002u);
  write("small.json", small_json());
  EXPECT_EQ(installed_in(folder_, "small")->size(), 5003u);
}

}  // namespace
}  // namespace bpe::test
