#include "billing/report_reader.hpp"

#include <gtest/gtest.h>

namespace ark::billing {
namespace {

std::string shown(std::string_view text) {
  const auto value = decimal_of(text);
  return value ? value->to_string() : "no";
}

TEST(decimal, reads_what_json_and_spreadsheets_write) {
  EXPECT_EQ(shown("0.06"), "0.06");
  EXPECT_EQ(shown("-12"), "-12");
  EXPECT_EQ(shown("+1.50"), "1.5");
  EXPECT_EQ(shown("1e-05"), "0.00001");
  EXPECT_EQ(shown("2.5E+3"), "2500");
  EXPECT_EQ(shown(".5"), "0.5");
}

TEST(decimal, rounds_half_to_even_at_15_decimals) {
  EXPECT_EQ(shown("0.0000000000000005"), "0");
  EXPECT_EQ(shown("0.0000000000000015"), "0.000000000000002");
  EXPECT_EQ(shown("0.00000000000000051"), "0.000000000000001");
  EXPECT_EQ(shown("0.9999999999999999"), "1");
  EXPECT_EQ(shown("-0.0000000000000016"), "-0.000000000000002");
  EXPECT_EQ(shown("1e-400"), "0");
}

TEST(decimal, refuses_the_rest) {
  for (const char* text : {"", "-", ".", "1,000", "1.2.3", "abc", "1e", "1e+", "1e99", "$1", "0x1",
                           "123456789012345678901234567890", "nan"})
    EXPECT_EQ(shown(text), "no") << text;
}

TEST(pages, results_come_with_their_place) {
  std::vector<std::string> places;
  report_facts facts;
  const auto read = read_pages(
      "a.json",
      R"([{"data":[{"results":[{},{}]}],"has_more":true,"next_page":"p2"},{"data":[{"results":[]},{"results":[{}]}]}])",
      facts, [&](const page_result& r) -> result<void> {
        places.push_back(r.place);
        return {};
      });
  ASSERT_TRUE(read);
  EXPECT_EQ(places,
            (std::vector<std::string>{"a.json: data[0].results[0]", "a.json: data[0].results[1]",
                                      "a.json: data[1].results[0]"}));
  ASSERT_EQ(facts.notes.size(), 1u);
  EXPECT_NE(facts.notes[0].find("\"p2\""), std::string::npos);
}

TEST(pages, mistakes_name_file_and_member) {
  const auto read = [](std::string_view text) {
    report_facts facts;
    return read_pages("a.json", text, facts, [](const page_result&) -> result<void> { return {}; });
  };
  EXPECT_EQ(read("{").error().message, "a.json: is not JSON");
  EXPECT_NE(read("{}").error().message.find("\"data\""), std::string::npos);
  EXPECT_NE(read(R"({"data":[{"results":[]},{}]})").error().message.find("data[1]"),
            std::string::npos);
  EXPECT_EQ(read("[1]").error().code, errc::config);
}

}  // namespace
}  // namespace ark::billing
