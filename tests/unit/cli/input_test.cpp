#include "cli/input.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace ark::cli {
namespace {

/// A pipe whose reading end has `text` waiting.
class waiting_pipe {
 public:
  explicit waiting_pipe(const std::string& text) {
    EXPECT_EQ(::pipe(ends_), 0);
    EXPECT_EQ(::write(ends_[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
    ::close(ends_[1]);
  }
  waiting_pipe(const waiting_pipe&) = delete;
  waiting_pipe& operator=(const waiting_pipe&) = delete;
  ~waiting_pipe() { ::close(ends_[0]); }
  int read_end() const { return ends_[0]; }

 private:
  int ends_[2] = {-1, -1};
};

TEST(input, all_of_a_pipe) {
  waiting_pipe p{"a\nb"};
  input in{p.read_end()};
  EXPECT_FALSE(in.is_terminal());
  EXPECT_EQ(*in.read_all(100), "a\nb");
}

TEST(input, limits) {
  waiting_pipe p{"0123456789"};
  input in{p.read_end()};
  const auto refused = in.read_all(9);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::too_large);
  input text{std::string{"0123456789"}};
  EXPECT_EQ(text.read_all(9).error().code, errc::too_large);
}

TEST(input, given_is_what_a_pipe_or_a_file_has) {
  const waiting_pipe p{"x"};
  const input in{p.read_end()};
  EXPECT_TRUE(in.is_given());
  EXPECT_TRUE(in.ready_within(0));
  const int null = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  EXPECT_FALSE(input{null}.is_given());
  ::close(null);
  EXPECT_FALSE(input{null}.is_given());
  EXPECT_FALSE(input{std::string{}}.is_given());
  EXPECT_TRUE(input{std::string{"x"}}.is_given());
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  EXPECT_FALSE(input{ends[0]}.ready_within(0));
  ::close(ends[1]);
  EXPECT_TRUE(input{ends[0]}.ready_within(0));
  ::close(ends[0]);
}

TEST(input, hidden_line_leaves_the_rest) {
  waiting_pipe p{"secret \r\nrest"};
  input in{p.read_end()};
  EXPECT_EQ(in.read_hidden_line(100)->reveal_secret(), "secret");
  EXPECT_EQ(*in.read_all(100), "rest");
  input text{std::string{"secret\nrest"}};
  EXPECT_EQ(text.read_hidden_line(100)->reveal_secret(), "secret");
  EXPECT_EQ(*text.read_all(100), "rest");
}

TEST(input, hidden_line_is_bounded) {
  input text{std::string(100, 'x')};
  EXPECT_EQ(text.read_hidden_line(99).error().code, errc::too_large);
  waiting_pipe p{std::string(100, 'x')};
  input in{p.read_end()};
  EXPECT_EQ(in.read_hidden_line(99).error().code, errc::too_large);
}

}  // namespace
}  // namespace ark::cli
