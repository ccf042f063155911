#include "catalog/price_change.hpp"

#include "make_model.hpp"

#include <gtest/gtest.h>

namespace ark::catalog::price_change_test {
namespace {

using texts = std::vector<std::string>;

texts alarms(std::vector<price> before, std::vector<price> after) {
  const model old = make_model(std::move(before));
  return compare_prices(&old, make_model(std::move(after))).alarms;
}

TEST(APriceChange, IsTold) {
  const model before = make_model({per_mtok("input", "2"), per_mtok("output", "8")});
  const model after = make_model({per_mtok("input", "1"), per_mtok("output", "8")});
  const auto change = compare_prices(&before, after);
  EXPECT_EQ(change.changes, texts{"input 2 -> 1 USD per Mtok"});
  EXPECT_EQ(change.alarms, texts{});
  EXPECT_EQ(compare_prices(&before, before).changes, texts{});
  EXPECT_EQ(compare_prices(nullptr, after).changes,
            (texts{"new: input 1 USD per Mtok", "new: output 8 USD per Mtok"}));
}

// L18: a poisoned price file, with a price of zero or a million times too high.
TEST(APriceChange, ThatNobodyShouldTakeOverUnseenIsAnAlarm) {
  const auto in = [](const char* v) { return per_mtok("input", v); };
  EXPECT_EQ(alarms({in("1")}, {in("3")}), texts{});
  EXPECT_EQ(alarms({in("1")}, {in("3.000001")}),
            texts{"input 1 -> 3.000001 USD per Mtok: it moves by more than three times"});
  EXPECT_EQ(alarms({in("3")}, {in("0.9")}),
            texts{"input 3 -> 0.9 USD per Mtok: it moves by more than three times"});
  EXPECT_EQ(alarms({in("3")}, {in("0")}), texts{"input 3 -> 0 USD per Mtok: it becomes zero"});
  EXPECT_EQ(alarms({in("0")}, {in("0")}), texts{});
  EXPECT_EQ(alarms({}, {in("0")}), texts{"input 0 USD per Mtok: it is zero"});
  EXPECT_EQ(alarms({}, {in("2000000")}),
            texts{"input 2000000 USD per million tokens cannot be meant"});
}

TEST(APriceChange, OfKindUnitOrCurrencyIsAnAlarm) {
  EXPECT_EQ(alarms({per_mtok("input", "1"), per_mtok("input", "2", prompt(200'000, -1))},
                   {per_mtok("input", "1")}),
            texts{"input (prompt over 200,000 tokens) 2 USD per Mtok is not there any more"});
  EXPECT_EQ(alarms({fee("web_search", "10", "thousand_calls")}, {fee("web_search", "10", "call")}),
            texts{"web_search 10 -> 10 USD per call, before it was per thousand_calls"});
  price unknown = per_mtok("input", "0");
  unknown.unknown = true;
  EXPECT_EQ(alarms({per_mtok("input", "1")}, {unknown}),
            texts{"input 1 -> unknown USD per Mtok: it is no longer known"});
  const model dollars = make_model({per_mtok("input", "1")});
  const model yuan = make_model({per_mtok("input", "7")}, "m", "CNY");
  EXPECT_EQ(compare_prices(&dollars, yuan).alarms, texts{"the currency changes from USD to CNY"});
}

TEST(TwoSources, DisagreeByMoreThanHalfAPerCent) {
  const auto differ = [](std::vector<price> a, std::vector<price> b) {
    return disagreements(make_model(std::move(a)), make_model(std::move(b)));
  };
  EXPECT_EQ(differ({per_mtok("input", "1")}, {per_mtok("input", "1.004")}), texts{});
  EXPECT_EQ(differ({per_mtok("input", "0.3")}, {per_mtok("input", "0.003")}),
            texts{"input 0.3 per Mtok: the other source says 0.003 per Mtok"});
  EXPECT_EQ(
      differ({per_mtok("input", "1"), per_mtok("cache_read", "0.1")}, {per_mtok("input", "1")}),
      texts{});
  EXPECT_EQ(differ({per_mtok("input", "1")},
                   {per_mtok("input", "1"), per_mtok("input", "2", prompt(200'000, -1))}),
            texts{"input (prompt over 200,000 tokens) 2 per Mtok: only the other source has such a "
                  "price"});
  EXPECT_EQ(disagreements(make_model({}), make_model({}, "m", "CNY")),
            texts{"the other source has prices in CNY"});
}

}  // namespace
}  // namespace ark::catalog::price_change_test
