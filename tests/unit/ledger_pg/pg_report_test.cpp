#include "ledger_pg/pg_report.hpp"

#include <gtest/gtest.h>

namespace ark::testing {
namespace {

TEST(pg_report, sums_beyond_64_bits_are_read_whole) {
  EXPECT_TRUE(detail::parse_whole("6917529027640500001505437501") ==
              static_cast<__int128>(6'917'529'027'640'500'001LL) * 1'000'000'000 + 505'437'501);
  EXPECT_TRUE(detail::parse_whole("-12") == -12);
  for (const char* bad : {"", "-", "1.5", "NaN", "1e3", "123456789012345678901234567890123456789"})
    EXPECT_FALSE(detail::parse_whole(bad)) << bad;
}

}  // namespace
}  // namespace ark::testing
