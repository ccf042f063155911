#include "files/csv.hpp"

#include <gtest/gtest.h>

namespace ark::files {

namespace {
using table = std::vector<std::vector<std::string>>;

result<table> read_table(std::string_view text, std::vector<int>* lines = nullptr) {
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
  EXPECT_EQ(read_table("a,b\r\n1,2\n").value(), (table{{"a", "b"}, {"1", "2"}}));
  EXPECT_EQ(read_table("\"a,b\",\"say \"\"hi\"\"\"\n").value(), (table{{"a,b", "say \"hi\""}}));
  EXPECT_EQ(read_table("a,\n,b").value(), (table{{"a", ""}, {"", "b"}}));
  EXPECT_EQ(read_table("\xEF\xBB\xBF"
                       "a\n\n\nb\n")
                .value(),
            (table{{"a"}, {"b"}}));
  EXPECT_EQ(read_table("").value(), table{});
}

TEST(csv, lines_count_through_quotes) {
  std::vector<int> lines;
  EXPECT_EQ(read_table("a\n\"1\n2\n3\"\nb\n", &lines).value().size(), 3u);
  EXPECT_EQ(lines, (std::vector<int>{1, 2, 5}));
}

TEST(csv, mistakes_have_a_line) {
  EXPECT_EQ(read_table("a\n\"open").error().message.substr(0, 2), "2:");
  EXPECT_EQ(read_table("a\nb\"c\n").error().message.substr(0, 2), "2:");
  EXPECT_FALSE(read_table("\"a\"b\n"));
}

TEST(csv, pieces_of_any_size_give_the_same_records) {
  const std::string text =
      "\xEF\xBB\xBF"
      "a,\"b\r\n\"\"c\"\r\n\r\nd,\r,e";
  const table whole = read_table(text).value();
  EXPECT_EQ(whole, (table{{"a", "b\r\n\"c"}, {"d", ""}, {"", "e"}}));
  for (std::size_t size = 1; size < 6; ++size) {
    csv_reader reader;
    table out;
    const auto each = [&](csv_record r) -> result<void> {
      out.push_back(std::move(r.fields));
      return {};
    };
    for (std::size_t at = 0; at < text.size(); at += size)
      ASSERT_TRUE(reader.feed(std::string_view(text).substr(at, size), each));
    ASSERT_TRUE(reader.finish(each));
    EXPECT_EQ(out, whole) << size;
  }
}

TEST(csv, text_that_begins_as_a_byte_order_mark_is_text) {
  EXPECT_EQ(read_table("\xEF\xBB"
                       "x,y")
                .value(),
            (table{{"\xEF\xBB"
                    "x",
                    "y"}}));
  EXPECT_EQ(read_table("\xEF").value(), (table{{"\xEF"}}));
}

TEST(csv, a_record_is_bounded) {
  const std::string text = "\"" + std::string(2000, 'x') + "\"\n";
  const auto each = [](csv_record) -> result<void> { return {}; };
  EXPECT_EQ(csv_reader(1000).feed(text, each).error().code, errc::too_large);
  EXPECT_TRUE(csv_reader(3000).feed(text + text + text, each)) << "each of them";
  EXPECT_TRUE(read_table(text)) << "a text that is in memory already";
}

// Threat L16: whatever a tag has in it comes back.
TEST(csv, L16_what_is_written_is_read_again) {
  const table rows = {{"say \"hi\"", "two\nlines", "cr\rlf\r\n", "a,b", "", "'", "\"", ","}};
  EXPECT_EQ(read_table(csv_line(rows[0])).value(), rows);
}

TEST(csv, formulas_are_defused_and_nothing_is_lost) {
  EXPECT_EQ(defused("=1+1"), "'=1+1");
  EXPECT_EQ(defused("@x"), "'@x");
  EXPECT_EQ(defused("plain"), "plain");
  EXPECT_EQ(defused("'quoted'"), "'quoted'");
  EXPECT_EQ(defused("'=x"), "''=x");
  for (const char* text :
       {"=1", "+1", "-1", "@a", "\tx", "\rx", "'=1", "''", "'a", "a=", "", "''-"})
    EXPECT_EQ(undefused(defused(text)), text);
}

}  // namespace ark::files
