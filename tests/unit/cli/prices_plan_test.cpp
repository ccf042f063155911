#include "cli/prices_plan.hpp"

#include <gtest/gtest.h>
#include <algorithm>

#include "adapters/rows.hpp"

namespace ark::cli::prices_plan_test {
namespace {

price_file file_of(const std::string& vendor, const std::string& models) {
  price_file out;
  out.name = "f";
  const std::string text = "vendor: \"" + vendor + "\" currency: \"USD\" " + models;
  EXPECT_TRUE(catalog::parse_list(text, "f")) << catalog::parse_list(text, "f").error().message;
  out.list = catalog::parse_list(text, "f").value();
  for (const auto& m : out.list.models) {
    schema::Model* row = out.rows.add_model();
    row->set_id(m.info.model);
  }
  out.rows.set_vendor(vendor);
  return out;
}

std::string row(const std::string& id, const char* input, const std::string& more = "") {
  return "model { id: \"" + id + "\" mode: chat source: \"s\" date: \"2026-01-01\" price { " +
         "dimension: input unit: Mtok amount: \"" + input + "\" } " + more + " } ";
}

const catalog::book& book() {
  static const auto loaded =
      catalog::load_book({adapters::vendor_rows(), adapters::model_rows()}, {}, {}).value();
  return *loaded;
}

TEST(a_plan, tells_what_is_new_about_each_model) {
  const auto plan =
      plan_prices(book(), {file_of("openai", row("gpt-of-tomorrow", "2"))}, {}, "2026-11-28");
  ASSERT_EQ(plan.size(), 1U);
  EXPECT_EQ(plan[0].id, "openai/gpt-of-tomorrow");
  EXPECT_EQ(plan[0].from_date, "2026-11-28");
  EXPECT_EQ(plan[0].change.changes.at(0), "new: input 2 USD per Mtok");
  EXPECT_TRUE(plan[0].change.alarms.empty());
}

TEST(a_plan, is_alarmed_by_prices_that_leap_or_go) {
  const auto plan =
      plan_prices(book(), {file_of("openai", row("gpt-4.1", "200"))}, {}, "2026-11-28");
  ASSERT_EQ(plan.size(), 1U);
  const auto& alarms = plan[0].change.alarms;
  const auto has = [&](std::string_view word) {
    return std::any_of(alarms.begin(), alarms.end(),
                       [&](const auto& a) { return a.find(word) != std::string::npos; });
  };
  EXPECT_TRUE(has("more than three times"));
  EXPECT_TRUE(has("output")) << "it is not there any more";
}

TEST(a_plan, is_alarmed_by_a_second_source) {
  const auto alarms = [](const char* other_vendor, const char* other_price) {
    return plan_prices(book(), {file_of("openai", row("new", "2"))},
                       {file_of(other_vendor, row("new", other_price))}, "2026-11-28")
        .at(0)
        .change.alarms.size();
  };
  EXPECT_EQ(alarms("openai", "2"), 0U);
  EXPECT_EQ(alarms("openai", "0.002"), 1U);
  EXPECT_EQ(alarms("azure", "0.002"), 0U) << "another list";
}

TEST(a_plan, keeps_only_what_is_new) {
  const std::vector<price_file> files{file_of("openai", row("new-a", "2") + row("new-b", "3")),
                                      file_of("zai", row("new-c", "1"))};
  auto plan = plan_prices(book(), files, {}, "2026-11-28");
  ASSERT_EQ(plan.size(), 3U);
  plan[0].change = {};
  EXPECT_EQ(rows_to_keep(files, plan, 0).model_size(), 1);
  EXPECT_EQ(rows_to_keep(files, plan, 0).model(0).id(), "new-b");
  EXPECT_EQ(rows_to_keep(files, plan, 0).model(0).from_date(), "2026-11-28");
  EXPECT_EQ(rows_to_keep(files, plan, 1).model_size(), 1);
  plan[2].change = {};
  EXPECT_EQ(rows_to_keep(files, plan, 1).model_size(), 0);
}

}  // namespace
}  // namespace ark::cli::prices_plan_test
