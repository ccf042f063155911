#include "cli/output.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <system_error>

namespace ark::cli {
namespace {

TEST(output, to_a_string) {
  std::string text;
  output out{text};
  out.write("a").line("b").line();
  EXPECT_EQ(text, "ab\n\n");
  EXPECT_FALSE(out.is_terminal());
  EXPECT_EQ(out.width(), 80);
}

TEST(output, knows_whether_a_line_was_begun) {
  std::string text;
  output out{text};
  EXPECT_FALSE(out.inside_line());
  out.end_line().write("a").write("");
  EXPECT_TRUE(out.inside_line());
  out.write_passing("\x1b[0m").end_line().end_line();
  EXPECT_FALSE(out.inside_line());
  out.write_passing("\r\x1b[K");
  EXPECT_FALSE(out.inside_line());
  EXPECT_EQ(text, "a\x1b[0m\n\r\x1b[K");
}

TEST(output, to_a_pipe_whole) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  {
    output out{ends[1]};
    out.write("hello");
  }
  char got[16];
  EXPECT_EQ(::read(ends[0], got, sizeof got), 5);
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST(output, reader_that_went_away) {
  std::signal(SIGPIPE, SIG_IGN);
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  ::close(ends[0]);
  output out{ends[1]};
  out.write("hello");
  EXPECT_THROW(out.flush(), broken_pipe);
  EXPECT_NO_THROW(out.flush());  // what could not be written is gone
  ::close(ends[1]);
}

TEST(output, full_disk_is_told) {
  const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
  ASSERT_GE(full, 0);
  output out{full};
  out.write("hello");
  EXPECT_THROW(out.flush(), std::system_error);
  ::close(full);
}

// S12
TEST(terminal_filter, control_characters_are_removed) {
  EXPECT_EQ(printable("a\x1b]52;c;aGk=\x07"
                      "b"),
            "a]52;c;aGk=b");
  EXPECT_EQ(printable("\x1b[2J\rx\ty\n"), "[2Jx\ty\n");
  EXPECT_EQ(printable("a\x7f\x08"), "a");
  EXPECT_EQ(printable("a\xc2\x9b"
                      "31m"),
            "a31m");
  EXPECT_EQ(printable("\xc2\xa0\xc3\xa9\xe2\x82\xac"), "\xc2\xa0\xc3\xa9\xe2\x82\xac");
}

TEST(terminal_filter, characters_split_between_pieces) {
  terminal_filter filter;
  EXPECT_EQ(filter.clean("a\xc2"), "a");
  EXPECT_EQ(filter.clean("\x9b[31m"), "[31m");
  EXPECT_EQ(filter.clean("a\xc2"), "a");
  EXPECT_EQ(filter.clean("\xa9"), "\xc2\xa9");
}

TEST(terminal_filter, broken_utf8_cannot_hide_an_escape) {
  EXPECT_EQ(printable("\xc2\x1b[2J").find('\x1b'), std::string::npos);
  EXPECT_EQ(printable("\xc2\xc2\x9b").find("\xc2\x9b"), std::string::npos);
}

}  // namespace
}  // namespace ark::cli
