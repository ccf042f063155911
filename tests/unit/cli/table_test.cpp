#include "cli/table.hpp"

#include <gtest/gtest.h>

namespace ark::cli {
namespace {

TEST(table, columns_are_as_wide_as_their_widest_cell) {
  std::string text;
  output out{text};
  table t;
  t.column("model");
  t.column("cost", align::right);
  t.row({"豆包", "1.5"});
  t.rule();
  t.row({"gpt-6.1-sol", "12.25"});
  t.print(out);
  EXPECT_EQ(text,
            "model         cost\n"
            "豆包           1.5\n"
            "------------------\n"
            "gpt-6.1-sol  12.25\n");
}

// S12
TEST(table, cells_stay_one_line_and_cannot_steer_the_terminal) {
  std::string text;
  output out{text};
  table t;
  t.column("tag");
  t.row({"a\nb\x1b[2J\tc"});
  t.print(out);
  EXPECT_EQ(text, "tag\na b[2J c\n");
}

// L16
TEST(csv, quotes_what_rfc_4180_says) {
  EXPECT_EQ(csv_line({"plain", "a,b", "say \"hi\"", "two\nlines", "cr\r", ""}),
            "plain,\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",\"cr\r\",\r\n");
}

TEST(decimals, get_zeros_and_lose_nothing) {
  std::string a = "12", b = "0.00435", c = "unknown", d = "-";
  align_decimals({&a, &b, &c, &d});
  EXPECT_EQ(a, "12.00000");
  EXPECT_EQ(b, "0.00435");
  EXPECT_EQ(c, "unknown");
  EXPECT_EQ(d, "-");
}

}  // namespace
}  // namespace ark::cli
