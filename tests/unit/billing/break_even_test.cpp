#include "billing/break_even.hpp"

#include "tests/unit/ledger/ledger_fixture.hpp"

namespace ark::billing {
namespace {

using testing::commit;
using testing::intent;
using testing::money_of;

/// Prices of one model of one vendor.
class one_model_book final : public catalog::book {
 public:
  one_model_book() {
    m_.info = {.id = "openai/gpt-6", .vendor = "openai", .model = "gpt-6", .currency = "USD"};
    const auto add = [&](const char* dimension, const char* value) {
      m_.prices.push_back({.dimension = dimension, .value = money_of(value), .unit = "Mtok"});
    };
    add("input", "10");
    add("cache_read", "1");
    add("cache_write_5m", "12.5");
    add("output", "20");
    catalog::price half{.dimension = "input", .value = money_of("5"), .unit = "Mtok"};
    half.when.service_tier = "batch";
    m_.prices.push_back(half);
    half.dimension = "output";
    half.value = money_of("10");
    m_.prices.push_back(half);
  }
  const vendor* find_vendor(std::string_view) const override { return nullptr; }
  std::vector<const vendor*> vendors() const override { return {}; }
  const std::vector<const catalog::model*>& models() const override { return all_; }
  const catalog::model* find_model(std::string_view vendor, std::string_view model) const override {
    return vendor == "openai" && model == "gpt-6" ? &m_ : nullptr;
  }
  result<resolved> resolve(std::string_view) const override { return error{}; }
  const catalog::model& model() const { return m_; }

 private:
  catalog::model m_;
  std::vector<const catalog::model*> all_{&m_};
};

class break_even_test : public testing::ledger_fixture {
 protected:
  void book_usage(std::uint64_t id, std::int64_t input, std::int64_t read, std::int64_t written,
                  std::int64_t seconds = 0) {
    if (!book) open();
    auto o = testing::outcome(id, "0.01");
    o.reply_model.clear();
    o.usage = {.input = input, .cache_read = read, .cache_write_5m = written, .reported = true};
    ASSERT_TRUE(commit(*to, {intent(id, seconds), o}));
  }
  one_model_book prices;
};

TEST_F(break_even_test, a_cache_pays_from_so_many_reads_on) {
  book_usage(1, 0, 0, 1000);
  book_usage(2, 0, 900, 0);
  book_usage(3, 50, 0, 0);  // has nothing to do with it
  const auto all = balance_of_cache(book, {}, prices).value();
  ASSERT_EQ(all.size(), 1u);
  const auto& b = all[0];
  EXPECT_EQ(b.attempts, 2);
  EXPECT_EQ(b.paid, money_of("0.0134"));    // 1000 * 12.5 + 900 * 1
  EXPECT_EQ(b.without, money_of("0.019"));  // 1900 * 10
  EXPECT_EQ(b.writes_extra, money_of("0.0025"));
  EXPECT_EQ(b.reads_saved, money_of("0.0081"));
  // 2500 / 9 = 277.8 tokens
  EXPECT_EQ(b.break_even_reads, 278);
}

TEST_F(break_even_test, writes_alone_never_pay) {
  book_usage(1, 0, 0, 1000);
  EXPECT_FALSE(balance_of_cache(book, {}, prices).value().at(0).break_even_reads.has_value());
}

TEST_F(break_even_test, batches_at_their_own_price) {
  book_usage(1, 1000, 0, 0);
  auto already = intent(2);
  already.operation = "batch";
  ASSERT_TRUE(commit(*to, {already, testing::outcome(2)}));
  const auto all = balance_of_batch(book, {}, prices).value();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].attempts, 1);
  EXPECT_EQ(all[0].single, money_of("0.01"));
  EXPECT_EQ(all[0].batch, money_of("0.005"));
}

TEST_F(break_even_test, what_the_catalogue_does_not_know_is_counted) {
  open();
  auto i = intent(1);
  i.model = "gpt-7";
  auto o = testing::outcome(1);
  o.reply_model.clear();
  ASSERT_TRUE(commit(*to, {i, o}));
  EXPECT_EQ(balance_of_batch(book, {}, prices).value().at(0).unpriced, 1);
}

TEST_F(break_even_test, tuning_counts_days_hosting_and_training) {
  book_usage(1, 100, 0, 0);
  book_usage(2, 100, 0, 0, 86'400);
  // In two days 0.02 were paid; tuned the calls are 2 * 0.001, hosting 2 * 0.004: 0.01 saved.
  const auto b =
      balance_of_tuning(book, {}, prices.model(), {money_of("0.021"), money_of("0.004")});
  ASSERT_TRUE(b);
  EXPECT_EQ(b->days, 2);
  EXPECT_EQ(b->saved_per_day, money_of("0.005"));
  EXPECT_EQ(b->break_even_days, 5);  // 4.2, and a day is whole
  const auto never = balance_of_tuning(book, {}, prices.model(), {{}, money_of("1")});
  EXPECT_FALSE(never->break_even_days.has_value());
  EXPECT_LT(never->saved_per_day.raw(), 0);
}

TEST_F(break_even_test, currencies_are_never_converted) {
  open();
  auto o = testing::outcome(1);
  o.cost.currency = "CNY";
  ASSERT_TRUE(commit(*to, {intent(1), o}));
  EXPECT_EQ(balance_of_tuning(book, {}, prices.model(), {}).error().code, errc::invalid_request);
}

}  // namespace
}  // namespace ark::billing
