#include "ledger/damaged_rows.hpp"

#include "salvage_support.hpp"

namespace ark::testing {
namespace {

using detail::row_kind;

/// The numbers of the intents that are found, those whose number cannot be right in brackets.
class damaged_rows_test : public salvage_fixture {
 protected:
  std::string intents(const std::string& bytes) {
    const auto file = detail::damaged_file::open(damaged(bytes)).value();
    rows = std::make_unique<detail::damaged_rows>(*file);
    std::string text;
    const auto none = [](auto&&...) { return result<void>(); };
    const auto done = rows->find({.row = [&](const detail::placed_row& row) -> result<void> {
                                    if (row.row.kind != row_kind::intent) return {};
                                    const auto number = std::to_string(row.sequence);
                                    text += row.is_misplaced ? "(" + number + ") " : number + " ";
                                    return {};
                                  },
                                  .segment = none,
                                  .session = none,
                                  .budget = none});
    EXPECT_TRUE(done);
    return text;
  }
  std::string gaps(row_kind kind, std::int64_t last) {
    std::string text;
    for (const auto& gap : rows->gaps(kind, last))
      text += std::to_string(gap.first) + "-" + std::to_string(gap.last) + " ";
    return text;
  }
  /// Where the row with this call begins: the size, of two bytes, and the number.
  std::size_t number_of(const std::string& call) {
    const std::size_t at = whole.rfind(call);
    const std::size_t page = at / page_bytes * page_bytes;
    std::size_t best = 0;
    for (std::size_t i = page + 8; whole[i] != 0 || whole[i + 1] != 0; i += 2) {
      const std::size_t cell = page + (static_cast<unsigned char>(whole[i]) << 8) +
                               static_cast<unsigned char>(whole[i + 1]);
      if (cell < at) best = std::max(best, cell);
    }
    return best + ((static_cast<unsigned char>(whole[best]) & 0x80) != 0 ? 2 : 1);
  }
  std::unique_ptr<detail::damaged_rows> rows;
};

TEST_F(damaged_rows_test, all_of_a_sound_file) {
  record_ten();
  settle();
  EXPECT_EQ(intents(whole), "1 2 3 4 5 6 7 8 9 10 ");
  EXPECT_EQ(gaps(row_kind::intent, 10), "");
  EXPECT_EQ(gaps(row_kind::outcome, 12), "11-12 ");
  EXPECT_TRUE(rows->damaged_pages().empty());
  EXPECT_EQ(rows->newer(), 0);
}

TEST_F(damaged_rows_test, a_number_out_of_order_is_not_believed) {
  record_ten();
  settle();
  const auto with = [&](const char* call, char number) {
    std::string bytes = whole;
    bytes[number_of(call)] = number;
    return intents(bytes);
  };
  EXPECT_EQ(with("call-5", 100), "1 2 3 4 (100) 6 7 8 9 10 ");
  EXPECT_EQ(gaps(row_kind::intent, 10), "5-5 ");
  EXPECT_EQ(with("call-5", 1), "1 2 3 4 (1) 6 7 8 9 10 ");
  EXPECT_EQ(with("call-5", 6), "1 2 3 4 (6) 6 7 8 9 10 ");
  EXPECT_EQ(with("call-5", 4), "1 2 3 4 (4) 6 7 8 9 10 ");
  EXPECT_EQ(with("call-10", 9), "1 2 3 4 5 6 7 8 9 (9) ");
}

TEST_F(damaged_rows_test, a_page_that_is_gone_is_a_gap) {
  record();
  const auto leaves = pages().at("intent leaf");
  ASSERT_GT(leaves.size(), 3u);
  const std::string first = sql(path, "SELECT min(seq) FROM intent");
  ASSERT_NE(intents(with_page(leaves[1], std::string(page_bytes, '\0'))), "");
  const auto found = gaps(row_kind::intent, static_cast<std::int64_t>(original["intent"].size()));
  EXPECT_EQ(std::count(found.begin(), found.end(), '-'), 1) << found;
}

TEST_F(damaged_rows_test, the_schema_and_inner_pages_are_not_needed) {
  record();
  const std::string all = intents(whole);
  std::string bytes = whole;
  bytes.replace(0, 2 * page_bytes, std::string(2 * page_bytes, '\0'));
  const auto all_pages = pages();
  for (const char* name : {"intent internal", "outcome internal"})
    for (const std::size_t page : all_pages.at(name))
      bytes.replace((page - 1) * page_bytes, page_bytes, std::string(page_bytes, '\0'));
  EXPECT_EQ(intents(bytes), all);
}

}  // namespace
}  // namespace ark::testing
