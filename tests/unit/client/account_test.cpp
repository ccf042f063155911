#include "client/account.hpp"
#include "toy.hpp"

#include <gtest/gtest.h>

namespace ark::testing {
namespace {

struct accounting : ::testing::Test {
  toy_book book;
  price_basis basis{
      .model = &book.priced,
      .quote = {
          .status = cost_status::interval, .currency = "USD", .high = *amount::parse("0.01")}};
  usage used{.input = 1000, .output = 500, .reported = true};
  attempt_outcome out;
};

TEST_F(accounting, whole_is_exact) {
  account_whole(out, used, basis);
  EXPECT_EQ(out.state, attempt_state::settled);
  EXPECT_EQ(out.cost.status, cost_status::exact);
  EXPECT_EQ(out.cost.value.to_string(), "0.002");
  EXPECT_EQ(out.cost.low, out.cost.high);
  EXPECT_FALSE(out.cost.price_hash.empty());
}

TEST_F(accounting, without_a_price_the_vendors_own_figure_stands_or_it_is_unknown) {
  basis.model = nullptr;
  account_whole(out, used, basis);
  EXPECT_EQ(out.cost.status, cost_status::unknown);
  EXPECT_EQ(out.state, attempt_state::settled);
  used.vendor_cost = money{*amount::parse("0.0031"), "USD"};
  account_whole(out, used, basis);
  EXPECT_EQ(out.cost.status, cost_status::exact);
  EXPECT_EQ(out.cost.value.to_string(), "0.0031");
  EXPECT_EQ(out.cost.price_hash, "vendor");
}

TEST_F(accounting, the_vendors_own_figure_is_the_bill_where_it_differs) {
  used.vendor_cost = money{*amount::parse("0.002"), "USD"};
  account_whole(out, used, basis);
  EXPECT_EQ(out.cost.price_hash, basis.model->hash) << "they agree";
  EXPECT_FALSE(out.computed);
  used.vendor_cost->value = *amount::parse("0.007");
  account_whole(out, used, basis);
  EXPECT_EQ(out.cost.status, cost_status::exact);
  EXPECT_EQ(out.cost.value.to_string(), "0.007") << "a fee that the catalogue does not know";
  EXPECT_EQ(out.cost.price_hash, "vendor");
  EXPECT_EQ(out.computed, (money{*amount::parse("0.002"), "USD"})) << "kept beside it";
  amount sum;
  for (const cost_line& line : out.lines) sum = *sum.plus(line.value);
  EXPECT_EQ(sum, out.computed->value);
}

TEST_F(accounting, a_model_that_costs_nothing_costs_nothing_whatever_was_used) {
  for (auto& price : book.priced.prices) price.value = {};
  basis.quote.high = {};
  account_whole(out, {}, basis);
  EXPECT_EQ(out.state, attempt_state::settled);
  EXPECT_EQ(out.cost.status, cost_status::exact);
  EXPECT_EQ(out.cost.value, amount{});
  basis.model = nullptr;
  attempt_outcome other;
  account_whole(other, {}, basis);
  EXPECT_EQ(other.state, attempt_state::ambiguous) << "another model answered";
}

TEST_F(accounting, tokens_that_the_vendor_does_not_explain_make_an_interval) {
  used.vendor_total = 1600;
  EXPECT_EQ(account_whole(out, used, basis), "");
  EXPECT_EQ(out.state, attempt_state::settled);
  EXPECT_EQ(out.cost.status, cost_status::interval);
  EXPECT_EQ(out.cost.low.to_string(), "0.002");
  EXPECT_EQ(out.cost.high.to_string(), "0.0022");
}

TEST_F(accounting, says_why_a_cost_is_unknown) {
  used.input_audio = 3;
  const std::string why = account_whole(out, used, basis);
  EXPECT_EQ(out.cost.status, cost_status::unknown);
  EXPECT_NE(why.find("input_audio"), std::string::npos) << why;
}

TEST_F(accounting, no_usage_is_an_interval_up_to_the_quote) {
  account_whole(out, {}, basis);
  EXPECT_EQ(out.state, attempt_state::ambiguous);
  EXPECT_EQ(out.cost.status, cost_status::interval);
  EXPECT_EQ(out.cost.high, basis.quote.high);
}

TEST_F(accounting, refusals_are_void_and_failures_are_not) {
  for (const int status : {400, 401, 404, 422, 429}) {
    account_rejected(out, {.http_status = status}, basis);
    EXPECT_EQ(out.state, attempt_state::void_) << status;
  }
  account_rejected(out, {.retry = retry_class::safe, .http_status = 503}, basis);
  EXPECT_EQ(out.state, attempt_state::void_);
  account_rejected(out, {.retry = retry_class::maybe_billed, .http_status = 502}, basis);
  EXPECT_EQ(out.state, attempt_state::ambiguous);
  EXPECT_EQ(out.cost.high, basis.quote.high);
  account_rejected(out, {.retry = retry_class::maybe_billed, .http_status = 408}, basis);
  EXPECT_EQ(out.state, attempt_state::ambiguous) << "it took too long: it may have been made";
}

TEST_F(accounting, a_broken_stream_costs_at_least_what_was_reported) {
  account_broken(out, used, basis);
  EXPECT_EQ(out.cost.low.to_string(), "0.002");
  EXPECT_EQ(out.cost.high.to_string(), "0.01");
  basis.quote = {};
  account_broken(out, used, basis);
  EXPECT_EQ(out.cost.status, cost_status::unknown) << "no quote, no upper end";
}

cost exact(const char* value, const char* currency = "USD") {
  const amount a = *amount::parse(value);
  return {.status = cost_status::exact, .currency = currency, .value = a, .low = a, .high = a};
}

TEST(add_cost, sums_attempts_of_one_currency) {
  cost total{.status = cost_status::void_};
  add_cost(total, exact("0.1"));
  add_cost(total, {.status = cost_status::void_});
  add_cost(total, exact("0.2"));
  EXPECT_EQ(total.status, cost_status::exact);
  EXPECT_EQ(total.value.to_string(), "0.3");
  add_cost(total,
           {.status = cost_status::interval, .currency = "USD", .high = *amount::parse("1")});
  EXPECT_EQ(total.status, cost_status::interval);
  EXPECT_EQ(total.low.to_string(), "0.3");
  EXPECT_EQ(total.high.to_string(), "1.3");
}

TEST(add_cost, is_unknown_over_currencies_and_unknowns) {
  cost total = exact("0.1");
  add_cost(total, exact("0.7", "CNY"));
  EXPECT_EQ(total.status, cost_status::unknown);
  total = exact("0.1");
  add_cost(total, {});
  EXPECT_EQ(total.status, cost_status::unknown);
}

}  // namespace
}  // namespace ark::testing
