#include "ledger/findings.hpp"

#include <gtest/gtest.h>

namespace ark::testing {
namespace {

using kind = ledger_finding::kind;

TEST(findings_test, the_first_bad_segment_and_row_come_first) {
  detail::findings a, b;
  a.add(kind::rollup, 0, 0, "sum");
  a.add(kind::row, 9, 4, "later");
  b.add(kind::row, 3, 8, "second");
  b.add(kind::row, 3, 7, "first");
  a.add(std::move(b));
  ledger_check check;
  std::move(a).give(check);
  ASSERT_EQ(check.findings.size(), 4u);
  EXPECT_EQ(check.findings[0].text, "first");
  EXPECT_EQ(check.findings[1].text, "second");
  EXPECT_EQ(check.findings[3].text, "sum");
}

TEST(findings_test, so_many_are_kept_and_all_are_counted) {
  detail::findings many;
  for (int i = 0; i < 1500; ++i) many.add(kind::page, 1, i, "x");
  ledger_check check;
  std::move(many).give(check);
  EXPECT_EQ(check.findings.size(), 1000u);
  EXPECT_EQ(check.more_findings, 500);
  EXPECT_FALSE(check.good());
}

TEST(findings_test, kinds_have_names) {
  EXPECT_EQ(to_string(kind::row), "row");
  EXPECT_EQ(to_string(kind::end), "end");
  EXPECT_EQ(to_string(kind::anchor), "anchor");
}

}  // namespace
}  // namespace ark::testing
