#include "ledger/digest.hpp"

#include <gtest/gtest.h>

namespace ark::testing {
namespace {

using detail::cell;
using detail::row_digest;

detail::digest of(std::vector<cell> cells) {
  row_digest d;
  d.cells(cells);
  return d.finish();
}

TEST(digest_test, is_sha256) {
  detail::sha256 sum;
  sum.add("abc");
  EXPECT_EQ(detail::to_hex(sum.finish()),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(digest_test, hexadecimal_reads_back) {
  detail::sha256 sum;
  sum.add(std::int64_t{-2});
  const auto value = sum.finish();
  EXPECT_EQ(detail::digest_of_hex(detail::to_hex(value)), value);
  EXPECT_EQ(detail::digest_of_bytes(detail::bytes_of(value)), value);
  EXPECT_FALSE(detail::digest_of_hex("ba78"));
  EXPECT_FALSE(detail::digest_of_hex(std::string(64, 'G')));
  EXPECT_FALSE(detail::digest_of_bytes("short"));
}

/// The format is in files in the field: type, value, in order; libark/doc/ledger.md.
TEST(digest_test, a_rows_bytes_never_change) {
  detail::sha256 sum;
  sum.add(
      std::string_view("i\1\0\0\0\0\0\0\0"
                       "n"
                       "t\2\0\0\0ab",
                       17));
  EXPECT_EQ(of({{.kind = cell::type::integer, .number = 1},
                {},
                {.kind = cell::type::text, .text = "ab"}}),
            sum.finish());
}

TEST(digest_test, columns_that_a_later_schema_adds_change_nothing) {
  const cell one{.kind = cell::type::integer, .number = 1};
  EXPECT_EQ(of({one}), of({one, {}, {}}));
  EXPECT_NE(of({one, {}, one}), of({one, one}));
}

TEST(digest_test, values_do_not_run_into_each_other) {
  const auto text = [](std::string_view t) { return cell{.kind = cell::type::text, .text = t}; };
  EXPECT_NE(of({text("ab"), text("c")}), of({text("a"), text("bc")}));
  EXPECT_NE(of({text("1")}), of({{.kind = cell::type::integer, .number = 1}}));
  row_digest foreign;
  foreign.foreign();
  EXPECT_NE(foreign.finish(), of({}));
}

TEST(digest_test, a_row_of_any_length_is_taken_again_and_again) {
  row_digest d;
  const std::string long_text(10'000, 'x');
  for (int i = 0; i < 3; ++i) {
    d.clear();
    d.null();
    d.text(long_text);
    EXPECT_EQ(d.finish(), of({{}, {.kind = cell::type::text, .text = long_text}}));
    d.clear();
    d.integer(-1);
    EXPECT_EQ(d.finish(), of({{.kind = cell::type::integer, .number = -1}}));
  }
}

}  // namespace
}  // namespace ark::testing
