#include <ark/money.hpp>

#include <gtest/gtest.h>

#include <random>

namespace ark {
namespace {

using rep = amount::rep;

constexpr rep largest = static_cast<rep>((static_cast<unsigned __int128>(1) << 127) - 1);
constexpr rep smallest = -largest - 1;

rep random_rep(std::mt19937_64& random) {
  const unsigned __int128 bits =
      static_cast<unsigned __int128>(random()) << 64 | static_cast<unsigned __int128>(random());
  return static_cast<rep>(bits) >> (random() % 127);
}

TEST(money, text_and_back) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"0", "0"},
      {"-0", "0"},
      {"0.00435", "0.00435"},
      {"+2", "2"},
      {"-2.50", "-2.5"},
      {"007", "7"},
      {".5", "0.5"},
      {"5.", "5"},
      {"0.000000000000001", "0.000000000000001"},
      {"-0.000000000000001", "-0.000000000000001"},
      {"100", "100"},
      {"170141183460469231731687.303715884105727", "170141183460469231731687.303715884105727"},
  };
  for (const auto& [text, printed] : cases) {
    const auto parsed = amount::parse(text);
    ASSERT_TRUE(parsed) << text;
    EXPECT_EQ(parsed->to_string(), printed);
  }
  EXPECT_EQ(amount::parse("0.003625")->raw(), 3'625'000'000'000);
  EXPECT_EQ(amount::from_raw(smallest).to_string(), "-170141183460469231731687.303715884105728");
  EXPECT_EQ(to_string(money{amount::parse("0.00435").value(), "USD"}), "0.00435 USD");
}

TEST(money, refuses_what_is_not_a_decimal) {
  for (const std::string_view text :
       {"", "-", "+", ".", "-.", "1e3", "1,5", " 1", "1 ", "1.2.3", "--1", "0x1", "nan", "inf",
        "1.0000000000000001", "\xd9\xa1"}) {
    const auto parsed = amount::parse(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code, errc::invalid_request);
  }
  for (const std::string& text : {std::string("170141183460469231731687.303715884105728"),
                                  std::string("170141183460469231731688"), std::string(5000, '9')})
    EXPECT_EQ(amount::parse(text).error().code, errc::too_large);
}

TEST(money, every_amount_prints_and_reads_back) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 20'000; ++i) {
    const amount a = amount::from_raw(random_rep(random));
    if (a.raw() == smallest) continue;
    EXPECT_EQ(amount::parse(a.to_string()).value(), a) << a.to_string();
  }
}

TEST(money, sums_are_checked) {
  const amount top = amount::from_raw(largest), one = amount::from_raw(1);
  EXPECT_EQ(top.plus(one).error().code, errc::too_large);
  EXPECT_EQ(amount::from_raw(smallest).minus(one).error().code, errc::too_large);
  EXPECT_EQ(amount::from_raw(0).minus(amount::from_raw(smallest)).error().code, errc::too_large);
  EXPECT_EQ(top.minus(one)->plus(one).value(), top);
  std::mt19937_64 random(2);
  for (int i = 0; i < 20'000; ++i) {
    const amount a = amount::from_raw(random_rep(random) >> 1);
    const amount b = amount::from_raw(random_rep(random) >> 1);
    EXPECT_EQ(a.plus(b).value(), b.plus(a).value());
    EXPECT_EQ(a.plus(b)->minus(b).value(), a);
    EXPECT_EQ(a < b, a.raw() < b.raw());
  }
}

TEST(money, prices_times_tokens_are_exact) {
  const amount price = amount::parse("2.50").value();  // for a million tokens
  EXPECT_EQ(price.times_ratio(1'234, 1'000'000)->to_string(), "0.003085");
  EXPECT_EQ(amount::parse("0.003625")->times_ratio(1, 1'000'000)->to_string(), "0.000000003625");
  EXPECT_EQ(price.times_ratio(0, 1'000'000)->raw(), 0);
  EXPECT_EQ(price.times_ratio(-2, 1)->to_string(), "-5");
}

TEST(money, a_ratio_that_cannot_be_held_is_an_error) {
  EXPECT_EQ(amount::parse("1")->times_ratio(1, 3).error().code, errc::invalid_request);
  EXPECT_EQ(amount::parse("1")->times_ratio(3, 3)->to_string(), "1");
  EXPECT_EQ(amount::from_raw(1).times_ratio(1, 2).error().code, errc::invalid_request);
  EXPECT_EQ(amount::parse("1")->times_ratio(1, 0).error().code, errc::invalid_request);
  EXPECT_EQ(amount::parse("1")->times_ratio(1, -1).error().code, errc::invalid_request);
  EXPECT_EQ(amount::from_raw(largest).times_ratio(2, 1).error().code, errc::too_large);
  EXPECT_EQ(amount::from_raw(largest).times_ratio(7, 7).value().raw(), largest);
}

TEST(money, a_ratio_is_what_integers_say) {
  std::mt19937_64 random(3);
  int exact = 0;
  for (int i = 0; i < 20'000; ++i) {
    const rep units = random_rep(random) >> 64;
    const auto quantity = static_cast<std::int64_t>(random() % 10'000'000);
    const std::int64_t per =
        i % 2 == 0 ? 1'000'000 : static_cast<std::int64_t>(1 + random() % 1000);
    const auto product = amount::from_raw(units).times_ratio(quantity, per);
    const bool divides = units * quantity % per == 0;
    ASSERT_EQ(product.has_value(), divides);
    EXPECT_TRUE(!divides || product->raw() == units * quantity / per);
    exact += divides ? 1 : 0;
  }
  EXPECT_GT(exact, 100);
}

}  // namespace
}  // namespace ark
