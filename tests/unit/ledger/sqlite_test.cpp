#include "ledger/sqlite.hpp"

#include "ledger_fixture.hpp"

namespace ark::testing {
namespace {

constexpr int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
constexpr std::chrono::milliseconds short_wait{40};

TEST(sqlite_statement, binds_and_reads) {
  auto db = sqlite::database::open(":memory:", flags, short_wait).value();
  auto query = db.prepare("SELECT ?1, ?2, ?3").value();
  query.bind(1, std::int64_t{-5});
  query.bind(2, std::string_view("it's; --"));
  ASSERT_EQ(query.step(), SQLITE_ROW);
  EXPECT_EQ(query.integer(0), -5);
  EXPECT_EQ(query.text(1), "it's; --");
  EXPECT_TRUE(query.is_null(2));
  EXPECT_EQ(query.text(2), "");
  query.reset();
  ASSERT_EQ(query.step(), SQLITE_ROW);
  EXPECT_TRUE(query.is_null(0)) << "reset unbinds";
}

TEST(sqlite_database, a_lock_that_stays_is_an_error_after_the_limit) {
  const temporary_directory folder;
  const std::string path = folder.file("x.db");
  auto holder = sqlite::database::open(path, flags, short_wait).value();
  ASSERT_TRUE(holder.run("CREATE TABLE t(a); BEGIN IMMEDIATE"));
  auto waiter = sqlite::database::open(path, flags, short_wait).value();
  const auto begun = std::chrono::steady_clock::now();
  const auto refused = waiter.run("BEGIN IMMEDIATE");
  const auto waited = std::chrono::steady_clock::now() - begun;
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::ledger);
  EXPECT_NE(refused.error().message.find("locked for too long"), std::string::npos);
  EXPECT_GE(waited, short_wait);
  EXPECT_LT(waited, std::chrono::seconds(5));
  ASSERT_TRUE(holder.run("COMMIT"));
  EXPECT_TRUE(waiter.run("BEGIN IMMEDIATE")) << "the wait starts anew";
}

TEST(sqlite_describe, says_what_to_do) {
  const auto said = [](int code) {
    return sqlite::describe(code, "/x/ledger.db", "record in", "detail").message;
  };
  EXPECT_NE(said(SQLITE_FULL).find("disk is full"), std::string::npos);
  EXPECT_NE(said(SQLITE_READONLY_DBMOVED).find("may not be written"), std::string::npos);
  EXPECT_NE(said(SQLITE_CORRUPT_INDEX).find("ark ledger salvage"), std::string::npos);
  EXPECT_NE(said(SQLITE_NOTADB).find("not a ledger"), std::string::npos);
  EXPECT_NE(said(SQLITE_MISUSE).find("detail (SQLite 21)"), std::string::npos);
  EXPECT_TRUE(sqlite::is_damage(SQLITE_CORRUPT_INDEX));
  EXPECT_FALSE(sqlite::is_damage(SQLITE_FULL));
}

}  // namespace
}  // namespace ark::testing
