#include "ledger/row.hpp"

#include <gtest/gtest.h>

namespace ark::testing {
namespace {

using detail::cell;
using detail::row;

TEST(row_test, what_is_empty_is_null) {
  row r;
  r.text("");
  r.text("a");
  r.integer(0);
  r.skip(2);
  ASSERT_EQ(r.cells().size(), 5u);
  EXPECT_EQ(r.cells()[0].kind, cell::type::null);
  EXPECT_EQ(r.cells()[1].text, "a");
  EXPECT_EQ(r.cells()[2].kind, cell::type::integer);
  EXPECT_EQ(r.cells()[4].kind, cell::type::null);
}

TEST(row_test, an_amount_is_two_integers_of_one_sign) {
  row r;
  r.money(amount::parse("-1.0000000000025").value());
  ASSERT_EQ(r.cells().size(), 2u);
  EXPECT_EQ(r.cells()[0].number, -1'000'000);
  EXPECT_EQ(r.cells()[1].number, -2'500);
}

TEST(row_test, ends_stand_only_where_they_differ_and_an_unknown_cost_has_none) {
  const amount one = amount::parse("1").value(), two = amount::parse("2").value();
  row r;
  r.amounts({.status = cost_status::exact, .value = one, .low = one, .high = one});
  EXPECT_EQ(r.cells()[2].kind, cell::type::null);
  r.amounts({.status = cost_status::interval, .value = two, .low = one, .high = two});
  EXPECT_EQ(r.cells()[8].number, 1'000'000);
  r.amounts({});
  ASSERT_EQ(r.cells().size(), 18u);
  EXPECT_EQ(r.cells()[12].kind, cell::type::null);
}

TEST(row_test, notes_stay_where_they_are_until_the_row_is_cleared) {
  row r;
  std::string& first = r.note();
  first = "one";
  for (int i = 0; i < 100; ++i) r.note() = "more";
  r.text(first);
  EXPECT_EQ(r.cells()[0].text, "one");
  r.clear();
  EXPECT_TRUE(r.cells().empty());
  EXPECT_EQ(r.note(), "");
}

}  // namespace
}  // namespace ark::testing
