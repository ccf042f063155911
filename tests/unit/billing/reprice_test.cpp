#include "billing/reprice.hpp"

#include "tests/unit/ledger/ledger_fixture.hpp"

namespace ark::billing {
namespace {

using testing::commit;

catalog::model priced_model(const char* input, const char* output) {
  catalog::model m;
  m.info = {.id = "v/m", .vendor = "v", .model = "m", .currency = "USD"};
  m.prices = {{.dimension = "input", .value = testing::money_of(input), .unit = "Mtok"},
              {.dimension = "output", .value = testing::money_of(output), .unit = "Mtok"}};
  return m;
}

class reprice_test : public testing::ledger_fixture {};

TEST_F(reprice_test, usage_at_other_prices_by_group) {
  open();
  ASSERT_TRUE(commit(*to, {testing::intent(1), testing::outcome(1, "0.25")}));
  ASSERT_TRUE(commit(*to, {testing::intent(2), testing::outcome(2, "0.5")}));
  ASSERT_TRUE(commit(*to, {testing::intent(3)}));
  const auto cheap = priced_model("1", "2");
  const auto r = reprice(book, {}, {"day", "model"}, {&cheap}).value();
  EXPECT_EQ(r.left_out, 1);
  ASSERT_EQ(r.lines.size(), 1u);
  EXPECT_EQ(r.lines[0].key, (std::vector<std::string>{"2026-11-21", "gpt-6"}));
  EXPECT_EQ(r.lines[0].booked, testing::money_of("0.75"));
  EXPECT_EQ(r.lines[0].others.at(0).priced, 2);
  // 2 * (100 * 1 + 20 * 2) / 1e6
  EXPECT_EQ(r.lines[0].others[0].cost, testing::money_of("0.00028"));
}

TEST_F(reprice_test, what_cannot_be_priced_is_counted_and_not_compared) {
  open();
  auto audio = testing::outcome(1, "0.25");
  audio.usage.input_audio = 5;
  ASSERT_TRUE(commit(*to, {testing::intent(1), audio}));
  ASSERT_TRUE(commit(*to, {testing::intent(2), testing::outcome(2, "0.5")}));
  auto text_only = priced_model("1", "2");
  text_only.prices.push_back({.dimension = "input_audio", .unit = "Mtok", .unknown = true});
  const auto r = reprice(book, {}, {}, {&text_only}).value();
  const auto& other = r.lines.at(0).others.at(0);
  EXPECT_EQ(other.priced, 1);
  EXPECT_EQ(other.unpriced, 1);
  EXPECT_NE(other.why_unpriced, "");
  EXPECT_EQ(other.booked, testing::money_of("0.5")) << "of the same attempts";
}

TEST_F(reprice_test, groups_have_names) {
  open();
  EXPECT_TRUE(reprice(book, {}, {"state"}, {}));
  ASSERT_TRUE(commit(*to, {testing::intent(1), testing::outcome(1)}));
  EXPECT_EQ(reprice(book, {}, {"colour"}, {}).error().code, errc::invalid_request);
}

}  // namespace
}  // namespace ark::billing
