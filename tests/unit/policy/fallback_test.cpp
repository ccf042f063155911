#include "policy/fallback.hpp"

#include <gtest/gtest.h>

namespace ark::policy::fallback_test {
namespace {

amount usd(const char* text) { return *amount::parse(text); }
cost upto(const char* high, const char* currency = "USD") {
  return {.status = cost_status::interval, .currency = currency, .high = usd(high)};
}
const cost nothing{.status = cost_status::void_};
const cost unknown{};

TEST(fallback, what_the_next_model_must_be_by_class) {
  using enum fallback_need;
  const std::pair<errc, fallback_need> table[] = {{errc::invalid_request, none},
                                                  {errc::auth, other_vendor},
                                                  {errc::permission, other_vendor},
                                                  {errc::not_found, other_model},
                                                  {errc::context_length, larger_window},
                                                  {errc::content_filter, none},
                                                  {errc::rate_limit, other_model},
                                                  {errc::quota, other_vendor},
                                                  {errc::overloaded, other_model},
                                                  {errc::server, other_model},
                                                  {errc::timeout, other_vendor},
                                                  {errc::cancelled, none},
                                                  {errc::network, other_vendor},
                                                  {errc::tls, other_vendor},
                                                  {errc::truncated, other_model},
                                                  {errc::protocol, other_model},
                                                  {errc::too_large, none},
                                                  {errc::no_candidate, none},
                                                  {errc::budget, none},
                                                  {errc::ledger, none},
                                                  {errc::config, none},
                                                  {errc::unsupported, none},
                                                  {errc::internal, none},
                                                  {errc::circuit_open, other_model}};
  EXPECT_EQ(std::size(table), static_cast<std::size_t>(errc::circuit_open) + 1);
  for (const auto& [code, need] : table)
    EXPECT_EQ(need_after({.code = code}, {}), need) << to_string(code);
  EXPECT_EQ(need_after({.code = errc::content_filter}, {.on_content_filter = true}), other_model);
}

TEST(fallback, another_vendor_is_another_origin_too) {
  const failure_domain failed{"a", "https://a.example", "m", 1000};
  const failure_domain twin{"a-responses", "https://a.example", "m2", 1000};
  const failure_domain other{"b", "https://b.example", "m", 0};
  const auto need = fallback_need::other_vendor;
  EXPECT_NE(unfit_because(need, failed, twin), "");
  EXPECT_NE(unfit_because(need, failed, failed), "");
  EXPECT_EQ(unfit_because(need, failed, other), "");
  EXPECT_EQ(unfit_because(fallback_need::other_model, failed, twin), "");
  EXPECT_NE(unfit_because(fallback_need::other_model, failed, failed), "");
  EXPECT_NE(unfit_because(fallback_need::none, failed, other), "");
}

TEST(fallback, a_larger_window_must_be_known) {
  const failure_domain failed{"a", "o", "m", 1000};
  const auto need = fallback_need::larger_window;
  EXPECT_EQ(unfit_because(need, failed, {"a", "o", "m2", 1001}), "");
  EXPECT_NE(unfit_because(need, failed, {"a", "o", "m2", 1000}), "");
  EXPECT_NE(unfit_because(need, failed, {"a", "o", "m2", 0}), "");
  EXPECT_NE(unfit_because(need, {"a", "o", "m", 0}, {"a", "o", "m2", 1001}), "");
}

TEST(fallback, never_dearer_than_the_first_unless_allowed) {
  EXPECT_EQ(too_dear_because({}, {}, nothing, upto("0.02"), upto("0.02")), "");
  EXPECT_NE(too_dear_because({}, {}, nothing, upto("0.02"), upto("0.021")), "");
  EXPECT_NE(too_dear_because({}, {}, nothing, upto("0.02"), upto("0.01", "CNY")), "");
  EXPECT_EQ(too_dear_because({}, {}, nothing, upto("0.02"), upto("0", "CNY")), "") << "free";
  EXPECT_NE(too_dear_because({}, {}, nothing, upto("0.02"), unknown), "");
  EXPECT_NE(too_dear_because({}, {}, nothing, unknown, upto("0.01")), "");
  const fallback_rules any{.allow_dearer = true};
  EXPECT_EQ(too_dear_because(any, {}, nothing, upto("0.02"), upto("5")), "");
  EXPECT_EQ(too_dear_because(any, {}, nothing, upto("0.02"), unknown), "");
}

TEST(fallback, a_ceiling_decides_alone_and_counts_what_may_be_billed_already) {
  const fallback_rules any{.allow_dearer = true};
  EXPECT_EQ(too_dear_because({}, usd("0.05"), nothing, upto("0.02"), upto("0.05")), "");
  EXPECT_NE(too_dear_because(any, usd("0.05"), nothing, upto("0.02"), upto("0.051")), "");
  EXPECT_NE(too_dear_because(any, usd("0.05"), upto("0.02"), upto("0.02"), upto("0.04")), "");
  EXPECT_EQ(too_dear_because(any, usd("0.05"), upto("0.02"), upto("0.02"), upto("0.03")), "");
  EXPECT_NE(too_dear_because(any, usd("0.05"), nothing, upto("0.02"), unknown), "");
}

TEST(fallback, a_second_bill_needs_leave) {
  EXPECT_FALSE(may_pay_again({}, usd("100"), upto("0.01"), upto("0.01")));
  EXPECT_TRUE(may_pay_again({.allow_billed = true}, {}, upto("0.01"), unknown));
}

TEST(fallback, caps_hold_without_leave_too) {
  EXPECT_TRUE(within_caps({}, {}, upto("0.02"), unknown)) << "there are none";
  EXPECT_TRUE(within_caps({}, usd("0.03"), upto("0.02"), upto("0.01")));
  EXPECT_FALSE(within_caps({}, usd("0.03"), upto("0.02"), upto("0.011")));
}

TEST(fallback, all_caps_hold_for_the_sum_of_the_attempts) {
  const retry_policy cap{.max_billed_cost = usd("0.03")};
  EXPECT_TRUE(may_pay_again(cap, {}, upto("0.02"), upto("0.01")));
  EXPECT_FALSE(may_pay_again(cap, {}, upto("0.02"), upto("0.011")));
  EXPECT_FALSE(may_pay_again(cap, usd("0.029"), upto("0.02"), upto("0.01")));
  EXPECT_FALSE(may_pay_again(cap, {}, unknown, upto("0.01")));
  EXPECT_FALSE(may_pay_again(cap, {}, upto("0.01"), unknown));
  EXPECT_FALSE(may_pay_again(cap, {}, upto("0.01", "CNY"), upto("0.01")));
  EXPECT_TRUE(may_pay_again(cap, {}, nothing, upto("0.03")));
  EXPECT_FALSE(may_pay_again({.allow_billed = true}, usd("0.02"), upto("0.02"), upto("0.01")));
  EXPECT_TRUE(may_pay_again({.allow_billed = true}, usd("0.03"), upto("0.02"), upto("0.01")));
}

}  // namespace
}  // namespace ark::policy::fallback_test
