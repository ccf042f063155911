#include "cli/line_source.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "tests/support/fake_os.hpp"
#include "tests/support/temporary_directory.hpp"

namespace ark::cli {
namespace {

struct a_line_source : ::testing::Test {
  testing::temporary_directory folder;
  testing::fake_system machine;
  std::string out_text;

  /// "number:text" of each line; "number!" of one that is too long.
  std::vector<std::string> lines(const std::string& bytes, std::size_t most, bool as_file) {
    input in{as_file ? std::string{} : bytes};
    output out{out_text};
    context ctx{machine, in, out, out};
    const auto path = folder.file("lines");
    EXPECT_TRUE(os::write_file(path, bytes, 0600));
    auto source = line_source::open(ctx, as_file ? path : "-", most);
    EXPECT_TRUE(source);
    std::vector<std::string> all;
    for (;;) {
      const auto line = source->next();
      EXPECT_TRUE(line);
      if (!line || !*line) return all;
      const auto number = std::to_string((*line)->number);
      all.push_back((*line)->too_long ? number + "!" : number + ":" + std::string((*line)->text));
    }
  }
  void expect(const std::string& bytes, const std::vector<std::string>& wanted,
              std::size_t most = 100) {
    EXPECT_EQ(lines(bytes, most, true), wanted);
    EXPECT_EQ(lines(bytes, most, false), wanted);
  }
};

TEST_F(a_line_source, has_all_lines_in_order) {
  expect("", {});
  expect("a", {"1:a"});
  expect("a\n\nb\r\n", {"1:a", "2:", "3:b\r"});
  expect("a\nb", {"1:a", "2:b"});
}

TEST_F(a_line_source, goes_on_after_a_line_that_is_too_long) {
  expect("1234\n12345\n1\n", {"1:1234", "2!", "3:1"}, 4);
  const std::string megabyte(1u << 20, 'x');
  expect("a\n" + megabyte + "\nb\n" + megabyte, {"1:a", "2!", "3:b", "4!"}, 1000);
}

TEST_F(a_line_source, keeps_long_lines_whole_across_reads) {
  std::vector<std::string> wanted;
  std::string bytes;
  for (std::size_t i = 1; i < 40; ++i) {
    const std::string line(i * 20'000, static_cast<char>('a' + i % 26));
    wanted.push_back(std::to_string(i) + ":" + line);
    bytes += line + "\n";
  }
  EXPECT_EQ(lines(bytes, 1u << 20, true), wanted);
  EXPECT_EQ(lines(bytes, 1u << 20, false), wanted);
}

TEST_F(a_line_source, says_what_it_cannot_read) {
  input in{std::string{}};
  output out{out_text};
  context ctx{machine, in, out, out};
  const auto none = line_source::open(ctx, folder.file("none"), 100);
  EXPECT_EQ(none.error().code, errc::not_found);
  auto directory = line_source::open(ctx, folder.path(), 100);
  ASSERT_TRUE(directory);
  const auto line = directory->next();
  ASSERT_FALSE(line);
  EXPECT_NE(line.error().message.find(folder.path()), std::string::npos) << line.error().message;
}

}  // namespace
}  // namespace ark::cli
