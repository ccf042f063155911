#include "ledger_pg/pg_anchor.hpp"

#include <gtest/gtest.h>

namespace ark::testing {
namespace {

detail::pg_anchor_content some_content() {
  detail::pg_anchor_content c{.seal = {.id = 7, .hash = {1, 2}}, .since = 3, .since_us = 5};
  c.sessions[42] = {.id = 9, .hash = {4}};
  c.sessions[17] = {.id = 1, .hash = {5}};
  c.lost = {{.session = 0, .head = {.id = 6, .hash = {3}}},
            {.session = 42, .head = {.id = 8, .hash = {}}}};
  return c;
}

TEST(pg_anchor_test, its_text_reads_back_and_nothing_else_does) {
  const auto c = some_content();
  const std::string text = to_text(c);
  EXPECT_EQ(detail::pg_anchor_of_text(text), c);
  for (std::size_t cut = 0; cut < text.size(); ++cut)
    EXPECT_FALSE(detail::pg_anchor_of_text(text.substr(0, cut)));
  EXPECT_FALSE(detail::pg_anchor_of_text(text + "x"));
  EXPECT_FALSE(detail::pg_anchor_of_text("ark-anchor 1" + text.substr(19)))
      << "a file's anchor is another thing";
}

TEST(pg_anchor_test, its_name_tells_servers_apart_and_has_no_secret) {
  const auto path = [](const char* text) { return detail::pg_anchor_path("", {.text = text}); };
  const std::string one = path("postgresql://ann@db.example/books");
  if (one.empty()) GTEST_SKIP() << "skipped: no home folder, or no libpq";
  EXPECT_NE(one.find("/anchors/ledger-books-"), std::string::npos) << one;
  EXPECT_EQ(one, path("host=db.example dbname=books user=bob sslmode=verify-full"));
  EXPECT_NE(one, path("postgresql://ann@db.example:5433/books"));
  EXPECT_NE(one, path("postgresql://ann@other.example/books"));
  EXPECT_NE(path("host=db.example dbname=b.c"), path("host=db.example dbname=b_c"));
  EXPECT_EQ(path("host=x dbname=../../evil").find(".."), std::string::npos);
  EXPECT_EQ(detail::pg_anchor_path("/there", {.text = "host=x"}), "/there");
}

}  // namespace
}  // namespace ark::testing
