#include "billing/focus.hpp"

#include <gtest/gtest.h>

#include "files/csv.hpp"
#include "tests/unit/billing/billing_support.hpp"

namespace ark::billing {
namespace {

using row_cells = std::map<std::string, std::string>;

std::vector<row_cells> rows_of(const std::vector<ledger_entry>& entries,
                               const export_options& options, export_summary* told = nullptr) {
  focus_rows rows(options);
  std::string text = focus_rows::head();
  for (const auto& e : entries) EXPECT_TRUE(rows.add(text, e));
  EXPECT_TRUE(rows.finish(text, [] { return result<void>{}; }));
  if (told != nullptr) *told = rows.summary();
  std::vector<std::vector<std::string>> all;
  EXPECT_TRUE(files::read_csv(text, [&](files::csv_record r) -> result<void> {
    all.push_back(std::move(r.fields));
    return {};
  }));
  std::vector<row_cells> out;
  for (std::size_t i = 1; i < all.size(); ++i) {
    EXPECT_EQ(all[i].size(), all[0].size());
    for (std::size_t c = 0; c < all[0].size(); ++c) {
      if (c == 0) out.emplace_back();
      out.back()[all[0][c]] = all[i].at(c);
    }
  }
  return out;
}

ledger_entry billed(std::int64_t input, std::int64_t output) {
  auto e = testing::settled_entry();
  const auto line = [](const char* dimension, std::int64_t quantity, const char* price) {
    const amount unit = amount::parse(price).value();
    return cost_line{.dimension = dimension,
                     .quantity = quantity,
                     .unit_price = unit,
                     .per = 1'000'000,
                     .value = unit.times_ratio(quantity, 1'000'000).value()};
  };
  e.lines = {line("input", input, "2.5"), line("output", output, "10")};
  e.cost.value = e.lines[0].value.plus(e.lines[1].value).value();
  e.cost.low = e.cost.high = e.cost.value;
  e.cost.price_hash = "abc";
  e.tenant = "acme";
  return e;
}

TEST(focus, a_day_has_a_row_for_each_meter) {
  const export_options options{.format = export_format::focus, .providers = {{"openai", "OpenAI"}}};
  auto later = billed(30, 1);
  later.begun += std::chrono::hours(3);
  const auto rows = rows_of({billed(10, 2), later}, options);
  ASSERT_EQ(rows.size(), 2u);
  const auto& input = rows[0].at("SkuMeter") == "input" ? rows[0] : rows[1];
  EXPECT_EQ(input.at("ConsumedQuantity"), "40");
  EXPECT_EQ(input.at("ConsumedUnit"), "Tokens");
  EXPECT_EQ(input.at("PricingQuantity"), "0.00004");
  EXPECT_EQ(input.at("PricingUnit"), "1000000 Tokens");
  EXPECT_EQ(input.at("ListUnitPrice"), "2.5");
  for (const char* cost : {"BilledCost", "EffectiveCost", "ListCost", "ContractedCost"})
    EXPECT_EQ(input.at(cost), "0.0001") << cost;
  EXPECT_EQ(input.at("ChargePeriodStart"), "2026-11-21T00:00:00Z");
  EXPECT_EQ(input.at("ChargePeriodEnd"), "2026-11-22T00:00:00Z");
  EXPECT_EQ(input.at("BillingPeriodStart"), "2026-11-01T00:00:00Z");
  EXPECT_EQ(input.at("BillingPeriodEnd"), "2026-12-01T00:00:00Z");
  EXPECT_EQ(input.at("ProviderName"), "OpenAI");
  EXPECT_EQ(input.at("SkuPriceId"), "abc");
  EXPECT_EQ(input.at("SubAccountId"), "acme");
  EXPECT_EQ(input.at("x_Attempts"), "2");
  EXPECT_EQ(input.at("x_RequestId"), "");
}

// The columns that FOCUS 1.2 calls mandatory, and those of them that may not be null.
TEST(focus, mandatory_columns_are_there) {
  const export_options options{.format = export_format::focus};
  const auto row = rows_of({billed(10, 2)}, options).at(0);
  for (const char* name :
       {"BilledCost", "BillingAccountId", "BillingCurrency", "BillingPeriodEnd",
        "BillingPeriodStart", "ChargeCategory", "ChargeDescription", "ChargePeriodEnd",
        "ChargePeriodStart", "ContractedCost", "EffectiveCost", "InvoiceIssuerName", "ListCost",
        "PricingQuantity", "PricingUnit", "ProviderName", "PublisherName", "ServiceCategory",
        "ServiceName"})
    EXPECT_NE(row.at(name), "") << name;
  for (const char* name : {"BillingAccountName", "ChargeClass"}) EXPECT_EQ(row.at(name), "");
}

TEST(focus, a_request_has_its_ids_and_a_period_that_is_not_empty) {
  const export_options options{.format = export_format::focus, .period = focus_period::request};
  auto e = billed(10, 2);
  e.request_id = "=req";
  e.ended = e.begun;
  const auto rows = rows_of({e}, options);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].at("x_CallId"), "c-1");
  EXPECT_EQ(rows[0].at("x_RequestId"), "'=req");
  EXPECT_EQ(rows[0].at("ChargePeriodStart"), "2026-11-21T10:00:00Z");
  EXPECT_EQ(rows[0].at("ChargePeriodEnd"), "2026-11-21T10:00:01Z");
}

TEST(focus, what_the_vendor_charged_beside_the_bill_is_an_adjustment) {
  const export_options options{.format = export_format::focus};
  auto e = billed(1'000'000, 0);
  e.computed = money{e.cost.value, "USD"};
  e.cost.value = amount::parse("2.4").value();
  const auto rows = rows_of({e}, options);
  amount sum;
  bool adjusted = false;
  for (const auto& row : rows) {
    sum = sum.plus(amount::parse(row.at("BilledCost")).value()).value();
    if (row.at("ChargeCategory") != "Adjustment") continue;
    adjusted = true;
    EXPECT_EQ(row.at("BilledCost"), "-0.1");
    EXPECT_EQ(row.at("ConsumedQuantity"), "");
  }
  EXPECT_TRUE(adjusted);
  EXPECT_EQ(sum.to_string(), "2.4");
}

TEST(focus, a_cost_in_another_currency_than_the_prices_is_one_row) {
  const export_options options{.format = export_format::focus};
  auto e = billed(10, 2);
  e.computed = money{e.cost.value, "CNY"};
  e.cost.value = amount::parse("0.3").value();
  const auto rows = rows_of({e}, options);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].at("BilledCost"), "0.3");
  EXPECT_EQ(rows[0].at("ConsumedUnit"), "Requests");
}

TEST(focus, doubt_costs_nothing_and_shows_its_ends) {
  const export_options options{.format = export_format::focus};
  const auto rows = rows_of({testing::ambiguous_entry(), testing::open_entry()}, options);
  ASSERT_EQ(rows.size(), 2u);
  for (const auto& row : rows) {
    EXPECT_EQ(row.at("BilledCost"), "0");
    EXPECT_EQ(row.at("x_CostHigh"), "0.5");
  }
}

TEST(focus, an_unknown_cost_is_left_out_and_counted) {
  const export_options options{.format = export_format::focus};
  auto e = testing::settled_entry();
  e.cost = {};
  export_summary told;
  EXPECT_TRUE(rows_of({e}, options, &told).empty());
  EXPECT_EQ(told.left_out, 1);
  EXPECT_EQ(told.entries, 1);
}

}  // namespace
}  // namespace ark::billing
