#include "dialect/citations.hpp"

#include <gtest/gtest.h>

namespace ark::test {
namespace {

TEST(citations, characters_become_bytes) {
  const std::string_view text =
      "a\xc3\xa9\xe2\x82\xac"
      "b";
  using dialect::byte_of_character;
  EXPECT_EQ(byte_of_character(text, 0), 0);
  EXPECT_EQ(byte_of_character(text, 1), 1);
  EXPECT_EQ(byte_of_character(text, 2), 3);
  EXPECT_EQ(byte_of_character(text, 3), 6);
  EXPECT_EQ(byte_of_character(text, 4), 7);
  EXPECT_EQ(byte_of_character(text, 5), -1);
  EXPECT_EQ(byte_of_character(text, -1), -1);
}

TEST(citations, a_place_is_known_or_not) {
  citation c{.start = 1, .end = 3};
  dialect::place_by_characters(c, "a\xc3\xa9z", 10);
  EXPECT_EQ(c, (citation{.start = 11, .end = 14}));
  for (citation odd : {citation{.start = 1, .end = 1}, citation{.start = 2, .end = 1},
                       citation{.start = 0, .end = 9}, citation{.start = 0, .end = -1}}) {
    dialect::place_by_characters(odd, "abc");
    EXPECT_EQ(odd, citation{});
  }
}

TEST(citations, annotations_in_both_forms) {
  const auto read = [](std::string_view text) {
    json::reader reader;
    const auto root = reader.parse(text);
    return root ? dialect::read_annotation(*root) : std::nullopt;
  };
  EXPECT_EQ(read(R"({"type":"url_citation","url_citation":{"url":"u","content":"w"}})"),
            (citation{.url = "u", .text = "w"}));
  EXPECT_EQ(read(R"({"type":"file_citation","file_id":"f","filename":"n","index":3})"),
            (citation{.title = "n", .document_id = "f"}));
  EXPECT_EQ(
      read(R"({"type":"url_citation","url":"u","summary":"w","start_index":2,"end_index":4})"),
      (citation{.url = "u", .text = "w", .start = 2, .end = 4}));
  EXPECT_EQ(read(R"({"type":"doc_citation","doc_id":"d","doc_name":"n","summary":"w"})"),
            (citation{.title = "n", .text = "w", .document_id = "d"}));
  EXPECT_FALSE(read(R"({"type":"smell"})"));
  EXPECT_FALSE(read("[]"));
}

}  // namespace
}  // namespace ark::test
