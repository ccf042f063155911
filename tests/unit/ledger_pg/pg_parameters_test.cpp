#include "ledger_pg/pg_parameters.hpp"

#include <gtest/gtest.h>

namespace ark::testing {
namespace {

using namespace std::string_view_literals;

TEST(pg_parameters, a_column_is_an_array_in_the_servers_binary_form) {
  pg::column c(pg::type::int8);
  c.add(std::int64_t{258});
  c.add_null();
  EXPECT_EQ(c.bytes(),
            "\0\0\0\1"          // one dimension
            "\0\0\0\1"          // with NULLs
            "\0\0\0\x14"        // of int8
            "\0\0\0\2\0\0\0\1"  // two elements, from 1
            "\0\0\0\x8\0\0\0\0\0\0\1\2"
            "\xff\xff\xff\xff"sv);
  c.clear();
  c.add(std::int64_t{-1});
  EXPECT_EQ(c.bytes().substr(4, 4), "\0\0\0\0"sv) << "no NULL is left over";
  EXPECT_EQ(c.rows(), 1);
}

TEST(pg_parameters, text_goes_as_it_is) {
  pg::column c(pg::type::text);
  c.add("a\"{},\\"sv);
  EXPECT_EQ(c.bytes().substr(20), "\0\0\0\6a\"{},\\"sv);
  EXPECT_EQ(c.array_type(), pg::type::texts);
}

TEST(pg_parameters, numbers_nulls_and_empty_text_are_told_apart) {
  pg::parameters p;
  p.integer(1).text("").null(pg::type::text).integer(-2);
  const auto values = p.values();
  ASSERT_EQ(values.size(), 4u);
  EXPECT_EQ(std::string_view(values[0], 8), "\0\0\0\0\0\0\0\1"sv);
  EXPECT_NE(values[1], nullptr);
  EXPECT_EQ(values[2], nullptr);
  EXPECT_EQ(std::string_view(values[3], 8), "\xff\xff\xff\xff\xff\xff\xff\xfe"sv);
}

TEST(pg_parameters, bytes_go_as_they_are) {
  const std::string hash("a\0b", 3);
  pg::parameters p;
  p.bytes(hash).null(pg::type::bytea);
  EXPECT_EQ(p.types()[0], 17u);
  EXPECT_EQ(p.types()[1], 17u);
  EXPECT_EQ(std::string_view(p.values()[0], static_cast<std::size_t>(p.lengths()[0])), hash);
  EXPECT_EQ(p.values()[1], nullptr);
}

}  // namespace
}  // namespace ark::testing
