#include "catalog/model_rows.hpp"

#include "rows.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace ark::catalog {
namespace {

std::string list_of(const std::string& model) {
  return "vendor: \"v\"\ncurrency: \"USD\"\nmodel {\n  id: \"m\"\n  mode: chat\n  source: "
         "\"page\"\n"
         "  date: \"2026-11-01\"\n" +
         model + "}\n";
}

std::string complaint(const std::string& text) {
  const auto list = parse_list(text, "prices.textproto");
  return list ? "" : list.error().message;
}

TEST(ModelRows, ReadsAllThatARowCanSay) {
  const auto list = parse_list(
      list_of(
          "  alias: \"other\"\n  encoding: \"words\"\n  context_tokens: 1000\n  capability: "
          "[\"tools\", \"vision\"]\n"
          "  price { dimension: input amount: \"0.003625\" unit: Mtok when { input_tokens_ge: "
          "200000 "
          "output_tokens_le: 200 service_tier: \"flex\" thinking: true utc_from: \"00:30\" utc_to: "
          "\"16:30\" start_date: \"2026-01-01\" end_date: \"2027-01-01\" speed: \"fast\" } }\n"
          "  price { dimension: web_search unit: thousand_calls unknown: true }\n"
          "  price { dimension: input amount: \"1\" unit: Mtok when { period: \"peak\" } }\n"
          "  schedule { peak_utc { from: \"01:00\" to: \"04:00\" } off_peak_weekday: [0, 6] "
          "weekday_utc_offset_minutes: 480 }\n"),
      "f");
  ASSERT_TRUE(list.has_value()) << list.error().message;
  ASSERT_EQ(list->models.size(), 1U);
  const model& m = list->models[0];
  EXPECT_EQ(m.info.currency, "USD");
  EXPECT_EQ(m.info.aliases, std::vector<std::string>{"other"});
  EXPECT_EQ(m.info.encoding, "words");
  EXPECT_EQ(m.info.capabilities.size(), 2U);
  EXPECT_EQ(m.info.source_date, "2026-11-01");
  ASSERT_EQ(m.prices.size(), 3U);
  const condition& c = m.prices[0].when;
  EXPECT_EQ(m.prices[0].value.to_string(), "0.003625");
  EXPECT_EQ(c.input_gt, 199999);
  EXPECT_EQ(c.output_le, 200);
  EXPECT_EQ(c.service_tier, "flex");
  EXPECT_EQ(c.thinking, true);
  EXPECT_EQ(c.utc_from_minute, 30);
  EXPECT_EQ(c.utc_to_minute, 990);
  EXPECT_EQ(c.start_day, 20454);
  EXPECT_EQ(c.end_day, 20819);
  ASSERT_EQ(c.attributes.size(), 1U);
  EXPECT_TRUE(m.prices[1].unknown);
  EXPECT_EQ(m.schedule.peak.size(), 1U);
  EXPECT_EQ(m.schedule.off_peak_weekdays, 65U);
  EXPECT_EQ(m.hash.size(), 64U);
}

TEST(ModelRows, ErrorsNameFileLineAndField) {
  EXPECT_EQ(
      complaint("vendor: \"v\"\nnosuch: 1\n"),
      "prices.textproto:2: Message type \"ark.schema.ModelFile\" has no field named \"nosuch\".");
  EXPECT_EQ(complaint(list_of("  price { dimension: input amount: \"1,5\" unit: Mtok }\n"))
                .rfind("prices.textproto:8: field amount: not a decimal amount", 0),
            0U);
  EXPECT_EQ(complaint(list_of("  price { dimension: input amount: \"-1\" unit: Mtok }\n")),
            "prices.textproto:8: field amount: a price is not negative");
  EXPECT_EQ(complaint(list_of("  price { dimension: input unit: Mtok }\n")),
            "prices.textproto:8: field amount: give an amount, or say `unknown: true`");
  EXPECT_EQ(complaint(list_of("  price { dimension: input amount: \"1\" }\n")),
            "prices.textproto:8: field unit: is missing");
  EXPECT_EQ(complaint(list_of("  price {\n    dimension: input\n    amount: \"1\"\n    unit: Mtok\n"
                              "    when { utc_from: \"25:00\" utc_to: \"26:00\" }\n  }\n")),
            "prices.textproto:12: field when: write times as HH:MM");
}

TEST(ModelRows, APriceNeedsASourceAndADate) {
  const std::string text =
      "vendor: \"v\"\ncurrency: \"USD\"\nmodel {\n  id: \"m\"\n  mode: chat\n"
      "  price { dimension: input amount: \"1\" unit: Mtok }\n}\n";
  EXPECT_EQ(
      complaint(text),
      "prices.textproto:3: field source: prices need a source and a date (YYYY-MM-DD): say where "
      "they were read");
}

TEST(ModelRows, AListHasOneVendorOneCurrencyAndEachModelOnce) {
  EXPECT_EQ(complaint("currency: \"USD\"\n"), "prices.textproto:1: field vendor: is missing");
  EXPECT_EQ(complaint("vendor: \"v\"\n"),
            "prices.textproto:1: field currency: write it as in \"USD\"");
  EXPECT_EQ(complaint("vendor: \"v\"\ncurrency: \"USD\"\nmodel { id: \"m\" mode: chat }\n"
                      "model { id: \"m\" mode: chat }\n"),
            "prices.textproto:4: field id: is in this file twice");
  EXPECT_NE(
      complaint(
          list_of("  price { dimension: input amount: \"1\" unit: Mtok currency: \"CNY\" }\n"))
          .find("field currency: a list has one currency"),
      std::string::npos);
}

TEST(ModelRows, PackedRowsAreFoundWithoutDecoding) {
  const auto lists = find_lists(adapters::model_rows());
  ASSERT_TRUE(lists.has_value());
  std::size_t models = 0;
  for (const packed_list& list : *lists) models += find_models(list).value().size();
  EXPECT_GT(models, 400U);
}

TEST(ModelRows, DamagedRowsAreAnError) {
  const auto bytes = adapters::model_rows();
  EXPECT_EQ(find_lists(bytes.first(bytes.size() - 1)).error().code, errc::internal);
  for (std::size_t cut = 1; cut < 400; ++cut)
    EXPECT_FALSE(find_lists(bytes.first(cut)).has_value());
  const unsigned char noise[] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
  EXPECT_FALSE(find_lists(noise).has_value());
  EXPECT_TRUE(find_lists({}).value().empty());
}

TEST(ModelRows, ADirectoryIsReadInOrderOfNames) {
  const ark::testing::temporary_directory folder;
  std::ofstream(folder.path() + "/b.textproto") << list_of("");
  std::ofstream(folder.path() + "/a.textproto") << "vendor: \"first\"\ncurrency: \"CNY\"\n";
  std::ofstream(folder.path() + "/notes.txt") << "not a row";
  const auto lists = read_list_directory(folder.path());
  ASSERT_TRUE(lists.has_value()) << lists.error().message;
  ASSERT_EQ(lists->size(), 2U);
  EXPECT_EQ((*lists)[0].vendor, "first");
  EXPECT_EQ(read_list_directory(folder.path() + "/none").error().code, errc::not_found);
  std::ofstream(folder.path() + "/c.textproto") << "vendor: 5\n";
  EXPECT_EQ(read_list_directory(folder.path()).error().code, errc::config);
}

}  // namespace
}  // namespace ark::catalog
