#include <gtest/gtest.h>

#include "cli/doctor.hpp"
#include "client/client_state.hpp"

// Calls themselves: tests/integration/cli.
namespace ark::cli {
namespace {

struct a_model_for_a_call : ::testing::Test {
  std::string chosen(const char* vendor) const {
    const auto* row = book.find_vendor(vendor);
    return row == nullptr ? "?" : cheapest_model(book, *row, at);
  }
  client c = standard_client();
  const catalog::book& book = *c.state()->parts().book;
  std::chrono::system_clock::time_point at{std::chrono::seconds{1'790'000'000}};
};

TEST_F(a_model_for_a_call, is_the_cheapest_of_the_rows_price_list) {
  const auto name = chosen("deepseek");
  const auto* best = book.find_model("deepseek", name);
  ASSERT_NE(best, nullptr) << name;
  const auto least = catalog::quote(*best, 100, 16, {.at = at});
  for (const auto* each : book.models()) {
    if (each->info.vendor != "deepseek" || each->info.mode != "chat" || !each->status.empty())
      continue;
    const auto price = catalog::quote(*each, 100, 16, {.at = at});
    if (price.status == cost_status::unknown) continue;
    EXPECT_GE(price.high, least.high) << each->info.model;
  }
  EXPECT_EQ(chosen("openai-responses"), chosen("openai")) << "they sell by one list";
}

TEST_F(a_model_for_a_call, is_none_where_no_price_is_known) { EXPECT_EQ(chosen("custom"), ""); }

}  // namespace
}  // namespace ark::cli
