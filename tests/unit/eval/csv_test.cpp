#include "eval/csv.hpp"

#include <gtest/gtest.h>

namespace ark::eval {

namespace {
using table = std::vector<std::vector<std::string>>;

result<table> read(std::string_view text, std::vector<int>* lines = nullptr) {
  table out;
  auto ok = read_csv(text, [&](csv_record r) -> result<void> {
    if (lines) lines->push_back(r.line);
    out.push_back(std::move(r.fields));
    return {};
  });
  if (!ok) return ok.error();
  return out;
}
}  // namespace

TEST(csv, reads_fields_quotes_and_line_ends) {
  EXPECT_EQ(read("a,b\r\n1,2\n").value(), (table{{"a", "b"}, {"1", "2"}}));
  EXPECT_EQ(read("\"a,b\",\"say \"\"hi\"\"\"\n").value(), (table{{"a,b", "say \"hi\""}}));
  EXPECT_EQ(read("a,\n,b").value(), (table{{"a", ""}, {"", "b"}}));
  EXPECT_EQ(read("\xEF\xBB\xBF"
                 "a\n\n\nb\n")
                .value(),
            (table{{"a"}, {"b"}}));
  EXPECT_EQ(read("").value(), table{});
}

TEST(csv, lines_count_through_quotes) {
  std::vector<int> lines;
  EXPECT_EQ(read("a\n\"1\n2\n3\"\nb\n", &lines).value().size(), 3u);
  EXPECT_EQ(lines, (std::vector<int>{1, 2, 5}));
}

TEST(csv, mistakes_have_a_line) {
  EXPECT_EQ(read("a\n\"open").error().message.substr(0, 2), "2:");
  EXPECT_EQ(read("a\nb\"c\n").error().message.substr(0, 2), "2:");
  EXPECT_FALSE(read("\"a\"b\n"));
}

}  // namespace ark::eval
