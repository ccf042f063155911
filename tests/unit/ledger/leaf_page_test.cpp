#include "ledger/leaf_page.hpp"

#include <algorithm>
#include <random>

#include "salvage_support.hpp"

namespace ark::testing {
namespace {

using detail::leaf_cells;
using detail::row_values;
using value_type = detail::stored_value::type;

/// A table of a database that SQLite made, and its pages.
class leaf_page : public ::testing::Test {
 protected:
  void make(const std::string& rows, const std::string& before = "") {
    sql(path, before + "CREATE TABLE t(id INTEGER PRIMARY KEY, a, b, c);" + rows);
    bytes = bytes_of_file(path);
  }
  std::string_view page(std::uint32_t number) const {
    constexpr std::size_t size = 4096;
    if (number == 0 || number * size > bytes.size()) return {};
    return std::string_view(bytes).substr((number - 1) * size, size);
  }
  temporary_directory folder;
  std::string path = folder.file("t.db"), bytes;
};

TEST_F(leaf_page, every_type_of_value) {
  make(
      "INSERT INTO t VALUES(1, NULL, 0, 1), (2, -1, 127, -32768), (3, 8388607, 2147483647, "
      "140737488355327), (4, 9223372036854775807, -9223372036854775807 - 1, 0.5), "
      "(5, 'text', x'0001', '')");
  const auto cells = leaf_cells(page(2), false);
  ASSERT_EQ(cells.size(), 5u);
  const auto number = [&](std::size_t row, std::size_t column) {
    const auto values = row_values(cells[row]->local).value();
    EXPECT_EQ(values.size(), 4u);
    EXPECT_EQ(values[0].kind, value_type::null) << "the key lies before the row";
    EXPECT_EQ(values[column].kind, value_type::integer);
    return values[column].number;
  };
  for (std::size_t i = 0; i < cells.size(); ++i)
    EXPECT_EQ(cells[i]->key, static_cast<std::int64_t>(i) + 1);
  EXPECT_EQ(number(0, 2), 0);
  EXPECT_EQ(number(0, 3), 1);
  EXPECT_EQ(number(1, 1), -1);
  EXPECT_EQ(number(1, 2), 127);
  EXPECT_EQ(number(1, 3), -32768);
  EXPECT_EQ(number(2, 1), 8388607);
  EXPECT_EQ(number(2, 2), 2147483647);
  EXPECT_EQ(number(2, 3), 140737488355327);
  EXPECT_EQ(number(3, 1), INT64_MAX);
  EXPECT_EQ(number(3, 2), INT64_MIN);
  EXPECT_EQ(row_values(cells[3]->local).value()[3].kind, value_type::real);
  const auto last = row_values(cells[4]->local).value();
  EXPECT_EQ(last[1].bytes, "text");
  EXPECT_EQ(last[2].kind, value_type::blob);
  EXPECT_EQ(last[3].kind, value_type::text);
  EXPECT_EQ(last[3].bytes, "");
}

TEST_F(leaf_page, the_first_page_has_the_files_head_before_it) {
  make("");
  ASSERT_EQ(leaf_cells(page(1), true).size(), 1u);
  EXPECT_EQ(row_values(leaf_cells(page(1), true)[0]->local).value()[0].bytes, "table");
  EXPECT_TRUE(leaf_cells(page(1), false).empty());
}

TEST_F(leaf_page, rows_of_all_lengths_go_on_on_other_pages) {
  std::string rows;
  for (const int size : {100, 4000, 4030, 4050, 4060, 4061, 4062, 4080, 4096, 8200, 100'000})
    rows += "INSERT INTO t VALUES(" + std::to_string(size) + ", printf('%.*c', " +
            std::to_string(size) + ", 'x'), 'end', 7);";
  make(rows);
  int found = 0;
  for (std::uint32_t n = 2; n * 4096 <= bytes.size(); ++n)
    for (const auto& cell : leaf_cells(page(n), false)) {
      if (!cell) continue;
      const auto row = detail::row_bytes(*cell, [&](std::uint32_t at) { return page(at); });
      const auto values = row ? row_values(*row) : std::nullopt;
      if (!values || values->size() != 4) continue;
      EXPECT_EQ((*values)[1].bytes, std::string(static_cast<std::size_t>(cell->key), 'x'));
      EXPECT_EQ((*values)[2].bytes, "end");
      ++found;
    }
  EXPECT_EQ(found, 11);
}

TEST_F(leaf_page, a_row_whose_rest_is_gone_is_none) {
  make("INSERT INTO t VALUES(1, printf('%.*c', 9000, 'x'), 0, 0)");
  const auto cell = leaf_cells(page(2), false).at(0).value();
  EXPECT_FALSE(detail::row_bytes(cell, [](std::uint32_t) { return std::string_view(); }));
  // One that leads to itself ends where the row's bytes do.
  const std::string loop = std::string("\0\0\0\5", 4) + std::string(4092, 'y');
  EXPECT_EQ(detail::row_bytes(cell, [&](std::uint32_t) { return std::string_view(loop); })->size(),
            cell.size);
}

TEST_F(leaf_page, whatever_the_bytes_are_nothing_leaves_the_page) {
  std::string rows;
  for (int i = 0; i < 40; ++i)
    rows += "INSERT INTO t VALUES(" + std::to_string(i) + ", 'some text', 12345, x'00ff');";
  make(rows);
  std::mt19937_64 chance(3);
  for (int i = 0; i < 20'000; ++i) {
    std::string copy(page(2));
    for (std::uint64_t n = 1 + chance() % 8; n > 0; --n)
      copy[chance() % (n % 2 == 0 ? copy.size() : 100)] = static_cast<char>(chance());
    if (i % 2 == 0) copy[0] = 13;
    for (const auto& cell : leaf_cells(copy, i % 100 == 0)) {
      if (!cell) continue;
      const auto row = detail::row_bytes(*cell, [&](std::uint32_t) { return page(2); });
      if (row) static_cast<void>(row_values(*row));
    }
  }
}

TEST(page_size, powers_of_two_within_bounds) {
  for (const std::size_t good : {512, 1024, 4096, 65'536}) EXPECT_TRUE(detail::is_page_size(good));
  for (const std::size_t bad : {0, 256, 1000, 131'072}) EXPECT_FALSE(detail::is_page_size(bad));
}

}  // namespace
}  // namespace ark::testing
