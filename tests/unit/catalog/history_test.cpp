#include "catalog/history.hpp"

#include "catalog/book.hpp"
#include "make_model.hpp"

#include <gtest/gtest.h>

namespace ark::catalog::history_test {
namespace {

constexpr std::int64_t november_1 = 20758;  // days since 1970

model row_at(const char* input, std::int64_t from_day, std::int64_t until_day = -1) {
  model m = make_model({per_mtok("input", input), per_mtok("output", "8")});
  m.from_day = from_day;
  m.until_day = until_day;
  return m;
}

std::string input_price(const model& m, std::chrono::system_clock::time_point when) {
  const auto p = price_usage(m, tokens(1'000'000, 0), {.at = when});
  return p.cost.status == cost_status::exact ? p.cost.value.to_string() : p.reason;
}

TEST(AHistory, PricesEachDayWithItsOwnRow) {
  ASSERT_EQ(at(1, 0), std::chrono::sys_days{std::chrono::days{november_1}});
  model m = with_row(row_at("2", -1), row_at("1", november_1 + 9));
  m = with_row(m, row_at("3", november_1 + 19));
  EXPECT_EQ(input_price(m, at(1, 0)), "2");
  EXPECT_EQ(input_price(m, at(9, 23, 59)), "2");
  EXPECT_EQ(input_price(m, at(10, 0)), "1");
  EXPECT_EQ(input_price(m, at(19, 23, 59)), "1");
  EXPECT_EQ(input_price(m, at(20, 0)), "3");
  EXPECT_EQ(input_price(m, {}), "3") << "without a time the newest";
  EXPECT_EQ(m.earlier.size(), 2U);
}

TEST(AHistory, DoesNotDependOnTheOrderInWhichRowsCome) {
  const model late = with_row(with_row(row_at("2", -1), row_at("3", november_1 + 19)),
                              row_at("1", november_1 + 9));
  EXPECT_EQ(input_price(late, at(15, 0)), "1");
  EXPECT_EQ(input_price(late, at(25, 0)), "3");
  EXPECT_EQ(late.prices[0].value.to_string(), "3");
}

TEST(AHistory, HasNoPriceOutsideOfItsDays) {
  const model m =
      with_row(row_at("1", november_1 + 9, november_1 + 11), row_at("3", november_1 + 19));
  EXPECT_EQ(input_price(m, at(9, 0)), "price: none of this model's was in force on that day");
  EXPECT_EQ(input_price(m, at(11, 23)), "1");
  EXPECT_EQ(input_price(m, at(12, 0)), "price: none of this model's was in force on that day");
  EXPECT_EQ(quote(m, 10, 10, {.at = at(9, 0)}).status, cost_status::unknown);
  EXPECT_EQ(quote(m, 10, 10, {.at = at(20, 0)}).status, cost_status::interval);
  EXPECT_FALSE(dearest_tokens(m, 10, {.at = at(9, 0)}));
  EXPECT_TRUE(least_cost(m, 10, {.at = at(9, 0)}).is_zero());
}

TEST(AHistory, IsFoundByTheHashThatALedgerEntryNames) {
  const model old = row_at("2", -1);
  const model m = with_row(old, row_at("1", november_1 + 9));
  ASSERT_NE(row_of_hash(m, old.hash), nullptr);
  EXPECT_EQ(row_of_hash(m, old.hash)->prices[0].value.to_string(), "2");
  EXPECT_EQ(row_of_hash(m, m.hash), &m);
  EXPECT_EQ(row_of_hash(m, ""), nullptr);
  EXPECT_EQ(row_of_hash(m, "0123"), nullptr);
  const auto then = price_usage(m, tokens(1, 1), {.at = at(2, 0)});
  EXPECT_EQ(then.cost.price_hash, old.hash) << "and the day's price names it again";
}

TEST(AHistory, KeepsARowThatWasCorrectedOnItsDay) {
  const model wrong = row_at("10", november_1 + 9);
  const model m = with_row(with_row(row_at("2", -1), wrong), row_at("1", november_1 + 9));
  EXPECT_EQ(input_price(m, at(10, 0)), "1");
  EXPECT_EQ(input_price(m, at(9, 0)), "2");
  ASSERT_NE(row_of_hash(m, wrong.hash), nullptr);
}

TEST(AHistory, KeepsCurrenciesApart) {
  model yuan = row_at("7", november_1 + 9);
  yuan.info.currency = "CNY";
  const model m = with_row(row_at("1", -1), yuan);
  EXPECT_EQ(price_usage(m, tokens(1, 1), {.at = at(2, 0)}).cost.currency, "USD");
  EXPECT_EQ(price_usage(m, tokens(1, 1), {.at = at(12, 0)}).cost.currency, "CNY");
}

TEST(AHistory, TakesFactsFromTheKnownModel) {
  model known = row_at("2", -1);
  known.info.context_tokens = 1000;
  known.info.aliases = {"other"};
  known.info.encoding = "words";
  const model m = with_row(known, row_at("1", november_1));
  EXPECT_EQ(m.info.context_tokens, 1000);
  EXPECT_EQ(m.info.aliases, std::vector<std::string>{"other"});
  EXPECT_EQ(m.info.encoding, "words");
}

TEST(AHistory, IsMadeOfTheListsOfABook) {
  vendor v;
  v.name = "v";
  const auto list = [](model m) { return price_list{.vendor = "v", .models = {std::move(m)}}; };
  const auto book = make_book(
      {.vendors = {v}, .lists = {list(row_at("2", -1)), list(row_at("1", november_1 + 9))}});
  const model* m = book->find_model("v", "m");
  ASSERT_NE(m, nullptr);
  EXPECT_EQ(input_price(*m, at(2, 0)), "2");
  EXPECT_EQ(input_price(*m, at(12, 0)), "1");
  EXPECT_EQ(m->earlier.at(0).info.id, "v/m");
  const auto whole = make_book(
      {.vendors = {v},
       .lists = {list(row_at("2", -1)), list(row_at("1", november_1 + 9)), list(row_at("5", -1))}});
  EXPECT_TRUE(whole->find_model("v", "m")->earlier.empty())
      << "a row without a day replaces the model whole";
}

}  // namespace
}  // namespace ark::catalog::history_test
