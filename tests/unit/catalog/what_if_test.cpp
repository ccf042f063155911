#include "catalog/what_if.hpp"

#include "make_model.hpp"

#include <gtest/gtest.h>

namespace ark::catalog::what_if_test {
namespace {

std::string text(const result<std::int64_t>& n) {
  return n ? std::to_string(*n) : std::string(to_string(n.error().code));
}

TEST(ABreakEven, IsTheFirstCountThatSaves) {
  const auto count = [](const char* fixed, const char* before, const char* after) {
    return text(break_even_count(money_of(fixed), money_of(before), money_of(after)));
  };
  EXPECT_EQ(count("1", "0.3", "0.2"), "10");
  EXPECT_EQ(count("1.000000000000001", "0.3", "0.2"), "11") << "exactly, to the last decimal";
  EXPECT_EQ(count("0", "1", "2"), "0");
  EXPECT_EQ(count("-1", "1", "2"), "0");
  EXPECT_EQ(count("1", "0.2", "0.2"), "no_candidate");
  EXPECT_EQ(count("1", "0.1", "0.2"), "no_candidate");
  EXPECT_EQ(count("1000000", "0.000000000000001", "0"), "no_candidate");
}

TEST(ABreakEven, OfACacheCountsItsReads) {
  const model m = make_model({per_mtok("input", "3"), per_mtok("cache_read", "0.3"),
                              per_mtok("cache_write_5m", "3.75"), per_mtok("cache_write_1h", "6")});
  const auto five = break_even_of_cache(m, 1'000'000, false, {}).value();
  EXPECT_EQ(five.write.to_string(), "3.75");
  EXPECT_EQ(five.read.to_string(), "0.3");
  EXPECT_EQ(five.reads, 1);                                                 // 0.75 / 2.7
  EXPECT_EQ(break_even_of_cache(m, 1'000'000, true, {}).value().reads, 2);  // 3 / 2.7
  const model automatic = make_model({per_mtok("input", "2"), per_mtok("cache_read", "0.5")});
  EXPECT_EQ(break_even_of_cache(automatic, 1000, false, {}).value().reads, 0);
  EXPECT_EQ(break_even_of_cache(automatic, 1000, true, {}).error().code, errc::unsupported);
  const model dear = make_model({per_mtok("input", "2"), per_mtok("cache_read", "2")});
  EXPECT_EQ(break_even_of_cache(dear, 1000, false, {}).error().code, errc::no_candidate);
}

TEST(ABatch, SavesTheDifference) {
  const model m = make_model({per_mtok("input", "2"), per_mtok("output", "8"),
                              fee("multiplier", "0.5", "x", tier("batch"))});
  const auto saved = saving_of_batch(m, tokens(1'000'000, 100'000), {}).value();
  EXPECT_EQ(saved.at_once.to_string(), "2.8");
  EXPECT_EQ(saved.in_batch.to_string(), "1.4");
  EXPECT_EQ(saved.saved.to_string(), "1.4");
  const model none = make_model({per_mtok("input", "2"), per_mtok("output", "8")});
  EXPECT_EQ(saving_of_batch(none, tokens(1, 1), {}).error().code, errc::unsupported);
}

TEST(ATunedModel, PaysByItsCalls) {
  const model large = make_model({per_mtok("input", "10"), per_mtok("output", "40")}, "large");
  const model tuned =
      make_model({per_mtok("input", "1"), per_mtok("output", "4"), per_mtok("training", "3"),
                  fee("deployment", "20", "started_hour")},
                 "tuned");
  const auto pays =
      break_even_of_tuning(large, tokens(2000, 100), tuned, tokens(500, 100), 1'000'000, {})
          .value();
  EXPECT_EQ(pays.training.to_string(), "3");
  EXPECT_EQ(pays.hosting_each_hour.to_string(), "20");
  EXPECT_EQ(pays.calls, 130);            // 3 / (0.024 - 0.0009)
  EXPECT_EQ(pays.calls_each_hour, 866);  // 20 / 0.0231
  EXPECT_EQ(
      break_even_of_tuning(tuned, tokens(500, 100), tuned, tokens(500, 100), 1, {}).error().code,
      errc::no_candidate);
  const model yuan = make_model({per_mtok("input", "1"), per_mtok("output", "4")}, "y", "CNY");
  EXPECT_EQ(break_even_of_tuning(large, tokens(1, 1), yuan, tokens(1, 1), 0, {}).error().code,
            errc::unsupported);
}

TEST(AWhatIf, PricesTheSameTokensElsewhere) {
  usage u = tokens(1000, 100);
  u.cache_read = 9000;
  u.cache_write_1h = 500;
  u.units["web_search"] = 2;
  u.vendor_cost = money{money_of("1"), "USD"};
  const model other = make_model({per_mtok("input", "1"), per_mtok("output", "10")}, "other");
  const auto there = reprice(u, other, {.service_tier = "flex"});
  EXPECT_EQ(there.bill.cost.value.to_string(), "0.0115");
  EXPECT_EQ(there.assumptions,
            (std::vector<std::string>{"the same number of tokens: models count them differently",
                                      "cache_read has no price there: it costs as input",
                                      "cache_write_1h has no price there: it costs as input",
                                      "there is no service tier flex: the standard one",
                                      "web_search is not sold there: left out"}));
}

TEST(AWhatIf, KeepsWhatTheOtherModelSellsToo) {
  usage u = tokens(1000, 100);
  u.cache_read = 9000;
  const model other = make_model({per_mtok("input", "1"), per_mtok("cache_read", "0.1"),
                                  per_mtok("output", "10"), per_mtok("input", "0.5", tier("flex")),
                                  per_mtok("cache_read", "0.05", tier("flex")),
                                  per_mtok("output", "5", tier("flex"))});
  const auto there = reprice(u, other, {.service_tier = "flex"});
  EXPECT_EQ(there.bill.cost.value.to_string(), "0.00145");
  EXPECT_EQ(there.assumptions.size(), 1U);
  EXPECT_EQ(reprice(u, make_model({}), {}).bill.cost.status, cost_status::unknown);
}

}  // namespace
}  // namespace ark::catalog::what_if_test
