#include "ledger_pg/pg_insert.hpp"

#include <gtest/gtest.h>

namespace ark::testing {
namespace {

TEST(pg_insert_test, the_place_in_the_chain_follows_the_rows_parameters) {
  for (const auto kind :
       {detail::row_kind::intent, detail::row_kind::outcome, detail::row_kind::correction}) {
    const auto rows = detail::rows_for(kind);
    const std::string sql = detail::insert_sql(kind, rows);
    const std::string last = std::to_string(rows.columns() + 2);
    EXPECT_NE(sql.find(",$" + last + " FROM"), std::string::npos) << sql;
    EXPECT_NE(sql.find("row_check,chain,segment)"), std::string::npos) << sql;
    EXPECT_NE(sql.find("INSERT INTO ark." + std::string(detail::table_of(kind)) + "("),
              std::string::npos);
    EXPECT_NE(sql.find("RETURNING"), std::string::npos);
  }
}

}  // namespace
}  // namespace ark::testing
